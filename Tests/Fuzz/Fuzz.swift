import Glibc

/// What is fuzzed, by the value of `APUS_FUZZ`.
private enum Subject: String {
    case json, cni, text, oci, pool, netlink, names, overlay

    /// `nil` while there is none: the program only says so then.
    static let chosen = getenv("APUS_FUZZ").flatMap { Subject(rawValue: String(cString: $0)) }

    func test(_ input: [UInt8]) {
        switch self {
        case .json: testJSON(input)
        case .cni: testCNI(input)
        case .text: testText(input)
        case .oci: testOCI(input)
        case .pool: testPool(input)
        case .netlink: testNetlink(input)
        case .names: testNames(input)
        case .overlay: testOverlay(input)
        }
    }

    /// The input changed in a way that suits the subject; `nil` for libFuzzer's own ways.
    func mutate(_ input: [UInt8], _ lottery: inout Lottery) -> [UInt8]? {
        switch self {
        case .json, .cni, .oci: mutatedJSON(input, &lottery)
        case .netlink: mutatedPacket(input, &lottery)
        case .text, .pool, .names, .overlay: nil
        }
    }
}

/// The program is libFuzzer with its own options, `-help=1` lists them.
@main
private enum Fuzz {
    static func main() {
        guard Subject.chosen != nil else { fatalError("APUS_FUZZ must name what is fuzzed") }
        var (count, words) = (CommandLine.argc, CommandLine.unsafeArgv)
        exit(runFuzzer(&count, &words) { testOneInput($0, $1) })
    }
}

/// libFuzzer's door.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Subject.chosen?.test(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer's own ways to change an input.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// libFuzzer asks here for the next input: half of the time it is changed as what it is, not as bytes.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateInput(
    _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
) -> Int {
    var lottery = Lottery(seed: UInt64(seed))
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard lottery.below(2) == 0, let changed = Subject.chosen?.mutate(input, &lottery),
        changed.count <= limit
    else { return mutateBytes(bytes, count, limit) }
    for (index, byte) in changed.enumerated() { bytes[index] = byte }
    return changed.count
}

/// What must hold of every input; libFuzzer keeps the one it does not hold of.
func require(_ condition: Bool, _ what: @autoclosure () -> String) {
    guard condition else { fatalError(what()) }
}

/// Numbers which look random, the same for the same seed. SplitMix64.
struct Lottery {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}
