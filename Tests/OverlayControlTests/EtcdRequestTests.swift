import JSON
import OverlayControl
import Testing

@Suite struct EtcdRequestTests {
    @Test func aTransactionIsConditionsOperationsAndReadings() {
        let transaction = StoreTransaction(
            conditions: [
                .absent("a"), .present("b"), .unchanged("c", since: 7), .holds("d", [0, 255]),
            ],
            operations: [
                .put("e", Array("v".utf8), lease: StoreLease(id: 9_007_199_254_740_993)),
                .put("f", [], lease: nil), .delete("g"), .deletePrefix("h/"),
            ], otherwise: ["i"])
        #expect(
            EtcdRequest.transaction(transaction).text == #"""
                {"compare":[{"key":"YQ==","result":"EQUAL","target":"CREATE","create_revision":"0"},\#
                {"key":"Yg==","result":"GREATER","target":"CREATE","create_revision":"0"},\#
                {"key":"Yw==","result":"EQUAL","target":"MOD","mod_revision":"7"},\#
                {"key":"ZA==","result":"EQUAL","target":"VALUE","value":"AP8="}],\#
                "success":[{"request_put":{"key":"ZQ==","value":"dg==","lease":"9007199254740993"}},\#
                {"request_put":{"key":"Zg==","value":""}},{"request_delete_range":{"key":"Zw=="}},\#
                {"request_delete_range":{"key":"aC8=","range_end":"aDA="}}],\#
                "failure":[{"request_range":{"key":"aQ=="}}]}
                """#)
    }

    @Test func aPageBeginsBehindTheLastKeyOfTheOneBefore() {
        #expect(
            EtcdRequest.page("a/", after: nil, at: nil, limit: 5).text
                == #"{"key":"YS8=","range_end":"YTA=","limit":"5"}"#)
        #expect(
            EtcdRequest.page("a/", after: Array("a/b".utf8), at: 3, limit: 5).text
                == #"{"key":"YS9iAA==","range_end":"YTA=","limit":"5","revision":"3"}"#)
    }

    @Test func anEmptyPrefixIsEverything() {
        #expect(
            EtcdRequest.page("", after: nil, at: nil, limit: 1).text
                == #"{"key":"AA==","range_end":"AA==","limit":"1"}"#)
    }

    @Test func aWatchHasItsNumberAndItsBeginning() {
        #expect(
            EtcdRequest.watch("a/", id: 2, from: 8).text
                == #"{"create_request":{"key":"YS8=","range_end":"YTA=","start_revision":"8","watch_id":"2","progress_notify":true}}"#
        )
        #expect(EtcdRequest.progress.text == #"{"progress_request":{}}"#)
    }
}

@Suite struct StoreTransactionTests {
    private let put = StoreTransaction.Operation.put("a/b", [], lease: nil)

    @Test func whatContradictsItselfIsRefusedBeforeItIsSent() {
        #expect(StoreTransaction(operations: [put, put]).flaw != nil)
        #expect(StoreTransaction(operations: [put, .delete("a/b")]).flaw != nil)
        #expect(StoreTransaction(operations: [.deletePrefix("a/"), put]).flaw != nil)
        #expect(StoreTransaction(operations: [put, .delete("a/c"), .deletePrefix("b/")]).flaw == nil)
    }

    @Test(arguments: ["", "a\u{0}b"]) func aKeyIsAName(_ key: String) {
        #expect(StoreTransaction(operations: [.delete(key)]).flaw != nil)
        #expect(StoreTransaction(conditions: [.absent(key)], operations: []).flaw != nil)
        #expect(StoreTransaction(operations: [], otherwise: [key]).flaw != nil)
    }

    @Test func thereIsALimitOfParts() {
        let many = (0..<129).map { StoreTransaction.Operation.delete("\($0)") }
        #expect(StoreTransaction(operations: many).flaw != nil)
        #expect(StoreTransaction(operations: Array(many.dropFirst())).flaw == nil)
    }

    @Test func onlyWhatHasNoConditionIsRepeated() {
        #expect(StoreTransaction(operations: [put]).isRepeatable)
        #expect(!StoreTransaction(conditions: [.absent("a/b")], operations: [put]).isRepeatable)
    }
}
