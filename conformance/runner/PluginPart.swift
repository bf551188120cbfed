import CNICases
import CommandWords
import Suite

/// `plugin`: checks a CNI plugin.
struct PluginPart: Part {
    let verb = Verb(
        "plugin", "check a CNI plugin: any program that speaks the protocol", usage: "", subject: "plugin",
        positionals: 0...0, options: RunOptions.options)
    let catalogues: [Catalogue] = []
    let entries: [CaseEntry] = []

    func prepare(_ arguments: Arguments) throws(Failure) -> Preparation {
        Preparation(subject: "plugin", cases: [], enclosure: Enclosure())
    }
}
