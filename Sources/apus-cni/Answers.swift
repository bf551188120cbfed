import CNIHost
import CNISpec
import CommandWords
import JSON
import Kernel

extension Settings {
    /// Runs a step of the host; its error is told as the options say.
    func tell<Value>(_ body: () throws(HostError) -> Value) throws(Failure) -> Value {
        do throws(HostError) { return try body() } catch { throw try failure(error) }
    }

    /// Prints the error object where JSON is wanted; the answer is the same for a person.
    func failure(_ error: HostError) throws(Failure) -> Failure {
        if answersJSON {
            // A plugin's own object goes out as it came.
            if case .plugin(let failure) = error, !failure.document.isEmpty {
                try printOut(String(decoding: failure.document, as: UTF8.self).trimmed + "\n")
            } else {
                try printOut(error.cniError.json(.latest).text + "\n")
            }
        }
        if case .interrupted(let signal, _) = error { return Failure("\(error)", code: 128 + signal) }
        let hint = effectiveUserID() == 0 ? "" : " (not run as root)"
        return Failure("\(error)\(hint)")
    }
}

extension String {
    /// Without line ends and blanks at the end.
    fileprivate var trimmed: Substring {
        var text = self[...]
        while let last = text.unicodeScalars.last, last.properties.isWhitespace { text = text.dropLast() }
        return text
    }
}

extension Settings {
    /// The network `name`: of the configuration directory, or, when its file has gone, as an attachment of it remembers it.
    ///
    /// `tolerant`: also when there is a file that cannot be read; what was attached can be detached then.
    func network(named name: String, tolerant: Bool = false) throws(Failure) -> NetworkConfiguration {
        try tell { () throws(HostError) in
            do throws(HostError) { return try directory.network(named: name) } catch {
                if case .unknownNetwork = error {} else if !tolerant { throw error }
                guard let network = try host.cache.network(named: name) else { throw error }
                return network
            }
        }
    }

    /// The network `name`, or every network that is configured or remembered.
    func networks(_ name: String?) throws(Failure) -> [NetworkConfiguration] {
        if let name { return [try network(named: name)] }
        let configured = try tell { () throws(HostError) in try directory.networks() }
        let names = Set(configured.map { $0.name })
        return try tell { () throws(HostError) in
            let remembered = Set(try host.cache.entries().map { $0.key.network }).subtracting(names).sorted()
            var found = configured
            for name in remembered {
                if let network = try host.cache.network(named: name) { found.append(network) }
            }
            return found
        }
    }
}
