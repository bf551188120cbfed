/// The commands by the words a person types.
enum VerbName: String, CaseIterable {
    case checkpoint, completion, create, delete, events, exec, features, kill, list, pause, ps, restore
    case resume, run, spec, start, state, update
}
