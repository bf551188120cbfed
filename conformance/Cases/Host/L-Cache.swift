import JSON
import Kernel
import Suite

extension Clause {
    fileprivate static let stored = sentence(
        "L0", .must,
        "The runtime must store the result returned by the final plugin persistently, as it is required for check and delete operations.",
        "adding-an-attachment")
    fileprivate static let place = practice(
        "L1", "A result is kept in /var/lib/cni/results/NETWORK-CONTAINER-INTERFACE, for the owner only.")
    fileprivate static let form = practice(
        "L2",
        "The file has kind cniCacheV1, containerId, config, ifName, networkName, netns, cniArgs, capabilityArgs and result."
    )
    fileprivate static let legacy = practice("L3", "A file with nothing but a result is read, too.")
    fileprivate static let broken = practice(
        "L5", "DEL works with a cache file that is empty, cut off or something else.")
    fileprivate static let foreign = practice(
        "L4", "Files in the cache which are something else disturb nothing.")
}

private let results = "/var/lib/cni/results"

/// Cases for what a host remembers of an attachment. CNI 1.1.0, section 3, and libcni's form of it.
let cacheSection = Section<HostBench>(
    "L cache",
    [
        Case("cni.L0.stored", "the result outlives the host: DEL by a new process has it", .stored) {
            bench throws(Stop) in
            try bench.prepare("1.0.0")
            try bench.succeed("add")
            for call in try bench.calls({ () throws(Stop) in try bench.succeed("del") }) {
                try bench.expectResult(2, "1.0.0", call)
            }
        },
        Case("cni.L1.place", "the file is where others look for it, and for the owner only", .place) {
            bench throws(Stop) in
            let (path, _) = try remembered(bench)
            let answer = try bench.recorder.tool("stat", "--format=%a", path)
            try require(answer == "600\n", "the mode 600 of \(path)", seen: answer)
        },
        Case("cni.L2.form", "the file has libcni's members", .form) { bench throws(Stop) in
            let (path, value) = try remembered(bench)
            try require(
                value.member("kind") == .string("cniCacheV1"), "kind cniCacheV1 in \(path)", seen: value.text)
            for name in ["containerId", "config", "ifName", "networkName", "netns", "result"] {
                try require(value.member(name) != nil, "the member \(name)", seen: value.text)
            }
        },
        Case("cni.L3.legacy", "a file with nothing but the result is read", .legacy) { bench throws(Stop) in
            let (path, value) = try remembered(bench)
            try replace(path, (value.member("result") ?? .null).text)
            for call in try bench.calls({ () throws(Stop) in try bench.succeed("del") }) {
                try bench.expectResult(2, "1.0.0", call)
            }
        },
        Case("cni.L4.foreign", "other files in the cache disturb nothing", .foreign) { bench throws(Stop) in
            let (_, _) = try remembered(bench)
            try replace("\(results)/net-other-eth0", "no JSON at all")
            try replace("\(results)/README", "")
            try bench.succeed("del")
        },
        Case("cni.L5.broken", "DEL works with a file that is empty or cut off", .broken) {
            bench throws(Stop) in
            for text in ["", "{", #"{"kind":"cniCacheV1""#, "null", "[]"] {
                let (path, _) = try remembered(bench)
                try replace(path, text)
                let calls = try bench.calls { () throws(Stop) in try bench.succeed("del") }
                try require(
                    calls.count == 3, "DEL of all three plugins",
                    seen: calls.map(\.word).joined(separator: ", "))
            }
        },
    ])

/// ADD, and the one file it left in the cache.
private func remembered(_ bench: HostBench) throws(Stop) -> (path: String, value: JSONValue) {
    try bench.prepare("1.0.0")
    let calls = try bench.calls { () throws(Stop) in try bench.succeed("add") }
    let variables = calls.first?.environment ?? [:]
    let path = "\(results)/net-\(variables["CNI_CONTAINERID"] ?? "")-\(variables["CNI_IFNAME"] ?? "")"
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try readFile(path) } catch {
        throw .finding(expected: "a file \(path)", seen: "\(error)")
    }
    do throws(JSONError) { return (path, try JSONValue(parsing: bytes)) } catch {
        throw .finding(expected: "JSON in \(path)", seen: "\(error)")
    }
}

private func replace(_ path: String, _ text: String) throws(Stop) {
    do throws(SystemError) { try RecordingPlugins.write(path, text, mode: 0o600) } catch {
        throw .trouble("\(error)")
    }
}
