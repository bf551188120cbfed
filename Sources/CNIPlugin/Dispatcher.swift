internal import CNISpec
internal import JSON
internal import Kernel

/// What a plugin's process leaves behind.
public struct Answer {
    /// For standard output; empty when there is nothing to say.
    public let output: String
    /// For standard error: what a person who started the plugin should read.
    public let notice: String
    /// The exit code.
    public let code: Int32
    /// Takes back what was done, for when nobody can be told of it.
    let undo: () -> Void

    init(output: String = "", notice: String = "", code: Int32 = 0, undo: @escaping () -> Void = {}) {
        self.output = output
        self.notice = notice
        self.code = code
        self.undo = undo
    }
}

/// From environment and standard input to a plugin's operation, and back to text and an exit code.
public struct Dispatcher<P: Plugin> {
    let surroundings: Surroundings

    public init(_: P.Type, _ surroundings: Surroundings) { self.surroundings = surroundings }

    /// Carries out the call.
    public func run() -> Answer {
        let command = surroundings.environment["CNI_COMMAND"] ?? ""
        guard !command.isEmpty else {
            return Answer(notice: surroundings.isWatched ? P.about + "\n" + P.manual : P.about)
        }
        do throws(CNIError) {
            let verb = try verb(command)
            if verb == .version { return Answer(output: versions().text) }
            return try answer(to: verb)
        } catch {
            return Self.failure(error)
        }
    }

    /// The answer to a call which failed: the error object, and exit code 1.
    static func failure(_ error: CNIError, _ version: CNIVersion? = nil) -> Answer {
        Answer(output: error.json(version ?? P.supportedVersions.last ?? .latest).text, code: 1)
    }

    private func answer(to verb: Verb) throws(CNIError) -> Answer {
        let names = try checkedNames(for: verb)
        let call = try call()
        do throws(CNIError) {
            // Here, where the version is known, so that the error can have it.
            try Naming.checkNetworkName(call.network)
            return try answer(try request(verb, names, call))
        } catch {
            return Self.failure(error, call.version)
        }
    }

    private func answer(_ request: Request<P.Configuration>) throws(CNIError) -> Answer {
        let isHome = try isInOwnNamespace(request)
        switch request.verb {
        case .add:
            let result = try P.add(request)
            do throws(CNIError) {
                return Answer(output: try result.json(request.version).text) { undo(request) }
            } catch {
                undo(request)
                throw error
            }
        case .delete:
            guard isHome else {
                try P.delete(request)
                return Answer()
            }
            // Whatever owned the path has gone: what it had outside goes, too, before anybody is told.
            try P.delete(request.deletion(withNamespace: false))
            throw Self.ownNamespace
        case .check: try P.check(request)
        case .collectGarbage: try P.collectGarbage(request)
        case .status: try P.status(request)
        case .version: break
        }
        return Answer()
    }

    /// Takes back an ADD whose result cannot be told.
    private func undo(_ request: Request<P.Configuration>) {
        do throws(CNIError) { try P.delete(request.deletion(withNamespace: true)) } catch {
            note("cannot undo the ADD: \(error)")
        }
    }

    /// Whether `CNI_NETNS` is the plugin's own network namespace: only DEL goes on then.
    ///
    /// A path by process number leads there when the container has died and its number is another's.
    private func isInOwnNamespace(_ request: Request<P.Configuration>) throws(CNIError) -> Bool {
        let override = (surroundings.environment["CNI_NETNS_OVERRIDE"] ?? "").uppercased()
        guard !P.worksInOwnNamespace, !request.networkNamespace.isEmpty, override != "1",
            override != "TRUE",
            try system({ () throws(SystemError) in
                try surroundings.isOwnNamespace(request.networkNamespace)
            })
        else { return false }
        guard request.verb == .delete else { throw Self.ownNamespace }
        return true
    }

    private static var ownNamespace: CNIError {
        CNIError(
            .invalidNetworkNamespace,
            "plugin's netns and netns from CNI_NETNS should not be the same",
            details: "CNI_NETNS_OVERRIDE=1 allows it")
    }
}
