import CNICases
import CommandWords
import JSON
import Kernel
import Suite

/// `plugin`: checks a CNI plugin.
struct PluginPart: Part {
    let verb = Verb(
        "plugin", "check a CNI plugin: any program that speaks the protocol",
        usage: "--path <dir> --type <type>", subject: "plugin", positionals: 0...0,
        options: [
            .value("path", "the folder with the plugin, and with those it delegates to"),
            .value("type", "the plugin's name, as `type` of a configuration has it"),
            .value(
                "config",
                "a configuration it works with (JSON); without one the suite has its own for known types"),
            .value(
                "ipam",
                "the address manager an interface plugin is to use (default: host-local or ipam, if there)"),
            .value("profile", "what it is: interface, ipam, chained or joined"),
            .flag("auto", "find out what it is by calling it, also when its name is known"),
        ] + RunOptions.options,
        details: """
            Every case runs in namespaces of its own, with empty directories on /run, /tmp, /var/tmp, /var/lib and /dev/shm.
               Example: apus-conformance plugin --path /opt/cni/bin --type bridge --html report.html
            """)
    let catalogues = [pluginCatalogue]
    var entries: [CaseEntry] { pluginSections.flatMap(\.entries) }

    func prepare(_ arguments: Arguments) throws(Failure) -> Preparation {
        guard effectiveUserID() == 0 else {
            throw Failure("a plugin is checked in network namespaces of its own, which takes root")
        }
        let plugin = try find(arguments)
        let subject =
            "plugin \(plugin.type) (\(plugin.kind.rawValue)\(manager(of: plugin))) in \(plugin.directory)"
        return Preparation(
            subject: subject, cases: pluginSections.flatMap { $0.bound(to: plugin) },
            enclosure: enclosure(plugin))
    }

    private func manager(of plugin: Plugin) -> String {
        guard plugin.kind == .interface, let type = plugin.addressManager else { return "" }
        return ", addresses by \(type)"
    }

    private func enclosure(_ plugin: Plugin) -> Enclosure {
        Enclosure(
            emptied: ["/run", "/tmp", "/var/tmp", "/var/lib", "/dev/shm"], kept: [plugin.directory])
    }

    /// The plugin the words of the command line mean, asked for its versions and, where need be, its kind.
    private func find(_ arguments: Arguments) throws(Failure) -> Plugin {
        guard let type = arguments.value("type") else { throw arguments.usage("--type is missing") }
        guard let path = arguments.value("path") else { throw arguments.usage("--path is missing") }
        let directory = try absolute(path)
        guard findFile(type, in: [directory]) != nil else {
            throw Failure("there is no plugin \(directory)/\(type)")
        }
        var plugin = Plugin(
            directory: directory, type: type,
            configuration: try arguments.value("config").map { path throws(Failure) in
                try configuration(path, type)
            }, addressManager: arguments.value("ipam") ?? addressManager(directory))
        plugin.versions = try scout(plugin, Scout.versions, .versions).split(separator: " ").map(String.init)
        if let word = arguments.value("profile") {
            guard let kind = Plugin.Kind(rawValue: word) else {
                throw arguments.usage("--profile is interface, ipam, chained or joined, not '\(word)'")
            }
            plugin.kind = kind
        } else if arguments.flag("auto") || !Plugin.isKnown(type) {
            plugin.kind = Plugin.Kind(rawValue: try scout(plugin, Scout.kind, .kind)) ?? plugin.kind
        }
        return plugin
    }

    private func addressManager(_ directory: String) -> String? {
        ["host-local", "ipam"].first { findFile($0, in: [directory]) != nil }
    }

    private func scout(
        _ plugin: Plugin, _ section: Section<Scout>, _ fact: Scout.Fact
    ) throws(Failure) -> String {
        let scheduler = Scheduler(section.bound(to: plugin), in: enclosure(plugin), workers: 1)
        let results = try system("call the plugin") { () throws(SystemError) in try scheduler.run { _, _ in }
        }
        guard let found = results.first?.notes.first(where: { $0.name == fact.rawValue }) else {
            throw Failure(results.first?.explanation ?? "nothing came of calling the plugin")
        }
        return found.fact
    }

    /// The members of the configuration for `type` in a file: one plugin's, or a list's.
    private func configuration(_ path: String, _ type: String) throws(Failure) -> [JSONValue.Member] {
        let bytes = try system("read the configuration") { () throws(SystemError) in try readFile(path) }
        do throws(JSONError) {
            let reader = JSONReader(try JSONValue(parsing: bytes))
            var chosen = reader
            for item in try reader.optional("plugins")?.elements() ?? [] {
                if try item.optional("type")?.string() == type { chosen = item }
            }
            guard case .object(let members) = chosen.value else { return [] }
            return members
        } catch { throw Failure("\(path): \(error)") }
    }
}

/// `path` from the top, without looking whether it is there.
func absolute(_ path: String) throws(Failure) -> String {
    let full =
        path.hasPrefix("/")
        ? path
        : try system("find the current directory") { () throws(SystemError) in try currentDirectory() } + "/"
            + path
    let parts = full.split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/")
}
