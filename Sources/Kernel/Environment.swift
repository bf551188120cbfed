/// The variables of a process, in the form the kernel passes them on.
///
/// A list of words and no dictionary: a plugin looks at six of a host's fifty variables and hands all of them on, and
/// taking fifty words apart costs more than the look.
public struct Environment: Sendable, ExpressibleByDictionaryLiteral {
    /// `NAME=value`, each name once.
    public private(set) var words: [String]

    public init(words: [String]) { self.words = words }

    public init(dictionaryLiteral pairs: (String, String)...) {
        words = pairs.map { "\($0)=\($1)" }
    }

    /// The value of a variable; set to `nil` to take it away.
    public subscript(name: String) -> String? {
        get {
            guard let index = index(of: name) else { return nil }
            let word = words[index].utf8
            return String(decoding: word.dropFirst(name.utf8.count + 1), as: UTF8.self)
        }
        set {
            if let index = index(of: name) { words.remove(at: index) }
            if let newValue { words.append(name + "=" + newValue) }
        }
    }

    private func index(of name: String) -> Int? {
        let length = name.utf8.count
        for (index, word) in words.enumerated() where word.utf8.count > length && word.hasPrefix(name) {
            let mark = word.utf8.index(word.utf8.startIndex, offsetBy: length)
            if word.utf8[mark] == UInt8(ascii: "=") { return index }
        }
        return nil
    }
}
