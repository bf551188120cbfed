import CommandWords
import Kernel
import NIOCore
import OverlayControl
import OverlayStore

/// A store, and the main thread which waits for it.
struct Tool {
    let loop: any EventLoop
    let store: NIOLoopBound<any OverlayStore>

    init(options words: inout ArraySlice<String>, _ loop: any EventLoop) throws {
        self.loop = loop
        let options = try Self.take(&words)
        store = try loop.submit {
            NIOLoopBound(try Self.store(options, loop), eventLoop: loop)
        }.wait()
    }

    private static func take(_ words: inout ArraySlice<String>) throws -> [String: String] {
        var options: [String: String] = [:]
        while let word = words.first, word.hasPrefix("--") {
            words.removeFirst()
            guard let value = words.popFirst() else { throw StoreError.refused("\(word) needs a value") }
            options[word] = value
        }
        return options
    }

    private static func store(_ options: [String: String], _ loop: any EventLoop) throws -> any OverlayStore {
        if let path = options["--local"] { return try LocalStore(path, loop) }
        let user = (options["--user"] ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        let address = StoreAddress(
            endpoints: (options["--endpoints"] ?? "").split(separator: ",").map(String.init),
            username: user.first ?? "", password: user.last ?? "", caFile: options["--ca"] ?? "",
            certificateFile: options["--cert"] ?? "", keyFile: options["--key"] ?? "")
        return try EtcdStore(
            address, { printError("log \($0)\n") }, loop,
            watchPatience: .milliseconds(Int64(options["--patience"] ?? "") ?? 15000))
    }

    func close() { try? onLoop { $0.close() } }

    /// Runs one command, or those of standard input.
    func run(_ words: [String]) -> Int32 {
        guard words == ["-"] else { return perform(words) }
        var code: Int32 = 0
        while let line = readLine() { code = perform(line.split(separator: " ").map(String.init)) }
        return code
    }

    private func perform(_ words: [String]) -> Int32 {
        do {
            try Command(words).run(self)
            return 0
        } catch {
            say("failed \(kind(error)): \(error)")
            return 1
        }
    }

    private func kind(_ error: any Error) -> String {
        switch error as? StoreError {
        case .unreachable: "unreachable"
        case .noQuorum: "noQuorum"
        case .refused: "refused"
        case .leaseGone: "leaseGone"
        case .full: "full"
        case .malformed: "malformed"
        case nil: "other"
        }
    }

    /// What the store answers.
    func onLoop<Answer: Sendable>(
        _ body: @escaping @Sendable (any OverlayStore) -> EventLoopFuture<Answer>
    ) throws -> Answer {
        try loop.flatSubmit { [store] in body(store.value) }.wait()
    }
}

/// Prints a line at once: scripts wait for it.
func say(_ line: String) { try? printOut(line + "\n") }
