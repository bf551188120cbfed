/// A new ID: 64 hexadecimal digits by chance.
///
/// Never one whose first 12 digits are a number, which the container would have as its host name.
package func newIdentifier() -> String {
    while true {
        var text = ""
        for _ in 0..<4 {
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        if text.utf8.prefix(12).contains(where: { $0 > UInt8(ascii: "9") }) { return text }
    }
}

/// A name nobody asked for: two words, and from the second `attempt` on a digit.
package func newName(attempt: Int) -> String {
    let first = adjectives.randomElement() ?? "calm"
    let second = birds.randomElement() ?? "swift"
    return "\(first)_\(second)" + (attempt == 0 ? "" : "\(Int.random(in: 0...9))")
}

/// Whether `name` may be a container's: letters, digits, `_`, `.`, `-`; the first one a letter or digit.
package func isAllowedName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count >= 2 else { return false }
    return name.utf8.dropFirst().allSatisfy {
        isLetterOrDigit($0) || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains($0)
    }
}

/// Whether `text` may be an ID or the beginning of one.
package func isHexadecimal(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
        && text.utf8.allSatisfy { 48...57 ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        true
    default: false
    }
}

private let adjectives = [
    "able", "agile", "airy", "alert", "amber", "ample", "apt", "azure", "bold", "brave", "breezy", "brief",
    "bright", "brisk", "calm", "candid", "clear", "clever", "cosy", "crisp", "daring", "deep", "deft",
    "eager",
    "early", "easy", "fair", "famous", "fast", "fine", "firm", "fleet", "fond", "free", "fresh", "gentle",
    "glad",
    "golden", "grand", "happy", "hardy", "high", "honest", "jolly", "keen", "kind", "late", "light", "lively",
    "loyal", "lucid", "lucky", "mellow", "merry", "mild", "modest", "neat", "nimble", "noble", "open",
    "patient",
    "placid", "plain", "polite", "prompt", "proud", "quick", "quiet", "rapid", "ready", "rosy", "sharp",
    "shiny",
    "silent", "silver", "smart", "snug", "solid", "spry", "steady", "still", "stout", "strong", "sunny",
    "sure",
    "swift", "tender", "tidy", "trusty", "upbeat", "vivid", "warm", "wise", "witty", "young", "zesty",
]

private let birds = [
    "avocet", "bittern", "blackbird", "bluetit", "brambling", "bullfinch", "bunting", "buzzard", "chaffinch",
    "chiffchaff", "coot", "cormorant", "crane", "crow", "cuckoo", "curlew", "dipper", "dotterel", "dove",
    "dunlin",
    "dunnock", "eagle", "egret", "eider", "falcon", "fieldfare", "finch", "firecrest", "flycatcher", "fulmar",
    "gannet", "godwit", "goldcrest", "goldeneye", "goldfinch", "goosander", "goshawk", "grebe", "greenfinch",
    "grouse", "guillemot", "gull", "harrier", "hawfinch", "heron", "hobby", "hoopoe", "jackdaw", "jay",
    "kestrel",
    "kingfisher", "kite", "kittiwake", "knot", "lapwing", "lark", "linnet", "magpie", "mallard", "martin",
    "merlin",
    "moorhen", "nightingale", "nightjar", "nuthatch", "oriole", "osprey", "ouzel", "owl", "partridge",
    "petrel",
    "pipit", "plover", "pochard", "ptarmigan", "puffin", "quail", "rail", "raven", "razorbill", "redpoll",
    "redshank",
    "redstart", "robin", "rook", "ruff", "sanderling", "sandpiper", "shag", "shearwater", "shrike", "siskin",
    "skua", "skylark", "snipe", "sparrow", "starling", "stonechat", "swallow", "swan", "swift", "teal",
    "tern",
    "thrush", "treecreeper", "turnstone", "wagtail", "warbler", "waxwing", "wheatear", "whimbrel", "whinchat",
    "wigeon", "woodcock", "woodlark", "woodpecker", "wren", "wryneck",
]
