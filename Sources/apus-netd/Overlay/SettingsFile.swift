import JSON
import Kernel
import NetdClient
import OverlayControl

/// The file which says how this node belongs to a cluster.
struct SettingsFile {
    let path: String

    /// What stands there. Only the usual file may be missing: where somebody has named one, that is a word misspelt.
    func read() throws(NetdRefusal) -> [UInt8] {
        do throws(SystemError) { return try readFile(path) } catch {
            if isUsual, error.errno == .noEntity { return Array("{}".utf8) }
            throw NetdRefusal(.failed, "cannot read how this host belongs to a cluster: \(error)")
        }
    }

    func decode(_ text: [UInt8]) throws(NetdRefusal) -> OverlaySettings {
        do throws(JSONError) { return try OverlaySettings(JSONReader(try JSONValue(parsing: text))) } catch {
            throw NetdRefusal(.failed, "\(path): \(error)")
        }
    }

    /// Whether nobody has named another one: then names and ports are served whatever stands there.
    var isUsual: Bool { path == NetdPaths.clusterFile }
}
