import JSON
import Kernel

// The program in the container: every argument is one thing to look at or to do. What came of it goes to standard
// output, a line of JSON each: what was asked in `do`, and the answer in `value`, or the kernel's reason in `error`.

for word in CommandLine.arguments.dropFirst() {
    var line = JSONObject()
    line.set("do", word)
    do throws(SystemError) { line.set("value", try answer(word)) } catch {
        line.set("error", JSONValue.number(error.errno.rawValue))
        line.set("reason", "\(error)")
    }
    write(line.value.text + "\n")
}
exitNow(0)

/// Writes to standard output; whoever reads it may have gone.
func write(_ text: String) {
    do throws(SystemError) {
        try withStandardOutput { file throws(SystemError) in try file.write(text) }
    } catch {}
}
