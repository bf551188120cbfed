import Engine
import Kernel

/// Warns, and asks whether to go on; anything but `y` is no.
func confirm(_ warning: String) throws(EngineError) -> Bool {
    try write("WARNING! \(warning)\nAre you sure you want to continue? [y/N] ")
    var answer: [UInt8] = []
    do throws(SystemError) {
        try withStandardInput { input throws(SystemError) in
            while answer.count < 16, case let more = try input.read(upTo: 1), !more.isEmpty, more != [10] {
                answer += more
            }
        }
    } catch { throw EngineError("cannot read the answer: \(error)") }
    let word = String(decoding: answer, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    return word == "y" || word == "yes"
}

/// Writes a line to standard error.
func note(_ text: String) { writeError(Array("\(text)\n".utf8)) }
