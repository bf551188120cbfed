/// Where a value stands in a document.
///
/// Reading is hot and errors are rare: a scalar costs no allocation here, an array or object one, and the
/// text is put together only for an error.
enum JSONPlace: Sendable {
    case leaf(parent: Node?, step: Step)
    case branch(Node)

    /// The last step of a path.
    enum Step: Sendable {
        /// The name of a member; at the root the path the reader was made with.
        case member(String)
        case element(Int)
    }

    /// The place of an array or object, shared by everything in it.
    final class Node: Sendable {
        let parent: Node?
        let step: Step

        init(parent: Node?, step: Step) {
            self.parent = parent
            self.step = step
        }
    }

    /// The node things in this value hang from; a scalar has nothing in it.
    var node: Node? {
        if case .branch(let node) = self { return node }
        return nil
    }

    var text: String {
        switch self {
        case .branch(let node): Self.text(node.parent, node.step)
        case .leaf(let parent, let step): Self.text(parent, step)
        }
    }

    /// The path of something in this value.
    func appending(_ step: Step) -> String { Self.text(node, step) }

    private static func text(_ parent: Node?, _ last: Step) -> String {
        var steps = [last]
        var next = parent
        while let node = next {
            steps.append(node.step)
            next = node.parent
        }
        var text = ""
        if let root = steps.popLast(), case .member(let path) = root { text = path }
        for step in steps.reversed() { text = Self.text(text, step) }
        return text
    }
}

extension JSONPlace {
    /// A path one step further. Names with other characters than letters, digits, `_` and `-` are quoted.
    static func text(_ path: String, _ step: Step) -> String {
        switch step {
        case .element(let index): return "\(path)[\(index)]"
        case .member(let name):
            guard !name.isEmpty, name.utf8.allSatisfy(isPlain) else {
                return "\(path)[\(JSONValue.quoted(name))]"
            }
            return path.isEmpty ? name : "\(path).\(name)"
        }
    }
}

private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
}
