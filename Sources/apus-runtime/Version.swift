import Seccomp

/// Version of the program.
let programVersion = "0.1.0"

/// Version of the runtime specification the program follows.
let specificationVersion = "1.3.0"

/// The lines of `--version`, in the shape engines take apart.
func versionText() -> String {
    "\(programName) version \(programVersion)\nspec: \(specificationVersion)\n"
        + "libseccomp: \(SeccompSupport.libraryVersion())\n"
}
