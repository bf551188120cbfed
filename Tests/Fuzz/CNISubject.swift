import Addressing
import CNIPlugin
import CNISpec
import JSON
import Kernel

/// A network configuration, with the environment of the call in its member `environment`: everything that is read
/// of it, the same document as a result, and the call through the dispatcher. Which plugin, and of which version the
/// result is when it does not say so, comes from the input.
func testCNI(_ input: [UInt8]) {
    guard let value = try? JSONValue(parsing: input, as: .forgiving) else { return }
    let choice = Int(checksum(input) >> 32)
    let reader = JSONReader(value, as: .forgiving)
    readCapabilities(RuntimeConfiguration(reader))
    _ = try? Attachment.valid(in: reader)
    if let error = try? CNIError(reader) {
        let back = try? CNIError(JSONReader(error.json(.latest), as: .forgiving))
        require(back == error, "the error comes back differently: \(error)")
    }
    let version = CNIVersion.allCases[choice % CNIVersion.allCases.count]
    for source in [reader, try? reader.optional("prevResult")] {
        if let source, let result = try? CNIResult(source, version: version) { requireConversions(result) }
    }
    let words =
        (try? reader.optional("environment")?.members().map { "\($0.name)=\(try $0.value.string())" }) ?? []
    calls[choice % calls.count](input, Environment(words: words))
}

/// A result written in a version is read back, and written as the same again; the newest version loses nothing.
func requireConversions(_ result: CNIResult) {
    for version in CNIVersion.allCases {
        guard let json = try? result.json(version) else {
            require(version <= .v0_2_0 && result.addresses.isEmpty, "cannot be written as \(version)")
            continue
        }
        // Its own cniVersion counts, not what the caller thinks.
        guard let back = try? CNIResult(JSONReader(json, as: .forgiving), version: .v0_3_1) else {
            fatalError("as \(version) it cannot be read: \(json.text)")
        }
        require((try? back.json(version)) == json, "as \(version) it is written differently: \(json.text)")
        if version == .latest { require(back == result, "\(version) loses something: \(json.text)") }
    }
}

private func readCapabilities(_ configuration: RuntimeConfiguration) {
    for mapping in (try? configuration.portMappings()) ?? [] {
        let last = Int(max(mapping.hostPort, mapping.containerPort)) + Int(mapping.count) - 1
        require(mapping.count > 0 && last < 65536, "\(mapping) leaves the ports there are")
    }
    for set in (try? configuration.ipRanges()) ?? [] { for range in set { _ = range.subnet.first } }
    _ = try? configuration.ips().map(\.prefix)
    _ = try? configuration.bandwidth()
    _ = try? configuration.dns()
    _ = try? configuration.mac()
    _ = try? configuration.aliases(on: "net")
    _ = try? configuration.infinibandGUID()
    _ = try? configuration.deviceID()
    _ = try? configuration.cgroupPath()
    _ = try? configuration.podAnnotations()
}

/// One call of the program, and what is true of every answer.
func call<P: Plugin>(_ plugin: P.Type, _ input: [UInt8], _ environment: Environment) {
    let answer = Dispatcher(
        P.self,
        Surroundings(
            environment: environment, input: { input }, isOwnNamespace: { $0 == "/proc/self/ns/net" })
    ).run()
    let command = environment["CNI_COMMAND"] ?? ""
    if command.isEmpty { return require(answer.code == 0 && answer.output.isEmpty, "help is an answer") }
    require(answer.code == 0 || answer.code == 1, "exit code \(answer.code)")
    if answer.output.isEmpty { return require(answer.code == 0 && command != "ADD", "says nothing") }
    guard let value = try? JSONValue(parsing: Array(answer.output.utf8)) else {
        fatalError("\(P.name) prints what is no JSON: \(answer.output)")
    }
    let code = try? JSONReader(value).optional("code")?.integer()
    require((code ?? 0) != 0 || answer.code == 0, "a failure without a number: \(answer.output)")
}
