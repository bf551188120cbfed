import JSON
import Kernel

/// Why there is no manual.
struct ManualError: Error { let message: String }

/// Writes a page for each program, and for each command of `apus`.
func writeManual(build: String, folder: String) throws(ManualError) {
    try kernel { () throws(SystemError) in try makeDirectories(folder, mode: 0o755) }
    let date = pageDate()
    let tree = try dumped("\(build)/apus")
    for page in CommandPages(tree, date: date).pages { try write(page, to: folder) }
    for name in ["apus-runtime", "apus-cni", "apus-netd", "apus-conformance"] {
        try write(HelpPage(name, build: build, date: date).page(), to: folder)
    }
}

/// A file of the manual.
struct Page {
    let name: String
    let text: String
}

private func write(_ page: Page, to folder: String) throws(ManualError) {
    try kernel { () throws(SystemError) in
        let path = "\(folder)/\(page.name).1"
        try FileDescriptor.open(path, [.create, .truncate, .writeOnly], mode: 0o644).write(page.text)
    }
}

/// The commands of a program made with swift-argument-parser, as it describes them itself.
private func dumped(_ path: String) throws(ManualError) -> JSONReader {
    let text = try output(of: path, ["--experimental-dump-help"])
    do throws(JSONError) {
        return try JSONReader(JSONValue(parsing: Array(text.utf8))).required("command")
    } catch {
        throw ManualError(message: "\(path): \(error)")
    }
}

/// What a program prints.
func output(of path: String, _ words: [String]) throws(ManualError) -> String {
    var program = Program(path: path, arguments: [path] + words, environment: environmentWords())
    program.collectsOutput = true
    let result = try kernel { () throws(SystemError) in try program.run() }
    guard result.status == .exited(0) else {
        throw ManualError(message: "\(path) \(words.joined(separator: " ")): \(result.errorText)")
    }
    return String(decoding: result.output, as: UTF8.self)
}

private func kernel<Value>(_ body: () throws(SystemError) -> Value) throws(ManualError) -> Value {
    do throws(SystemError) { return try body() } catch { throw ManualError(message: "\(error)") }
}

/// Today as mdoc(7) wants it: `January 31, 2026`.
private func pageDate() -> String {
    let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]
    let parts = currentTimestamp().prefix(10).split(separator: "-").compactMap { Int($0) }
    return "\(months[parts[1] - 1]) \(parts[2]), \(parts[0])"
}
