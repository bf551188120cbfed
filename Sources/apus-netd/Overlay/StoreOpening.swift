import Kernel
import NIOCore
import NetdClient
import OverlayControl
import OverlayStore

/// The store the settings name: etcd, or a file of this host.
func openStore(
    _ settings: OverlaySettings, _ log: Log, _ loop: any EventLoop
) throws(NetdRefusal) -> any OverlayStore {
    do throws(StoreError) {
        if settings.isLocal { return try LocalStore(settings.state + "/local.json", loop) }
        let address = StoreAddress(
            endpoints: settings.endpoints, username: settings.username, password: try password(settings),
            caFile: settings.authority, certificateFile: settings.certificate, keyFile: settings.key)
        // A member which is cut off says nothing: what it would have told is to be heard from another one
        // before the lease is over.
        return try EtcdStore(
            address, { log("overlay: \($0)") }, loop,
            watchPatience: .seconds(min(15, max(2, settings.ttl / 2))))
    } catch { throw OverlayService.refusal(error) }
}

private func password(_ settings: OverlaySettings) throws(StoreError) -> String {
    guard !settings.passwordFile.isEmpty else { return settings.password }
    do throws(SystemError) {
        return String(try readText(settings.passwordFile).prefix { $0 != "\n" })
    } catch { throw .refused("password: \(error)") }
}

extension StoreError {
    /// Whether it may be over soon, without anybody doing something else.
    var isTemporary: Bool {
        switch self {
        case .unreachable, .noQuorum: true
        default: false
        }
    }
}
