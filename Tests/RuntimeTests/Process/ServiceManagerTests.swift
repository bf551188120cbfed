import OCISpec
import Testing

@testable import Runtime

@Suite struct ServiceManagerTests {
    private func manager(_ variables: [String: String]) -> ServiceManager {
        ServiceManager(processID: 42) { variables[$0] }
    }

    @Test(arguments: [
        (pid: "42", count: "2", sockets: 2), ("43", "2", 0), ("", "2", 0), ("42", "", 0), ("42", "-1", 0),
        ("42", "x", 0), ("42", "0", 0), ("42", "99999999999", 0), ("42 ", "1", 0),
    ])
    func socketsBelongToTheProcessWhichIsNamed(_ row: (pid: String, count: String, sockets: Int32)) {
        let read = manager(["LISTEN_PID": row.pid, "LISTEN_FDS": row.count, "LISTEN_FDNAMES": "a:b"])
        #expect(read.socketCount == row.sockets)
        #expect(read.socketNames == (row.sockets > 0 ? "a:b" : nil))
    }

    @Test func anEmptyNotifySocketIsNone() {
        #expect(manager(["NOTIFY_SOCKET": ""]).notifySocket == nil)
        #expect(manager(["NOTIFY_SOCKET": "@x"]).notifySocket == "@x")
    }

    @Test func theContainerIsToldLast() {
        var configuration = Configuration()
        configuration.process = Process()
        configuration.process?.env = ["LISTEN_FDS=9"]
        manager(["LISTEN_PID": "42", "LISTEN_FDS": "1", "NOTIFY_SOCKET": "/m"])
            .extend(&configuration, directory: "/state/c/notify")
        #expect(
            configuration.process?.env == [
                "LISTEN_FDS=9", "LISTEN_FDS=1", "LISTEN_PID=1", "NOTIFY_SOCKET=/run/notify/notify.sock",
            ])
        #expect(configuration.mounts.map(\.destination) == ["/run/notify"])
        #expect(configuration.mounts.map(\.source) == ["/state/c/notify"])
        #expect(configuration.mounts[0].options.contains("ro"))
    }

    @Test func withoutAManagerNothingChanges() {
        var configuration = Configuration()
        configuration.process = Process()
        ServiceManager().extend(&configuration, directory: "/state/c/notify")
        #expect(configuration.process?.env == [] && configuration.mounts.isEmpty)
    }
}
