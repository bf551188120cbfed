internal import Kernel

/// Writes `text` to standard output, with one write(2) where the kernel takes it whole.
package func printOut(_ text: String) throws(Failure) {
    try system("write to standard output") { () throws(SystemError) in
        try withStandardOutput { file throws(SystemError) in try file.write(text) }
    }
}

/// Writes `text` to standard error. Best effort: there is nowhere left to complain to.
package func printError(_ text: String) {
    do throws(SystemError) {
        try withStandardError { file throws(SystemError) in try file.write(text) }
    } catch {}
}
