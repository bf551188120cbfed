/// Cuts a stream of JSON objects into objects, whatever the pieces it comes in.
///
/// The gateway puts a line end behind each object but an error, so what counts is where an object is closed. Every byte is looked
/// at once.
package struct WatchFrames: Sendable {
    private var buffer: [UInt8] = []
    /// Bytes of `buffer` which were looked at.
    private var scanned = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private let limit: Int

    /// `limit`: bytes an object may have.
    package init(limit: Int) { self.limit = limit }

    /// Why the stream cannot be read any further.
    package enum Flaw: Error, Hashable, Sendable {
        /// An object is larger than allowed.
        case tooLarge(limit: Int)
        /// Something between two objects; the bytes are the first of it.
        case garbage([UInt8])
    }

    /// Whether there is a part of an object which has not come to its end.
    package var isInside: Bool { depth > 0 }

    /// Takes the next piece; gives the objects which are complete.
    package mutating func append(_ bytes: some Collection<UInt8>) throws(Flaw) -> [[UInt8]] {
        buffer.append(contentsOf: bytes)
        var objects: [[UInt8]] = []
        var start = 0
        while scanned < buffer.count {
            if depth == 0 { start = try nextObject() }
            guard scanned < buffer.count, scanToEnd() else { break }
            objects.append(Array(buffer[start..<scanned]))
            start = scanned
        }
        // Only what is left of the last piece is moved, never an object which is growing.
        if start > 0 {
            buffer.removeFirst(start)
            scanned -= start
            // The room of a large object is given back.
            if buffer.isEmpty { buffer = [] }
        }
        guard buffer.count <= limit else { throw .tooLarge(limit: limit) }
        return objects
    }

    /// Skips the space in front of an object; the answer is where it begins.
    private mutating func nextObject() throws(Flaw) -> Int {
        while scanned < buffer.count {
            switch buffer[scanned] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): scanned += 1
            case UInt8(ascii: "{"): return scanned
            default: throw .garbage(Array(buffer[scanned...].prefix(200)))
            }
        }
        return scanned
    }

    /// Whether the object is complete; what was looked at ends behind it then.
    private mutating func scanToEnd() -> Bool {
        var (index, depth, isInString, isEscaped) = (scanned, depth, isInString, isEscaped)
        defer {
            (scanned, self.depth, self.isInString, self.isEscaped) = (index, depth, isInString, isEscaped)
        }
        return buffer.withUnsafeBufferPointer { bytes in
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == UInt8(ascii: "\"") {
                        isInString = false
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return true }
                default: break
                }
            }
            return false
        }
    }
}
