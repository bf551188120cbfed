import CNISpec

/// Version of the program.
let programVersion = "0.1.0"

/// What the help and errors call the program.
let programName = "apus-cni"

/// The lines of `--version`.
func versionText() -> String {
    let versions = CNIVersion.allCases.map { $0.rawValue }.joined(separator: ", ")
    return "\(programName) version \(programVersion)\nCNI specification: \(versions)\n"
}
