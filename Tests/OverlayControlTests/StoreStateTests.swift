import JSON
import OverlayControl
import Testing

@Suite struct StoreStateTests {
    private var state = StoreState()

    @Test mutating func revisionsAreThoseOfEtcd() throws {
        #expect(try commit([.put("a", [1], lease: nil)]).commit.revision == 2)
        #expect(try commit([.put("a", [2], lease: nil), .put("b", [3], lease: nil)]).commit.revision == 3)
        let entries = state.list([""]).entries
        #expect(entries.map(\.createRevision) == [2, 3] && entries.map(\.modRevision) == [3, 3])
        // What changes nothing has no revision.
        #expect(try commit([.delete("c")]).commit.revision == 3)
        #expect(try commit([.deletePrefix("")]).changes == [.deleted(key: "a"), .deleted(key: "b")])
        // A key that comes again is a new one.
        #expect(try commit([.put("a", [], lease: nil)]).commit.revision == 5)
        #expect(state.list(["a"]).entries.first?.createRevision == 5)
    }

    @Test(arguments: [
        (StoreTransaction.Condition.absent("a"), false), (.absent("b"), true), (.present("a"), true),
        (.present("b"), false), (.unchanged("a", since: 2), true), (.unchanged("a", since: 1), false),
        (.unchanged("b", since: 0), true), (.holds("a", [1]), true), (.holds("a", []), false),
        (.holds("b", []), false),
    ]) mutating func conditionsHoldOrNot(_ condition: StoreTransaction.Condition, _ holds: Bool) throws {
        _ = try commit([.put("a", [1], lease: nil)])
        let outcome = try commit([.put("c", [], lease: nil)], if: [condition], otherwise: ["a", "b"])
        #expect(outcome.commit.isDone == holds)
        #expect(outcome.commit.found.map(\.key) == (holds ? [] : ["a"]))
        #expect(state.list(["c"]).entries.isEmpty == !holds)
    }

    @Test mutating func aLeaseTakesItsKeysWithIt() throws {
        let lease = StoreLease(id: 1)
        _ = try commit([.put("a", [], lease: lease), .put("b", [], lease: lease), .put("c", [], lease: nil)])
        // Written anew without: it stays.
        _ = try commit([.put("b", [], lease: nil)])
        #expect(state.end(lease) == [.deleted(key: "a")])
        #expect(state.list([""]).entries.map(\.key) == ["b", "c"])
        #expect(state.end(lease).isEmpty && state.revision == 4)
    }

    @Test mutating func onlyWhatLastsHasToBeWritten() throws {
        let lease = StoreLease(id: 1)
        #expect(try !commit([.put("a", [], lease: lease)]).isLasting)
        #expect(try commit([.put("a", [], lease: nil)]).isLasting)
        #expect(try commit([.put("a", [], lease: lease)]).isLasting)
        #expect(try !commit([.delete("a")]).isLasting)
        #expect(state.lasting.isEmpty)
    }

    @Test mutating func aLeaseThatHasGoneTakesNothing() throws {
        var state = state
        #expect(throws: StoreError.leaseGone) {
            try state.commit(.init(operations: [.put("a", [], lease: StoreLease(id: 2))])) { _ in false }
        }
        #expect(state == self.state)
    }

    @Test mutating func theFileComesBackAsItWas() throws {
        _ = try commit([.put("a/é", Array("{\"x\":1}".utf8), lease: nil), .put("b", [0, 255], lease: nil)])
        _ = try commit([.put("c", [], lease: StoreLease(id: 1))])
        let again = try StoreState(JSONReader(JSONValue(parsing: Array(state.json.prettyText().utf8))))
        #expect(again.list([""]).entries == state.lasting && again.revision == state.revision)
    }

    @Test(arguments: [
        "{}", #"{"version":2,"revision":1}"#, #"{"version":1,"revision":0}"#,
        #"{"version":1,"revision":1,"entries":[{"key":"a","value":"","created":1,"changed":2}]}"#,
        #"{"version":1,"revision":1,"entries":[{"key":"a","created":1,"changed":1}]}"#,
        #"{"version":1,"revision":1,"entries":[{"key":"a","base64":"x","created":1,"changed":1}]}"#,
    ]) func aFileThatIsNoneIsRefused(_ text: String) throws {
        let reader = JSONReader(try JSONValue(parsing: Array(text.utf8)))
        #expect(throws: JSONError.self) { try StoreState(reader) }
    }

    private mutating func commit(
        _ operations: [StoreTransaction.Operation], if conditions: [StoreTransaction.Condition] = [],
        otherwise: [String] = []
    ) throws -> StoreState.Outcome {
        try state.commit(.init(conditions: conditions, operations: operations, otherwise: otherwise)) { _ in
            true
        }
    }
}
