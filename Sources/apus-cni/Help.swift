import CommandWords

/// The help of the whole program.
func helpText() -> String {
    let verbs = VerbName.allCases.map(\.verb)
    return """
        NAME:
           \(programName) - runs CNI plugins: attaches network namespaces to networks

        A network is a file in the configuration directory; its plugins are programs in the plugin directories.
        The commands and variables of cnitool work unchanged, and either program finds what the other attached.

            # ip netns add red
            # \(programName) add my-net /run/netns/red

        USAGE:
           \(programName) [options] command [options] [NETWORK [NETNS]]

        VERSION:
           \(programVersion)

        COMMANDS:
        \(helpTable(verbs.map { ($0.name, $0.summary) } + [("help", "show the help of a command")]))
        OPTIONS, before the command or behind it:
        \(optionTable(Settings.options + [.helpFlag, .flag("version", short: "v", "print the version")]))
        VARIABLES:
        \(helpTable([
            ("NETCONFPATH, CNI_PATH", "as --conf-dir and --plugin-dir"),
            ("CNI_IFNAME, CNI_ARGS, CAP_ARGS", "as --ifname, --args and --cap-args"),
        ]))
        """
}
