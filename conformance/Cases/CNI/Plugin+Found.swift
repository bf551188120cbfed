package import JSON
import Suite

extension Plugin {
    /// The plugin `type` in `directory`, before anything of it was run.
    ///
    /// `configuration`: the members of a configuration file, or `nil` for what is known of the type. `addressManager`: its
    /// `type`. The kind is a guess where the type is unknown: see ``isKnown(_:)``.
    package init(
        directory: String, type: String, configuration: [JSONValue.Member]?, addressManager: String?
    ) {
        let recipe = Recipe.known(type)
        self.directory = directory
        self.type = type
        kind = recipe?.kind ?? .interface
        preparation = configuration == nil ? recipe?.preparation ?? [] : []
        interface = recipe?.interface ?? "eth0"
        namespace = configuration == nil ? recipe?.ownNamespace : nil
        versions = []
        capabilities = recipe?.capabilities ?? []
        givesAddresses = recipe?.hasOwnAddresses ?? false
        if let configuration {
            let declared = configuration.first { $0.name == "capabilities" }?.value
            if case .object(let members)? = declared {
                capabilities = members.filter { $0.value == .boolean(true) }.map(\.name)
            }
            members = configuration.filter {
                !["cniVersion", "name", "type", "capabilities"].contains($0.name)
            }
        } else {
            members = recipe?.ownMembers ?? []
            if let manager = kind == .ipam ? type : addressManager, recipe?.takesAddresses ?? true {
                members.append(.init("ipam", Recipe.addresses(manager)))
            }
        }
    }

    /// Whether the suite knows what a plugin of `type` is.
    package static func isKnown(_ type: String) -> Bool { Recipe.known(type) != nil }
}

extension Recipe {
    fileprivate var ownMembers: [JSONValue.Member] {
        guard case .object(let members) = JSONValue.literal(members) else { return [] }
        return members
    }
}
