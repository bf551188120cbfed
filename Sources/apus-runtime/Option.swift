/// One option of a command, or of the program: a row of the table that the parser and the help read.
struct Option {
    /// The long name, without dashes.
    let name: String
    /// The one-letter name.
    let short: String?
    let form: Form
    /// What the help says; empty hides the option.
    let help: String

    enum Form {
        /// Stands alone; `--name=false` takes it back.
        case flag
        /// Takes one value; the last one given counts.
        case value
        /// Takes a value, and may be given again.
        case list
    }

    static func flag(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .flag, help: help)
    }

    static func value(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .value, help: help)
    }

    static func list(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .list, help: help)
    }

    /// What every command has.
    static var helpFlag: Option { .flag("help", short: "h", "show help") }
}
