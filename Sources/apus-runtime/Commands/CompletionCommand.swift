import CommandWords

/// `completion`: prints a script which completes this program's words in a shell.
struct CompletionCommand: Command {
    static var verb: Verb {
        Verb(
            "completion", "print the completion script of a shell", usage: "[bash | zsh]", subject: "shell",
            positionals: 0...1,
            details: """
                Put it to use with: source <(\(programName) completion bash)
                """)
    }

    private let isZsh: Bool

    init(_ arguments: Arguments) throws(Failure) {
        let shell = arguments.positionals.first ?? "bash"
        guard ["bash", "zsh"].contains(shell) else {
            throw arguments.usage("'\(shell)' is not known: bash or zsh")
        }
        isZsh = shell == "zsh"
    }

    func run(_ surroundings: Surroundings) throws(Failure) -> Int32 {
        try printOut((isZsh ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + completionScript())
        return 0
    }
}

/// What bash needs: the commands, the options of each, and the containers there are.
private func completionScript() -> String {
    let verbs = VerbName.allCases.map(\.verb)
    let cases = verbs.map { verb in
        "    \(verb.name)) options=\"\(dashed(verb.options + [.helpFlag]))\" takes=\(takes(verb)) ;;"
    }
    let valued = Globals.options.filter { $0.form != .flag && $0.name != "root" }.map { "--" + $0.name }
    return """
        _apus_runtime() {
            local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb= root= options takes= i
            for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                --root) root=${COMP_WORDS[i + 1]}; ((i++)) ;;
                \(valued.joined(separator: " | "))) ((i++)) ;;
                -*) ;;
                *) verb=${COMP_WORDS[i]}; break ;;
                esac
            done
            case $before in
            --bundle | -b | --root) COMPREPLY=($(compgen -d -- "$word")); return ;;
            esac
            case $verb in
            "") options="\(dashed(Globals.options)) \(verbs.map(\.name).joined(separator: " "))" ;;
        \(cases.joined(separator: "\n"))
            esac
            if [[ $word != -* && $takes == id ]]; then
                COMPREPLY=($(compgen -W "$(\(programName) ${root:+--root "$root"} list -q 2>/dev/null)" -- "$word"))
            else
                COMPREPLY=($(compgen -W "$options" -- "$word"))
            fi
        }
        complete -o default -F _apus_runtime \(programName)

        """
}

private func dashed(_ options: [Option]) -> String {
    options.filter { !$0.help.isEmpty }.map { "--" + $0.name }.joined(separator: " ")
}

/// Whether the first word of `verb` is the name of a container which exists.
private func takes(_ verb: Verb) -> String {
    let isNew = ["create", "run", "restore"].contains(verb.name)
    return verb.positionals.upperBound > 0 && verb.subject == "container ID" && !isNew ? "id" : "none"
}
