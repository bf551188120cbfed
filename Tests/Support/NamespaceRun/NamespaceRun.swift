import Foundation

/// What a shell script printed in new network, mount and pid namespaces.
package struct NamespaceRun: CustomStringConvertible {
    package let output: String
    package let code: Int32

    package static let isPossible = getuid() == 0

    /// Runs `script`, which ends at the first command that fails.
    ///
    /// The programs this package builds are last in the search path, for one is called bridge as iproute2's is.
    /// `namespace NAME` makes a network namespace with that name, `inside NAME COMMAND...` runs a command there.
    package init(_ script: String) throws {
        let tools = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path
        let beginning = """
            set -eu; PATH=$PATH:'\(tools)'; mount -t tmpfs none /run
            namespace() { ip netns add "$1"; ip -n "$1" link set lo up; }
            inside() { ip netns exec "$@"; }
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = [
            "-s", "KILL", "120", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
            beginning + "\n" + script,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        output = String(decoding: bytes, as: UTF8.self)
        code = process.terminationStatus
    }

    package var description: String { "\(code): \(output)" }

    package var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The objects `ip -j` printed in the last line which begins with `[{`; empty when there is none.
    package func objects() throws -> [[String: Any]] {
        guard let line = lines.last(where: { $0.hasPrefix("[{") }) else { return [] }
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [[String: Any]]
        return (value ?? []).filter { !$0.isEmpty }
    }
}
