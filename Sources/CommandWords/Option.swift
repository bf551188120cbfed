/// One option of a command, or of the program: a row of the table that the parser and the help read.
package struct Option {
    /// The long name, without dashes.
    package let name: String
    /// The one-letter name.
    package let short: String?
    package let form: Form
    /// What the help says; empty hides the option.
    package let help: String

    /// How the option is written.
    package enum Form {
        /// Stands alone; `--name=false` takes it back.
        case flag
        /// Takes one value; the last one given counts.
        case value
        /// Takes a value, and may be given again.
        case list
    }

    /// An option that stands alone.
    package static func flag(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .flag, help: help)
    }

    /// An option with one value.
    package static func value(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .value, help: help)
    }

    /// An option that may be given again.
    package static func list(_ name: String, short: String? = nil, _ help: String) -> Option {
        Option(name: name, short: short, form: .list, help: help)
    }

    /// What every command has.
    package static var helpFlag: Option { .flag("help", short: "h", "show help") }
}
