internal import Kernel

/// One request over HTTP/1.1, and its answer. RFC 9110, RFC 9112. Without TLS: for registries on this machine or in a trusted network.
final class HTTPConnection {
    /// How long nothing may happen.
    struct Patience: Hashable, Sendable {
        var connectMilliseconds: Int32 = 10_000
        var readMilliseconds: Int32 = 60_000
    }

    let head: HTTPHead
    private let url: PlainURL
    private let socket: FileDescriptor
    private let patience: Patience
    private var buffer: [UInt8]
    /// Where in the buffer what has not been given out begins.
    private var start = 0
    /// Of the body or of the current chunk, bytes still to come.
    private var left: Int64 = 0
    private var length: HTTPHead.Length
    private var isFirstChunk = true

    /// Asks for `url`, and waits for the head of the answer.
    init(get url: PlainURL, accept: [String], _ patience: Patience = Patience()) throws(ImageError) {
        self.url = url
        self.patience = patience
        socket = try Self.connect(url, patience)
        var request = "GET \(url.path) HTTP/1.1\r\nHost: \(url.authority)\r\nUser-Agent: apus\r\n"
        request += "Accept-Encoding: identity\r\nConnection: close\r\n"
        for type in accept { request += "Accept: \(type)\r\n" }
        do throws(SystemError) {
            try socket.sendAll(Array("\(request)\r\n".utf8), milliseconds: patience.readMilliseconds)
        } catch { throw .registry(url: "\(url)", reason: "\(error)") }
        (head, buffer) = try Self.readHead(socket, url, patience)
        guard let length = head.length else {
            throw .registry(url: "\(url)", reason: "the answer has no clear length")
        }
        self.length = length
        if case .bytes(let size) = length { left = size }
    }

    /// More of the body; empty at its end.
    func body(upTo limit: Int) throws(ImageError) -> [UInt8] {
        switch length {
        case .untilClosed: return try some(upTo: limit)
        case .bytes:
            if left == 0 { return [] }
        case .chunked:
            if left == 0 { try nextChunk() }
            if left == 0 { return [] }
        }
        let bytes = try some(upTo: Int(min(Int64(limit), left)))
        guard !bytes.isEmpty else { throw failed("the connection ended \(left) bytes too early") }
        left -= Int64(bytes.count)
        return bytes
    }

    /// All of the body, at most `limit` bytes.
    func wholeBody(atMost limit: Int) throws(ImageError) -> [UInt8] {
        var all: [UInt8] = []
        while case let more = try body(upTo: 1 << 16), !more.isEmpty {
            all += more
            guard all.count <= limit else { throw failed("the answer has more than \(limit) bytes") }
        }
        return all
    }

    private func failed(_ reason: String) -> ImageError { .registry(url: "\(url)", reason: reason) }

    private func some(upTo limit: Int) throws(ImageError) -> [UInt8] {
        try fill()
        let bytes = Array(buffer[start...].prefix(limit))
        start += bytes.count
        return bytes
    }

    /// Receives something where everything has been given out; nothing when the connection has ended.
    private func fill() throws(ImageError) {
        guard start == buffer.count else { return }
        buffer = try Self.receive(socket, url, patience)
        start = 0
    }

    /// The length of the next chunk; after the last one there is none. RFC 9112, section 7.1.
    private func nextChunk() throws(ImageError) {
        if !isFirstChunk, try !line().isEmpty { throw failed("a chunk is longer than it says") }
        isFirstChunk = false
        let digits = try line().prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        guard digits.count < 16, let size = Int64(String(decoding: digits, as: UTF8.self), radix: 16),
            size >= 0
        else { throw failed("a chunk has no length") }
        left = size
        if size == 0 {
            length = .bytes(0)
            while try !line().isEmpty {}
        }
    }

    private func line() throws(ImageError) -> [UInt8] {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            try fill()
            let rest = buffer[start...].prefix(8193 - line.count)
            let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            line += rest[..<end]
            guard start < end, line.count <= 8192 else { throw failed("the connection ended too early") }
            start = end
        }
        return line.filter { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    }
}

extension HTTPConnection {
    private static func connect(_ url: PlainURL, _ patience: Patience) throws(ImageError) -> FileDescriptor {
        var last = "its name is not in /etc/hosts"
        for address in addresses(of: url.host) {
            do throws(SystemError) {
                return try connectTCP(address, port: url.port, milliseconds: patience.connectMilliseconds)
            } catch { last = "\(error)" }
        }
        throw .registry(url: "\(url)", reason: last)
    }

    private static func readHead(
        _ socket: borrowing FileDescriptor, _ url: PlainURL, _ patience: Patience
    ) throws(ImageError) -> (HTTPHead, [UInt8]) {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while true {
            let start = max(0, bytes.count - 3)
            let more = try receive(socket, url, patience)
            guard !more.isEmpty, bytes.count < 1 << 16 else {
                throw .registry(url: "\(url)", reason: "the answer is no HTTP")
            }
            bytes += more
            for place in start..<max(start, bytes.count - 3)
            where bytes[place..<(place + 4)].elementsEqual(end) {
                guard let head = HTTPHead(Array(bytes[..<place])) else {
                    throw .registry(url: "\(url)", reason: "the answer is no HTTP (does it want TLS?)")
                }
                return (head, Array(bytes[(place + 4)...]))
            }
        }
    }

    private static func receive(
        _ socket: borrowing FileDescriptor, _ url: PlainURL, _ patience: Patience
    ) throws(ImageError) -> [UInt8] {
        do throws(SystemError) {
            return try socket.receive(upTo: 1 << 16, milliseconds: patience.readMilliseconds)
        } catch {
            let reason =
                error.errno == .timedOut
                ? "nothing came for \(patience.readMilliseconds / 1000) seconds" : "\(error)"
            throw .registry(url: "\(url)", reason: reason)
        }
    }

    /// An address is itself; other names are looked up in /etc/hosts: a static program has no other resolver.
    static func addresses(of host: String) -> [String] {
        if host.contains(":") || host.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }) {
            return [host]
        }
        var found: [String] = []
        for line in ((try? readText("/etc/hosts")) ?? "").split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            if words.dropFirst().contains(where: { $0 == host }), let address = words.first {
                found.append(String(address))
            }
        }
        return found.isEmpty && host == "localhost" ? ["127.0.0.1", "::1"] : found
    }
}
