import OCISpec

/// The process in the JSON file at `path`. config.md, "Process".
func readProcess(_ path: String) throws(Failure) -> Process {
    throw Failure("\(path): this build does not read processes from files")
}

/// The resources in the JSON file at `path`, `-` being standard input. config-linux.md, "Control groups".
func readResources(_ path: String) throws(Failure) -> Resources {
    throw Failure("\(path): this build does not read resources from files")
}
