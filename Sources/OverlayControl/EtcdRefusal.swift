package import JSON

/// Why etcd did not do what it was asked for: a code of gRPC and a sentence.
package struct EtcdRefusal: Error, Hashable, Sendable {
    package let code: Int64
    package let message: String

    package init(code: Int64, message: String) {
        self.code = code
        self.message = message
    }

    /// Reads `{"error":"...","message":"...","code":5}` of an answer, or `{"error":{"grpc_code":14,"message":"..."}}` of a stream.
    ///
    /// - Returns: nil when it is neither.
    package init?(_ reader: JSONReader) {
        guard let error = try? reader.optional("error") else {
            // That of etcd 3.6 has no more than these two.
            guard let code = try? reader.optional("code")?.integer(),
                let message = try? reader.optional("message")?.string()
            else { return nil }
            self.init(code: code, message: message)
            return
        }
        let place = (try? error.string()) == nil ? error : reader
        let code = (try? place.optional("grpc_code") ?? place.optional("code"))?.value
        guard case .integer(let code) = code else { return nil }
        let text = (try? place.optional("message")?.string()) ?? (try? error.string()) ?? "no reason given"
        self.init(code: code, message: text)
    }

    /// What it means to whoever asked.
    package var meaning: Meaning {
        let signs = ["invalid auth token", "revision in header is old", "user name is empty"]
        if signs.contains(where: message.contains) { return .needsToken }
        if message.contains("authentication is not enabled") { return .needsNoToken }
        if message.contains("has been compacted") { return .compacted }
        switch Code(rawValue: code) {
        case .notFound where message.contains("lease not found"): return .failed(.leaseGone)
        case .exhausted where message.contains("space exceeded"): return .failed(.full(message))
        // It will do it later: too many requests, an election, a member which starts.
        case .exhausted, .unavailable, .deadlineExceeded: return .failed(.noQuorum(message))
        default: return .failed(.refused(message))
        }
    }

    /// Whether nothing can have been done.
    ///
    /// A member which has no leader says so before it begins. One which has waited for the others in vain does not know.
    package var isCertain: Bool { meaning != .failed(.noQuorum(message)) || message.contains("no leader") }

    /// What a refusal means.
    package enum Meaning: Hashable, Sendable {
        /// There is no token, it has run out, or users were changed since: a new one will do.
        case needsToken
        /// The store knows no users.
        case needsNoToken
        /// The revision which was asked for is not known any more.
        case compacted
        case failed(StoreError)
    }

    /// The codes which are told apart. gRPC, "Status codes and their use".
    private enum Code: Int64 {
        case deadlineExceeded = 4
        case notFound = 5
        case exhausted = 8
        case unavailable = 14
    }
}
