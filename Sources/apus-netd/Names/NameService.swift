import JSON
import Kernel
import NIOCore
import NetdClient
import Resolver

/// Names for containers: records in, sockets in their namespaces, answers out.
final class NameService {
    private let paths: NetdPaths
    private let log: Log
    private let loop: any EventLoop
    private let door = NamespaceDoor()
    private(set) var directory = NameDirectory()
    private var listeners: [NamespaceIdentity: NameListeners] = [:]
    let forwarder: Forwarder
    private var hostServers = HostServers()
    /// nil where the kernel has none to give.
    private var watch: NamespaceWatch?

    init(_ paths: NetdPaths, _ log: Log, _ loop: any EventLoop) {
        self.paths = paths
        self.log = log
        self.loop = loop
        forwarder = Forwarder(loop)
        do throws(SystemError) {
            watch = try NamespaceWatch(loop) { [unowned self] path in dropVanished(at: path) }
        } catch { log("network namespaces which go are noticed late: \(error)") }
    }

    var isEmpty: Bool { listeners.isEmpty }

    /// Records which are served.
    var files: [String] { listeners.values.flatMap(\.files) }

    /// Who is asked for names that are not ours.
    func servers(for asker: Asker) -> [Upstream] {
        asker.upstreams.isEmpty ? hostServers.current() : asker.upstreams
    }

    /// Serves all records there are; one which cannot be served is for the log.
    func load() -> EventLoopFuture<Void> {
        let service = NIOLoopBound(self, eventLoop: loop)
        let files = recordFiles(in: paths.records(.names))
        return files.reduce(loop.makeSucceededVoidFuture()) { before, file in
            before.flatMap { service.value.sync(file).map { _ in } }.flatMapErrorThrowing { error in
                service.value.log("\(file): \(error)")
            }
        }
    }

    /// Looks at a record again.
    func sync(_ file: String) -> EventLoopFuture<JSONValue> {
        let service = NIOLoopBound(self, eventLoop: loop)
        do throws(NetdRefusal) {
            guard let record = try read(file) else {
                forget(file)
                return loop.makeSucceededFuture(Daemon.done)
            }
            return serve(record)
                .flatMap { listeners in service.value.serves(file, record, listeners.value) }
                .flatMapErrorThrowing { error in
                    // What cannot be served is not answered from memory either.
                    service.value.forget(file)
                    throw error
                }
        } catch {
            forget(file)
            return loop.makeFailedFuture(error)
        }
    }

    /// Takes the names of a container on another host, or takes them away. `key`: anything that is no file's name.
    func setRemote(_ key: String, _ record: NameRecord?) { directory.update(key, record) }

    private func read(_ file: String) throws(NetdRefusal) -> NameRecord? {
        try readRecord(paths.record(.names, file)) { (reader) throws(JSONError) in try NameRecord(reader) }
    }

    /// What listens in the record's namespace, opened where nothing does yet.
    private func serve(_ record: NameRecord) -> EventLoopFuture<NIOLoopBound<NameListeners>> {
        let loop = loop
        let known = (try? NamespaceIdentity.of(path: record.namespace)).flatMap { listeners[$0] }
        if let known { return loop.makeSucceededFuture(NIOLoopBound(known, eventLoop: loop)) }
        let service = NIOLoopBound(self, eventLoop: loop)
        let path = record.namespace
        return door.open(path, wanted: record.ports, on: loop).flatMap { sockets in
            let opened = NameListeners(sockets, path: path, service.value)
            let bound = NIOLoopBound(opened, eventLoop: loop)
            return opened.listen(sockets, on: loop).map { bound }
        }
    }

    private func serves(
        _ file: String, _ record: NameRecord, _ new: NameListeners
    ) -> EventLoopFuture<JSONValue> {
        guard let record = kept(file, record, new.ports) else {
            refresh(new)
            return sync(file)
        }
        // The file may have been another container's, or the path have led to another namespace: what is let go of there takes its
        // files with it.
        for other in listeners.values where other !== new && other.files.remove(file) != nil {
            refresh(other)
        }
        directory.update(file, record)
        listeners[new.namespace] = new
        new.files.insert(file)
        refresh(new)
        watch?.add(new.path)
        // It may have gone before it was watched.
        if new.hasVanished { drop(new) }
        var object = JSONObject()
        object.set("ok", true)
        object.set("ports", new.ports.json)
        return loop.makeSucceededFuture(object.value)
    }

    /// The record with its ports: a restart takes the same, because the container's rules lead there.
    /// - Returns: nil when there is none any more, or another one.
    private func kept(_ file: String, _ record: NameRecord, _ ports: ListenerPorts) -> NameRecord? {
        var new = record
        new.ports = ports
        guard new != record else { return record }
        do throws(SystemError) {
            let isKept = try paths.replace(.names, file, record, with: new.json) {
                (reader) throws(JSONError) in try NameRecord(reader)
            }
            return isKept ? new : nil
        } catch {
            log("\(file): ports are not kept: \(error)")
            return new
        }
    }

    private func forget(_ file: String) {
        directory.update(file, nil)
        for one in listeners.values where one.files.remove(file) != nil { refresh(one) }
    }

    /// Works out anew who asks from a namespace; without a record there is nobody.
    private func refresh(_ one: NameListeners) {
        one.asker = Asker(one.files.compactMap { directory[$0] })
        guard one.files.isEmpty else { return }
        one.close()
        listeners[one.namespace] = nil
    }

    /// Lets go of namespaces which have vanished without a word: nothing of theirs is answered any more.
    ///
    /// `path`: the one that has gone; nil for all there are.
    func dropVanished(at path: String? = nil) {
        for one in listeners.values where path == nil || one.path == path {
            if one.hasVanished { drop(one) }
        }
    }

    private func drop(_ one: NameListeners) {
        log("the network namespace at \(one.path) has gone")
        for file in one.files { forget(file) }
    }

    /// What is served, for a person.
    var status: JSONValue {
        .array(
            listeners.values.sorted { $0.path < $1.path }.map { one in
                var object = JSONObject()
                object.set("namespace", one.path)
                object.set("records", one.files.sorted())
                object.set("ports", one.ports.json)
                object.set("waiting", one.waiting)
                return object.value
            })
    }
}

/// Names of the records in a directory, which may not be there yet.
func recordFiles(in directory: String) -> [String] {
    ((try? listDirectory(directory)) ?? []).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
}
