internal import JSON
internal import Kernel

extension Container {
    /// Gives it another name; names in networks follow.
    package func rename(to name: String) throws(EngineError) {
        let new = name.hasPrefix("/") ? String(name.dropFirst()) : name
        try locked { container throws(EngineError) in
            let renamed = Container(try engine.rename(container.record, to: new), of: engine)
            do throws(EngineError) { try renamed.renameNetwork() } catch {
                _ = try? engine.rename(renamed.record, to: container.record.name)
                throw error
            }
            renamed.tell("rename", ["oldName": "/" + container.record.name])
        }
    }

    /// The container's processes as ps(1) of the host shows them. `options`: those of ps; none means `-ef`.
    package func processTable(_ options: [String]) throws(EngineError) -> String {
        guard try state().live != nil else { throw EngineError("container \(id) is not running", .conflict) }
        let pids = try processes()
        let options = options.isEmpty ? ["-ef"] : options
        // Without it some options show only what belongs to this terminal; with it others are refused.
        let chosen = options + ["-q", pids.sorted().map { String($0) }.joined(separator: ",")]
        var result = try processStatus(chosen)
        if result.status != .exited(0) { result = try processStatus(options) }
        guard result.status == .exited(0) else {
            throw EngineError("ps: " + (OCIRuntime.lastLine(of: result.errorText) ?? "it failed"), .invalid)
        }
        return try Self.table(String(decoding: result.output, as: UTF8.self), of: pids)
    }

    private func processStatus(_ options: [String]) throws(EngineError) -> ProgramResult {
        let ps = try engine.programPath("ps")
        var program = Program(path: ps, arguments: [ps] + options, environment: engine.environment.words)
        program.collectsOutput = true
        return try EngineError.step("run \(ps)") { () throws(SystemError) in try program.run() }
    }

    /// The pids of all its processes, as the host counts.
    func processes() throws(EngineError) -> Set<Int32> {
        let output = try engine.runtime(of: record).run(
            ["ps", "--format", "json", id], log: bundle + "/oci.log")
        return try EngineError.reading("OCI runtime ps") { () throws(JSONError) in
            var pids: Set<Int32> = []
            for element in try JSONReader(JSONValue(parsing: output)).elements() {
                pids.insert(try element.int32())
            }
            return pids
        }
    }

    /// The lines of ps(1) about `pids`, below their titles.
    private static func table(_ text: String, of pids: Set<Int32>) throws(EngineError) -> String {
        let lines = text.split(separator: "\n")
        guard let head = lines.first, let column = head.split(separator: " ").firstIndex(of: "PID") else {
            throw EngineError("Couldn't find PID field in ps output", .invalid)
        }
        let own = lines.dropFirst().filter { line in
            let cells = line.split(separator: " ")
            return cells.count > column && Int32(cells[column]).map(pids.contains) ?? false
        }
        return ([head] + own).joined(separator: "\n") + "\n"
    }

    /// What `port` prints: `80/tcp -> 0.0.0.0:8080` lines, or where one port of the container is.
    package func publishedPortsText(_ port: String?) throws(EngineError) -> String {
        let published = shownPorts(isRunning: try state().live != nil).filter { !$0.hostAddress.isEmpty }
        let place = { (port: ShownPort) in
            (port.hostAddress.contains(":") ? "[\(port.hostAddress)]" : port.hostAddress)
                + ":\(port.hostPort)\n"
        }
        guard let port else {
            return published.map { "\($0.containerPort)/\($0.protocol) -> \(place($0))" }.joined()
        }
        let wanted = port.contains("/") ? port : port + "/tcp"
        let found = published.filter { "\($0.containerPort)/\($0.protocol)" == wanted.lowercased() }
        guard !found.isEmpty else {
            throw EngineError("no public port '\(port)' published for \(record.name)", .notFound)
        }
        return found.map(place).joined()
    }
}
