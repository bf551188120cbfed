package import JSON
internal import Kernel
package import NetdClient
package import PortGuard

/// The engine's door to `apus-netd`, which is started where it is needed.
package struct Daemon: Hashable, Sendable {
    private let client: NetdClient

    /// `program`: the path of `apus-netd`; nil looks for it: `$APUS_NETD`, beside `apus`, `/usr/local/bin`, `$PATH`.
    package init(_ paths: EnginePaths, program: String? = nil) {
        client = NetdClient(NetdPaths(run: paths.run), program: program)
    }

    /// Has the daemon look at a record again, which is new, has changed or has gone; it is done when this returns.
    ///
    /// `record`: the name of the file in the directory of its kind.
    package func sync(_ kind: RecordKind, _ record: String) throws(EngineError) {
        do throws(NetdError) { try client.sync(kind, record) } catch { throw EngineError(error) }
    }

    /// What the daemon serves; nil when there is none, which is no error.
    package func status() throws(EngineError) -> JSONReader? {
        do throws(NetdError) { return try client.status() } catch { throw EngineError(error) }
    }

    /// Ends the daemon, if there is one; the next record brings it back.
    package func stop() throws(EngineError) {
        do throws(NetdError) { try client.stop() } catch { throw EngineError(error) }
    }

    /// Has the ports of a container held at the host, and what the firewall cannot lead there carried by the daemon.
    ///
    /// To be called after the plugin portmap's ADD. The record replaces an earlier one of the container.
    /// - Throws: ``EngineError`` of the kind `conflict` when somebody has one of the ports; nothing is held then.
    package func hold(_ record: PortRecord) throws(EngineError) {
        let path = client.paths.record(.ports, record.fileName)
        do throws(SystemError) {
            try makeDirectories(client.paths.records(.ports), mode: 0o700)
            try replaceFile(path, Array((record.json.text + "\n").utf8), mode: 0o600)
        } catch { throw EngineError("ports of \(record.containerID): \(error)") }
        do throws(EngineError) { try sync(.ports, record.fileName) } catch {
            try? removeFileIfPresent(path)
            // What was held before the one that is taken is let go.
            try? sync(.ports, record.fileName)
            throw error
        }
    }

    /// Lets the ports of a container go. To be called before the plugin portmap's DEL; without a record it does nothing.
    package func release(containerID: String) throws(EngineError) {
        let name = PortRecord.fileName(of: containerID)
        let path = client.paths.record(.ports, name)
        guard (try? fileStatus(path)) != nil else { return }
        do throws(SystemError) { try removeFileIfPresent(path) } catch {
            throw EngineError("ports of \(containerID): \(error)")
        }
        do throws(NetdError) { try client.syncIfRunning(.ports, name) } catch { throw EngineError(error) }
    }
}

extension EngineError {
    fileprivate init(_ error: NetdError) {
        if case .refused(let refusal) = error, refusal.code == .portTaken {
            self.init(refusal.message, .conflict)
        } else {
            self.init("\(error)")
        }
    }
}
