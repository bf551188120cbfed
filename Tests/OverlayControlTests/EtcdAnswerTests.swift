import JSON
import OverlayControl
import Testing

/// Answers as etcd 3.4.23 gave them.
@Suite struct EtcdAnswerTests {
    private let header =
        #""header":{"cluster_id":"14841639068965178418","member_id":"10276657743932975437","revision":"4","raft_term":"2"}"#

    @Test func aDoneTransactionSaysSo() throws {
        let text =
            #"{\#(header),"succeeded":true,"responses":[{"response_put":{"header":{"revision":"4"}}}]}"#
        #expect(try EtcdAnswer.commit(reader(text)) == StoreCommit(isDone: true, revision: 4, found: []))
    }

    @Test func oneThatIsNotDoneSaysWhatThereIs() throws {
        let text = #"""
            {\#(header),"responses":[{"response_range":{"header":{"revision":"4"},"kvs":[{"key":"YS8x",\#
            "create_revision":"2","mod_revision":"3","version":"1","value":"dg==","lease":"77"}],"count":"1"}},\#
            {"response_range":{"header":{"revision":"4"}}}]}
            """#
        let entry = StoreEntry(
            key: "a/1", value: Array("v".utf8), createRevision: 2, modRevision: 3, isLeased: true)
        #expect(
            try EtcdAnswer.commit(reader(text)) == StoreCommit(isDone: false, revision: 4, found: [entry]))
    }

    @Test func aPageSaysWhetherThereIsMore() throws {
        let more = try EtcdAnswer.page(
            reader(#"{\#(header),"kvs":[{"key":"YQ=="}],"more":true,"count":"2"}"#))
        #expect(more.entries.map(\.key) == ["a"] && more.last == Array("a".utf8) && more.revision == 4)
        #expect(try EtcdAnswer.page(reader("{\(header)}")).last == nil)
    }

    @Test func aKeyWhichIsNoTextIsLeftOutAndCounted() throws {
        // FF 61: no UTF-8.
        let page = try EtcdAnswer.page(
            reader(#"{\#(header),"kvs":[{"key":"YQ=="},{"key":"/2E="}],"more":true}"#))
        #expect(page.entries.map(\.key) == ["a"] && page.strangers == 1 && page.last == [0xFF, 0x61])
    }

    @Test func numbersMayBeNumbers() throws {
        let page = try EtcdAnswer.page(
            reader(#"{"header":{"revision":4},"kvs":[{"key":"YQ==","mod_revision":3}]}"#))
        #expect(page.revision == 4 && page.entries.first?.modRevision == 3)
    }

    @Test func aLeaseThatHasGoneHasNoTime() throws {
        #expect(try EtcdAnswer.keepAlive(reader(#"{"result":{\#(header),"ID":"77","TTL":"5"}}"#)))
        #expect(try !EtcdAnswer.keepAlive(reader(#"{"result":{\#(header),"ID":"77"}}"#)))
    }

    @Test(arguments: [
        "null", "[]", "7", "{}", #"{"header":7}"#, #"{"header":{"revision":"x"}}"#,
        #"{"header":{"revision":"9223372036854775807"}}"#, #"{"header":{"revision":9223372036854775807}}"#,
        #"{"header":{"revision":"-9223372036854775808"}}"#,
        #"{"header":{"revision":"99999999999999999999"}}"#, #"{"header":{"revision":1.5}}"#,
        #"{"header":{},"kvs":{}}"#, #"{"header":{},"kvs":[7]}"#, #"{"header":{},"kvs":[{}]}"#,
        #"{"header":{},"kvs":[{"key":"a"}]}"#, #"{"header":{},"kvs":[{"key":"YQ==","value":7}]}"#,
        #"{"header":{},"more":"yes"}"#,
    ]) func whatIsNoPageIsAnError(_ text: String) throws {
        #expect(throws: JSONError.self) { try EtcdAnswer.page(reader(text)) }
    }

    @Test(arguments: [
        (
            #"{"error":"etcdserver: requested lease not found","message":"etcdserver: requested lease not found","code":5}"#,
            EtcdRefusal.Meaning.failed(.leaseGone)
        ),
        (
            #"{"error":"etcdserver: mvcc: required revision has been compacted","message":"etcdserver: mvcc: required revision has been compacted","code":11}"#,
            .compacted
        ),
        (
            #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader","http_status":"Service Unavailable"}}"#,
            .failed(.noQuorum("etcdserver: no leader"))
        ),
        (
            #"{"error":"x","message":"etcdserver: request timed out","code":14}"#,
            .failed(.noQuorum("etcdserver: request timed out"))
        ),
        (
            #"{"error":"x","message":"etcdserver: mvcc: database space exceeded","code":8}"#,
            .failed(.full("etcdserver: mvcc: database space exceeded"))
        ),
        (
            #"{"error":"x","message":"etcdserver: permission denied","code":7}"#,
            .failed(.refused("etcdserver: permission denied"))
        ),
        (#"{"error":"x","message":"etcdserver: invalid auth token","code":16}"#, .needsToken),
        (#"{"code":16,"message":"etcdserver: invalid auth token","details":[]}"#, .needsToken),
        (#"{"error":"x","message":"etcdserver: authentication is not enabled","code":9}"#, .needsNoToken),
    ]) func aRefusalHasAMeaning(_ text: String, _ meaning: EtcdRefusal.Meaning) throws {
        #expect(EtcdRefusal(try reader(text))?.meaning == meaning)
    }

    @Test(arguments: [
        "{}", "null", #"{"error":7}"#, #"{"error":{}}"#, #"{"code":5}"#, #"{"header":{"revision":"1"}}"#,
    ])
    func whatIsNoRefusalIsNone(_ text: String) throws { #expect(EtcdRefusal(try reader(text)) == nil) }

    @Test func onlyWhoHasNoLeaderHasCertainlyDoneNothing() {
        #expect(EtcdRefusal(code: 14, message: "etcdserver: no leader").isCertain)
        #expect(!EtcdRefusal(code: 14, message: "etcdserver: request timed out").isCertain)
        #expect(EtcdRefusal(code: 16, message: "etcdserver: invalid auth token").isCertain)
    }
}

@Suite struct EtcdWatchMessageTests {
    @Test func eventsArePutsAndDeletions() throws {
        let text = #"""
            {"result":{"header":{"revision":"9"},"watch_id":"2","events":[\#
            {"kv":{"key":"YS8x","create_revision":"2","mod_revision":"7","version":"1","value":"dg=="}},\#
            {"type":"DELETE","kv":{"key":"Yi8y","mod_revision":"8"}}]}}
            """#
        let entry = StoreEntry(
            key: "a/1", value: Array("v".utf8), createRevision: 2, modRevision: 7, isLeased: false)
        // The header is ahead of what is told.
        #expect(
            try EtcdWatchMessage(reader(text))
                == .changes(id: 2, revision: 8, [.put(entry), .deleted(key: "b/2")]))
    }

    @Test(arguments: [
        (
            #"{"result":{"header":{"revision":"1"},"watch_id":"1","created":true}}"#,
            EtcdWatchMessage.created(id: 1)
        ),
        (#"{"result":{"header":{"revision":"4"},"watch_id":"-1"}}"#, .progress),
        (#"{"result":{"header":{"raft_term":"2"},"canceled":true,"compact_revision":"3"}}"#, .compacted(3)),
        (
            #"{"result":{"header":{"revision":"6"},"watch_id":"-1","created":true,"canceled":true,"cancel_reason":"rpc error: code = PermissionDenied desc = etcdserver: permission denied"}}"#,
            .cancelled(reason: "rpc error: code = PermissionDenied desc = etcdserver: permission denied")
        ),
        (
            #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}}"#,
            .failed(EtcdRefusal(code: 14, message: "etcdserver: no leader"))
        ),
    ]) func everyOtherMessageIsKnown(_ text: String, _ message: EtcdWatchMessage) throws {
        #expect(try EtcdWatchMessage(reader(text)) == message)
    }

    @Test(arguments: [
        "{}", "[]", "7", #"{"result":7}"#, #"{"error":7}"#, #"{"result":{"events":[{}]}}"#,
        #"{"result":{"events":[{"kv":{"key":"YQ=="},"type":"MOVE"}]}}"#,
        #"{"result":{"events":[{"kv":{"key":"YQ==","mod_revision":"-x"}}]}}"#,
        #"{"result":{"watch_id":"99999999999999999999"}}"#,
    ]) func whatIsNoMessageIsAnError(_ text: String) throws {
        #expect(throws: JSONError.self) { try EtcdWatchMessage(reader(text)) }
    }
}

private func reader(_ text: String) throws -> JSONReader {
    JSONReader(try JSONValue(parsing: Array(text.utf8)))
}
