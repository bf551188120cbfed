import CommandWords

/// The help of the whole program.
func helpText() -> String {
    var text = """
        NAME:
           \(programName) - Open Container Initiative runtime

        \(programName) runs applications packaged as OCI bundles: directories with a "config.json" and a
        root file system. It takes the commands and options of runc.

        To start a new instance of a container:

            # \(programName) run [ -b bundle ] <container-id>

        USAGE:
           \(programName) [global options] command [command options] [arguments...]

        VERSION:
           \(programVersion)

        COMMANDS:

        """
    let verbs = VerbName.allCases.map(\.verb)
    text += helpTable(
        verbs.map { ($0.name, $0.summary) } + [("help, h", "shows a list of commands or help for one")])
    return text + "\nGLOBAL OPTIONS:\n" + optionTable(Globals.options)
}
