import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel

/// A plugin which does as its configuration says: `fail` names the verb to fail at; `l2` answers no address.
enum Echo: Plugin {
    struct Configuration: Sendable {
        var fail = ""
        var isLayer2 = false
        var mark = ""
    }

    static let name = "echo"
    static let help = "Answers what it is told."
    static let supportedVersions = CNIVersion.allCases

    static func decode(_ reader: JSONReader) throws(JSONError) -> Configuration {
        Configuration(
            fail: try reader.optional("fail")?.string() ?? "",
            isLayer2: try reader.optional("l2")?.boolean() ?? false,
            mark: try reader.optional("mark")?.string() ?? "")
    }

    static func add(_ request: Request<Configuration>) throws(CNIError) -> CNIResult {
        try carryOut(request)
        if let previous = request.previousResult { return previous }
        var result = CNIResult(interfaces: [
            .init(name: request.interface, mac: "02:42:0a:00:00:02", sandbox: request.networkNamespace)
        ])
        if !request.configuration.isLayer2, let address = IPPrefix("10.0.0.2/8") {
            result.addresses = [.init(address, interface: 0)]
        }
        return result
    }
    static func delete(_ request: Request<Configuration>) throws(CNIError) { try carryOut(request) }
    static func check(_ request: Request<Configuration>) throws(CNIError) { try carryOut(request) }
    static func collectGarbage(_ request: Request<Configuration>) throws(CNIError) { try carryOut(request) }
    static func status(_ request: Request<Configuration>) throws(CNIError) { try carryOut(request) }

    /// Leaves a line in the file `mark` names, and fails where it was told to.
    private static func carryOut(_ request: Request<Configuration>) throws(CNIError) {
        if !request.configuration.mark.isEmpty {
            let list = request.validAttachments.map { "\($0.map(\.containerID).sorted())" } ?? "-"
            let line =
                "\(request.verb.rawValue) '\(request.networkNamespace)' "
                + "prev=\(request.previousResult?.interfaces.first?.name ?? "-") "
                + "valid=\(list) repairs=\(request.repairs)\n"
            try system { () throws(SystemError) in
                try FileDescriptor.open(
                    request.configuration.mark, [.writeOnly, .create, .append], mode: 0o600
                )
                .write(line)
            }
        }
        if request.configuration.fail == request.verb.rawValue {
            throw CNIError(.init(rawValue: 123), "told to fail", details: "d")
        }
    }
}

/// What the plugin answers to a verb with a good environment, but for `changes`; an empty value takes one away.
func call(
    _ verb: String, _ input: String, _ changes: [String: String] = [:], home: Bool = false
) -> Answer {
    var environment: Environment = [
        "CNI_COMMAND": verb, "CNI_CONTAINERID": "c", "CNI_NETNS": "/n", "CNI_IFNAME": "eth0",
        "CNI_PATH": "/p",
    ]
    for (name, value) in changes { environment[name] = value }
    return Dispatcher(
        Echo.self,
        Surroundings(
            environment: environment, input: { () throws(SystemError) in Array(input.utf8) },
            isOwnNamespace: { _ in home })
    ).run()
}

/// A configuration with `members` besides the version and the name.
func configuration(_ members: String = "", version: String = "1.1.0") -> String {
    #"{"cniVersion":"\#(version)","name":"n","type":"echo"\#(members.isEmpty ? "" : ",")\#(members)}"#
}
