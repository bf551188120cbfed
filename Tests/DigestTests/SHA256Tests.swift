import Digest
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples, and every length at which the padding changes its shape.
    @Test(arguments: [
        ([UInt8](), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (letters(55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (letters(56), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        (letters(63), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
        (letters(64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        (letters(119), "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
        (letters(120), "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
    ])
    func hashIsTheStandardOne(_ message: [UInt8], _ expected: String) {
        #expect(hexadecimal(SHA256.hash(message)) == expected)
    }

    @Test func aLongMessageIsHashedAsTheStandardSays() {
        let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hexadecimal(SHA256.hash(letters(1_000_000))) == digest)
    }

    /// Pieces which end before, at and behind the end of a block.
    @Test(arguments: [1, 3, 63, 64, 65, 127, 128, 1000])
    func pieceByPieceIsTheSame(_ size: Int) {
        let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hasher = SHA256()
        for start in stride(from: 0, to: message.count, by: size) {
            hasher.add(Array(message[start..<min(start + size, message.count)]))
        }
        #expect(hasher.finish() == SHA256.hash(message))
    }
}

private func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "a"), count: count) }
