import Engine
import Kernel

/// How a pull goes: on a terminal a bar for each blob, elsewhere a line when one has come.
final class PullDisplay {
    private let stream: Int32?
    private let isOnTerminal: Bool
    /// Blobs in the order of their lines.
    private var lines: [String] = []
    private var finished: Set<String> = []
    private var lastChange: Int64 = 0

    /// `stream`: 1 or 2; `nil` shows nothing.
    init(_ stream: Int32?) {
        self.stream = stream
        isOnTerminal = stream.map(isTerminal) ?? false
    }

    /// Shows a line of its own below all others.
    func show(_ line: String) { put(line + "\n") }

    /// Takes note of how far the pull is.
    func take(_ progress: TransferProgress) {
        switch progress {
        case .delegated: show("skopeo is at work, which does not tell how far it is")
        case .present(let blob): finish(blob, "Already exists")
        case .receiving(let blob, let done, let total) where done >= total: finish(blob, "Pull complete")
        case .receiving(let blob, let done, let total):
            guard isOnTerminal, monotonicMilliseconds() - lastChange > 100 || !lines.contains(blob) else {
                return
            }
            lastChange = monotonicMilliseconds()
            update(blob, "Downloading [\(bar(done, total))] \(decimalSize(done))/\(decimalSize(total))")
        }
    }

    private func finish(_ blob: String, _ text: String) {
        guard finished.insert(blob).inserted else { return }
        if isOnTerminal { update(blob, text) } else { show("\(blob): \(text)") }
    }

    private func update(_ blob: String, _ text: String) {
        guard let index = lines.firstIndex(of: blob) else {
            lines.append(blob)
            return show("\(blob): \(text)")
        }
        let distance = lines.count - index
        // Up to the blob's line, over it, and down again.
        put("\u{1B}[\(distance)A\r\u{1B}[2K\(blob): \(text)\r\u{1B}[\(distance)B")
    }

    private func bar(_ done: Int64, _ total: Int64) -> String {
        let filled = total > 0 ? Int(50 * done / total) : 0
        return String(repeating: "=", count: filled) + ">"
            + String(repeating: " ", count: max(0, 50 - filled))
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        // Nobody waits for these lines: the pull goes on without a reader.
        switch stream {
        case 1: try? withStandardOutput { output throws(SystemError) in try output.write(bytes) }
        case 2: writeError(bytes)
        default: break
        }
    }
}
