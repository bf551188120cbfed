import ImageStore
import JSON
import Kernel

/// The image store on the command line, for the suites of Tests/Images: `image-tool ROOT VERB [ARGUMENT...] [--OPTION VALUE...]`.
struct Call {
    private(set) var words: [String] = []
    private var options: [String: [String]] = [:]

    init(_ arguments: [String]) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word.hasPrefix("--"), let value = rest.popFirst() {
                options[String(word.dropFirst(2)), default: []].append(value)
            } else {
                words.append(word)
            }
        }
    }

    func word(_ index: Int) -> String {
        guard words.indices.contains(index) else { fail("argument \(index) is missing") }
        return words[index]
    }

    func option(_ name: String) -> String? { options[name]?.last }
    func all(_ name: String) -> [String] { options[name] ?? [] }

    var platform: Platform? { option("platform").flatMap { Platform($0) } }

    func name() throws(ImageError) -> ImageReference? {
        guard let text = option("name") else { return nil }
        return try ImageReference(text)
    }

    /// `--user ID=NAME` is a container which does not run, `--running ID=NAME` one which does.
    var users: [ImageUser] {
        all("user").compactMap { user($0, isRunning: false) }
            + all("running").compactMap { user($0, isRunning: true) }
    }

    private func user(_ text: String, isRunning: Bool) -> ImageUser? {
        let parts = text.split(separator: "=").map(String.init)
        return ContentDigest(hex: parts[0]).map { ImageUser(image: $0, name: parts[1], isRunning: isRunning) }
    }
}

func fail(_ text: String) -> Never {
    writeError(Array("\(text)\n".utf8))
    exitNow(1)
}

func open(_ path: String) -> FileDescriptor {
    do throws(SystemError) {
        return path == "-" ? FileDescriptor(owning: 0) : try .open(path)
    } catch { fail("\(error)") }
}

func show(_ removed: RemovedImages) {
    for name in removed.untagged { print("untagged \(name)") }
    for id in removed.deleted { print("deleted \(id)") }
    print("freed \(removed.freedBytes)")
}

func show(_ images: [AddedImage]) {
    for image in images { print("\(image.id.hex) \(image.platform) \(image.names.joined(separator: ","))") }
}

func show(_ image: ImageDetails) {
    var object = JSONObject()
    object.set("id", image.id.hex)
    object.set("manifest", image.manifest.hex)
    object.set("tags", image.tags)
    object.set("digests", image.digests)
    object.set("size", image.size)
    object.set("platform", "\(image.configuration.platform)")
    object.set("created", image.configuration.created)
    object.set("config", image.configuration.config)
    object.set("chain", image.chain.map(\.hex))
    print(object.value.text)
}

func pull(_ store: ImageStore, _ call: Call) throws(ImageError) {
    var options = PullOptions()
    options.platform = call.platform
    options.insecureRegistries = Set(call.all("insecure"))
    if let seconds = call.option("patience").flatMap({ Int32($0) }) { options.patience = seconds }
    options.progress = { progress in
        switch progress {
        case .present(let blob): print("present \(blob.short)")
        case .receiving(let blob, let done, let total):
            if done == total { print("received \(blob.short) \(total)") }
        case .delegated: print("delegated")
        }
    }
    show([try store.pull(try ImageReference(call.word(2)), options)])
}

func mount(_ store: ImageStore, _ call: Call) throws(ImageError) {
    let plan = try store.mountPlan(call.word(2), upper: call.word(3), work: call.word(4))
    for path in plan.lower { print("lower \(path)") }
    switch try plan.mount(on: call.word(5)) {
    case .overlay: print("overlay")
    case .copied(let reason): print("copied: \(reason)")
    }
}

func run(_ call: Call) throws(ImageError) {
    if call.word(1) == "unmount" { return try MountPlan.unmount(call.word(2)) }
    var store = try ImageStore(at: call.word(0))
    if let bytes = call.option("total").flatMap({ Int64($0) }) { store.limits.totalBytes = bytes }
    if let bytes = call.option("file").flatMap({ Int64($0) }) { store.limits.fileBytes = bytes }
    if let entries = call.option("entries").flatMap({ Int($0) }) { store.limits.entries = entries }
    if let bytes = call.option("paths").flatMap({ Int($0) }) { store.limits.pathBytes = bytes }
    switch call.word(1) {
    case "open": break
    case "load" where call.word(2) == "-":
        show(try store.load(from: open("-"), called: "stdin", name: try call.name(), platform: call.platform))
    case "load": show(try store.load(call.word(2), name: try call.name(), platform: call.platform))
    case "import":
        var configuration = ImageConfiguration(platform: .host)
        configuration.created = "2024-01-01T00:00:00Z"
        configuration.command = ["/bin/sh"]
        show([
            try store.importRoot(
                open(call.word(2)), called: call.word(2), name: try call.name(), configuration: configuration)
        ])
    case "save": try store.save(Array(call.words.dropFirst(3)), to: call.word(2))
    case "images": for image in try store.images() { show(image) }
    case "inspect": show(try store.image(call.word(2)))
    case "tag": try store.tag(call.word(2), as: try ImageReference(call.word(3)))
    case "remove":
        show(try store.remove(call.word(2), users: { call.users }, force: call.option("force") == "yes"))
    case "prune": show(try store.prune(all: call.option("all") == "yes", users: { call.users }))
    case "pull": try pull(store, call)
    case "mount": try mount(store, call)
    default: fail("unknown verb \(call.word(1))")
    }
}

do throws(ImageError) {
    try run(Call(Array(CommandLine.arguments.dropFirst())))
} catch { fail("\(error)") }
