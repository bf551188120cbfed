/// The name of a container: letters, digits and `_ + - .`, at most 1024 bytes, as runc accepts it.
///
/// The name becomes a directory, so what could leave the state directory never gets further than here.
package struct ContainerID: Hashable, Sendable {
    package let text: String

    package init(_ text: String) throws(RuntimeError) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isPlain, (1...1024).contains(text.utf8.count),
            ![".", "..", StateStore.cacheName].contains(text)
        else { throw .badID(text) }
        self.text = text
    }
}
