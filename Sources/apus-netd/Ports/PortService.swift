import Addressing
import JSON
import Kernel
import NIOCore
import NetdClient
import PortGuard

/// Published ports: records in, sockets of the host held, and what comes there carried to the containers.
final class PortService {
    private let paths: NetdPaths
    private let log: Log
    private let loop: any EventLoop
    private let budget = ClientBudget(limit: descriptorLimit())
    private var holders: [String: Holder] = [:]

    /// What is held for one record.
    private struct Holder {
        let record: PortRecord
        let listeners: [ListeningPort: PortListener]
    }

    init(_ paths: NetdPaths, _ log: Log, _ loop: any EventLoop) {
        self.paths = paths
        self.log = log
        self.loop = loop
    }

    var isEmpty: Bool { holders.isEmpty }

    /// Records whose ports are held.
    var files: [String] { Array(holders.keys) }

    /// Holds the ports of all records there are; one which cannot be held is for the log.
    func load() -> EventLoopFuture<Void> {
        let service = NIOLoopBound(self, eventLoop: loop)
        return recordFiles(in: paths.records(.ports)).reduce(loop.makeSucceededVoidFuture()) { before, file in
            before.flatMap { service.value.sync(file).map { _ in } }.flatMapErrorThrowing { error in
                service.value.log("\(file): \(error)")
            }
        }
    }

    /// Looks at a record again.
    func sync(_ file: String) -> EventLoopFuture<JSONValue> {
        do throws(NetdRefusal) {
            guard let record = try read(file) else {
                release(file)
                return loop.makeSucceededFuture(Daemon.done)
            }
            return try hold(record, file).map { Daemon.done }
        } catch { return loop.makeFailedFuture(error) }
    }

    private func read(_ file: String) throws(NetdRefusal) -> PortRecord? {
        try readRecord(paths.record(.ports, file)) { (reader) throws(JSONError) in try PortRecord(reader) }
    }

    private func release(_ file: String) {
        for listener in (holders.removeValue(forKey: file)?.listeners ?? [:]).values { listener.close() }
    }

    /// Holds what the record says: all of it, or what was held before.
    private func hold(_ record: PortRecord, _ file: String) throws(NetdRefusal) -> EventLoopFuture<Void> {
        let plan = PortPlan(record.ports)
        let old = holders[file]?.listeners ?? [:]
        var listeners: [ListeningPort: PortListener] = [:]
        var opened: [PortListener] = []
        do throws(NetdRefusal) {
            // IPv4 first: a conflict is told with its address, as Docker does.
            for (port, target) in plan.targets.sorted(by: { Self.rank($0.key) < Self.rank($1.key) }) {
                if let listener = old[port] {
                    listeners[port] = listener
                } else if let listener = try open(port, target, plan, file) {
                    listeners[port] = listener
                    opened.append(listener)
                }
            }
        } catch {
            for listener in opened { listener.close() }
            throw error
        }
        for (port, listener) in old where listeners[port] == nil { listener.close() }
        for (port, target) in plan.targets { listeners[port]?.target = target }
        holders[file] = Holder(record: record, listeners: listeners)
        return EventLoopFuture.andAllSucceed(opened.map { $0.listen(on: loop) }, on: loop)
    }

    private static func rank(_ port: ListeningPort) -> (Int, UInt16) {
        (port.address.family == .v4 ? 0 : 1, port.port)
    }

    /// Takes the port; nil when this host has no such addresses and nobody asked for them by name.
    private func open(
        _ port: ListeningPort, _ target: TargetPort, _ plan: PortPlan, _ file: String
    ) throws(NetdRefusal) -> PortListener? {
        for (other, holder) in holders where other != file {
            if holder.listeners.keys.contains(where: port.excludes) { throw taken(port, by: holder.record) }
        }
        do throws(SystemError) { return try PortListener(port, target, budget, log) } catch {
            if error.errno == .addressInUse { throw taken(port, by: nil) }
            if plan.dispensable.contains(port), error.errno == .familyNotSupported { return nil }
            throw NetdRefusal(.failed, "cannot listen on \(port)/\(port.transport.rawValue): \(error)")
        }
    }

    /// In Docker's words.
    private func taken(_ port: ListeningPort, by record: PortRecord?) -> NetdRefusal {
        guard let record else {
            return NetdRefusal(
                .portTaken,
                "failed to bind host port \(port)/\(port.transport.rawValue): address already in use")
        }
        return NetdRefusal(
            .portTaken, "Bind for \(port) failed: port is already allocated", owner: record.containerID)
    }

    /// What is held, for a person.
    var status: JSONValue {
        .array(
            holders.sorted { $0.key < $1.key }.map { file, holder in
                var object = JSONObject()
                object.set("record", file)
                object.set("containerID", holder.record.containerID)
                object.set(
                    "ports",
                    holder.listeners.keys.map { "\($0)/\($0.transport.rawValue)" }.sorted())
                object.set("clients", holder.listeners.values.reduce(0) { $0 + $1.clients })
                return object.value
            })
    }
}
