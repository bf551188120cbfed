import Engine
import JSON
import Testing

@Suite struct ContainerRecordTests {
    private func full() -> ContainerRecord {
        var record = ContainerRecord()
        record.id = "abc"
        record.name = "web"
        record.created = 1_700_000_000_123_456_789
        record.entrypoint = ["/bin/sh", "-c"]
        record.arguments = ["true"]
        record.labels = ["a": "b"]
        record.stopTimeout = 3
        record.restart.kind = .onFailure
        record.restart.maximumRetries = 4
        record.limits.memory = 1 << 40
        record.namespaces.pid = "host"
        record.healthcheck = .init()
        record.healthcheck?.test = ["CMD", "true"]
        var mount = ContainerRecord.Mount()
        mount.kind = .volume
        mount.source = "data"
        mount.destination = "/data"
        mount.isReadOnly = true
        record.mounts = [mount]
        var ulimit = ContainerRecord.Ulimit()
        ulimit.name = "nofile"
        ulimit.hard = -1
        record.ulimits = [ulimit]
        return record
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let text = full().value.text
        #expect(try ContainerRecord(JSONValue(parsing: Array(text.utf8))) == full())
    }

    @Test func membersOfANewerVersionSurviveARewrite() throws {
        let text = #"""
            {"id":"a","name":"n","created":1,"newer":[1,{"x":null}],
            "limits":{"memory":5,"novel":true},"mounts":[{"kind":"tmpfs","destination":"/t","later":7}]}
            """#
        var record = try ContainerRecord(JSONValue(parsing: Array(text.utf8)))
        record.name = "other"
        let again = record.value.text
        #expect(again.contains(#""newer":[1,{"x":null}]"#) && again.contains(#""novel":true"#))
        #expect(again.contains(#""later":7"#) && again.contains(#""name":"other""#))
    }

    @Test func aWrongMemberIsNamedWithItsPlace() throws {
        let value = try JSONValue(
            parsing: Array(#"{"id":"a","name":"n","created":1,"restart":{"policy":"never"}}"#.utf8))
        let error = #expect(throws: JSONError.self) { try ContainerRecord(value) }
        #expect(error?.path == "restart.policy")
    }
}
