internal import Kernel

/// The files of one cgroup directory, for reading. What is not there reads as nothing.
struct ControlFiles {
    let directory: String

    init(_ directory: String) { self.directory = directory }

    /// The text of `file`; empty when it cannot be read.
    func text(_ file: String) -> String { (try? readText("\(directory)/\(file)")) ?? "" }

    /// The one number of `file`; `max` is the largest there is.
    func number(_ file: String) -> UInt64? { Self.number(Substring(text(file))) }

    /// Lines of a name and a number.
    func table(_ file: String) -> Table { Table(text(file)) }

    /// The lines of `file`, each as words.
    func lines(_ file: String) -> [[Substring]] {
        text(file).split(separator: "\n").map { $0.split(separator: " ") }
    }

    static func number(_ word: Substring) -> UInt64? { word == "max" ? .max : UInt64(word) }

    /// Names and their numbers, in the order of the file.
    struct Table: Hashable, Sendable {
        private(set) var rows: [Row] = []

        struct Row: Hashable, Sendable {
            var name: String
            var value: UInt64
        }

        init(_ text: String = "") {
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count == 2, let value = ControlFiles.number(words[1]) else { continue }
                rows.append(Row(name: String(words[0]), value: value))
            }
        }

        /// 0 when there is no such name.
        func number(_ name: String) -> UInt64 { rows.first { $0.name == name }?.value ?? 0 }
    }
}
