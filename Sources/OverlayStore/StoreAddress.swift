internal import Kernel
internal import NIOSSL
internal import OverlayControl

/// Where etcd is, and how it is spoken to.
package struct StoreAddress: Hashable, Sendable {
    /// `http://10.0.0.1:2379`, one for each member.
    package var endpoints: [String]
    /// Empty where etcd knows no users.
    package var username: String
    package var password: String
    /// A file of certificates the server's is signed by; empty for those the system trusts.
    package var caFile: String
    /// What this client shows; empty where etcd does not ask.
    package var certificateFile: String
    package var keyFile: String

    package init(
        endpoints: [String], username: String = "", password: String = "", caFile: String = "",
        certificateFile: String = "", keyFile: String = ""
    ) {
        self.endpoints = endpoints
        self.username = username
        self.password = password
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    /// The endpoints without a slash at their end.
    func checkedEndpoints() throws(StoreError) -> [String] {
        guard !endpoints.isEmpty else { throw .refused("no endpoint is given") }
        return try endpoints.map { endpoint throws(StoreError) in
            guard let scheme = ["http://", "https://"].first(where: endpoint.hasPrefix),
                !endpoint.dropFirst(scheme.count).isEmpty
            else { throw .refused("endpoint '\(endpoint)': http://HOST:PORT or https://HOST:PORT is needed") }
            return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        }
    }

    /// What TLS needs; nil when no endpoint wants it.
    func tls() throws(StoreError) -> TLSConfiguration? {
        guard endpoints.contains(where: { $0.hasPrefix("https://") }) else { return nil }
        var tls = TLSConfiguration.makeClientConfiguration()
        if !caFile.isEmpty {
            tls.trustRoots = .certificates(
                try Self.read("CA", caFile) { try? NIOSSLCertificate.fromPEMFile($0) })
        }
        guard !certificateFile.isEmpty else { return tls }
        tls.certificateChain = try Self.read("certificate", certificateFile) {
            try? NIOSSLCertificate.fromPEMFile($0)
        }
        .map { .certificate($0) }
        let key = try Self.read("key", keyFile) { try? [NIOSSLPrivateKey(file: $0, format: .pem)] }
        tls.privateKey = key.first.map { .privateKey($0) }
        return tls
    }

    private static func read<Item>(
        _ what: String, _ path: String, _ parse: (String) -> [Item]?
    ) throws(StoreError) -> [Item] {
        // The library does not say which file is missing.
        do throws(SystemError) { _ = try readFile(path) } catch { throw .refused("\(what): \(error)") }
        guard let items = parse(path), !items.isEmpty else {
            throw .refused("\(what) \(path): not what is expected of a file in PEM")
        }
        return items
    }
}
