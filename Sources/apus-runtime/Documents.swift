import CommandWords
import JSON
import Kernel
import OCISpec

/// The process in the JSON file at `path`. config.md, "Process".
func readProcess(_ path: String) throws(Failure) -> Process {
    try read(path, named: path) { reader throws(JSONError) in try Process(decoding: reader) }
}

/// The resources in the JSON file at `path`, `-` being standard input. config-linux.md, "Control groups".
func readResources(_ path: String) throws(Failure) -> Resources {
    let isInput = path == "-"
    return try read(isInput ? "/dev/stdin" : absolute(path), named: isInput ? "standard input" : path) {
        reader throws(JSONError) in try Resources(decoding: reader)
    }
}

private func read<Value>(
    _ path: String, named name: String, _ decode: (JSONReader) throws(JSONError) -> Value
) throws(Failure) -> Value {
    let bytes = try system("read \(name)") { () throws(SystemError) in try readFile(path) }
    do throws(JSONError) {
        return try decode(JSONReader(JSONValue(parsing: bytes)))
    } catch {
        throw Failure("\(name): \(error)")
    }
}
