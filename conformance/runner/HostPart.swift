import CommandWords
import HostCases
import Kernel
import Suite

/// `host`: checks a program that calls CNI plugins.
struct HostPart: Part {
    let verb = Verb(
        "host", "check a program that calls CNI plugins, by what its plugins see", usage: "-- <command>...",
        subject: "host's command", positionals: 1...64,
        options: [
            .value("front", "how the host is called: cnitool (default), podman or ctr")
        ] + RunOptions.options, passesRestOn: true,
        details: """
            The command is called as COMMAND VERB NETWORK NETNS, VERB being add, del, check, status or gc, with cnitool's
               variables: NETCONFPATH (configurations), CNI_PATH (plugins), CNI_IFNAME, CNI_ARGS, CAP_ARGS. A script in front of
               any other host does the same; its exit code 64 means that the host has no such operation.
               Examples: apus-conformance host -- /usr/local/bin/apus-cni
                         apus-conformance host --front podman -- /usr/bin/podman
            """)
    let catalogues = [hostCatalogue]
    var entries: [CaseEntry] { hostSections.flatMap(\.entries) }

    func prepare(_ arguments: Arguments) throws(Failure) -> Preparation {
        guard effectiveUserID() == 0 else {
            throw Failure("a host is checked in namespaces of its own, which takes root")
        }
        let front =
            try arguments.parsed("front", "cnitool, podman or ctr") { Front(rawValue: $0) } ?? .cnitool
        var command = arguments.positionals
        let name = command[0]
        guard let program = name.contains("/") ? try absolute(name) : findProgram(name), fileExists(program)
        else {
            throw Failure("there is no program \(name)")
        }
        command[0] = program
        let host = Host(command: command, front: front)
        return Preparation(
            subject: "host \(command.joined(separator: " "))",
            cases: hostSections.flatMap { $0.bound(to: host) },
            enclosure: Enclosure(
                emptied: ["/run", "/tmp", "/var/tmp", "/var/lib", "/dev/shm"],
                kept: folders(of: command)))
    }

    /// The folders of the programs among the words: a script has what it calls beside it.
    private func folders(of command: [String]) -> [String] {
        command.filter { $0.hasPrefix("/") }.map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
            .filter { !$0.isEmpty }
    }
}
