package import JSON

/// What an image says about the containers made of it. OCI image-spec, config.md; Docker's image specification 1.2.
package struct ImageConfiguration: Hashable, Sendable {
    package var platform: Platform
    /// RFC 3339; empty when it is not said.
    package var created = ""
    package var author = ""
    /// `NAME=value` each.
    package var environment: [String] = []
    package var entrypoint: [String] = []
    package var command: [String] = []
    /// `user`, `uid`, `user:group` or `uid:gid`; empty is root.
    package var user = ""
    /// Absolute; empty is `/`.
    package var workingDirectory = ""
    /// `80/tcp`, `53/udp` and so on, sorted.
    package var exposedPorts: [String] = []
    /// Paths in the container which get a volume of their own, sorted.
    package var volumes: [String] = []
    /// A name or a number; empty is `SIGTERM`.
    package var stopSignal = ""
    package var labels: [String: String] = [:]
    package var healthcheck: Healthcheck?
    /// The digests of the layers' uncompressed archives, the lowest layer first.
    package var diffIDs: [ContentDigest] = []
    package var history: [History] = []

    package init(platform: Platform) { self.platform = platform }

    /// How to find out whether the program works.
    package struct Healthcheck: Hashable, Sendable {
        /// `["NONE"]`, `["CMD", argument...]` or `["CMD-SHELL", command]`; empty inherits.
        package var test: [String] = []
        /// Nanoseconds; 0 inherits the engine's default, as for the two below.
        package var interval: Int64 = 0
        package var timeout: Int64 = 0
        package var startPeriod: Int64 = 0
        /// Failures in a row; 0 inherits.
        package var retries: Int64 = 0
    }

    /// One step of how the image was made.
    package struct History: Hashable, Sendable {
        /// RFC 3339; empty when it is not said.
        package var created = ""
        package var createdBy = ""
        package var comment = ""
        /// It made no layer.
        package var isEmptyLayer = false
    }
}

extension ImageConfiguration {
    /// Reads the document; unknown members are not an error.
    package init(_ reader: JSONReader) throws(JSONError) {
        platform = try Platform(reader)
        created = try reader.optional("created")?.string() ?? ""
        author = try reader.optional("author")?.string() ?? ""
        if let config = try reader.optional("config") { try readConfig(config) }
        let rootfs = try reader.required("rootfs")
        guard try rootfs.optional("type")?.string() ?? "layers" == "layers" else {
            throw try rootfs.required("type").notAllowed("only \"layers\" is supported")
        }
        for element in try rootfs.optional("diff_ids")?.elements() ?? [] {
            diffIDs.append(try element.digest())
        }
        for element in try reader.optional("history")?.elements() ?? [] {
            history.append(try History(element))
        }
    }

    private mutating func readConfig(_ reader: JSONReader) throws(JSONError) {
        environment = try reader.optional("Env")?.strings() ?? []
        entrypoint = try reader.optional("Entrypoint")?.stringOrStrings() ?? []
        command = try reader.optional("Cmd")?.stringOrStrings() ?? []
        user = try reader.optional("User")?.string() ?? ""
        workingDirectory = try reader.optional("WorkingDir")?.string() ?? ""
        exposedPorts = try reader.optional("ExposedPorts")?.names() ?? []
        volumes = try reader.optional("Volumes")?.names() ?? []
        stopSignal = try reader.optional("StopSignal")?.string() ?? ""
        labels = try reader.optional("Labels")?.stringMap() ?? [:]
        if let check = try reader.optional("Healthcheck") { healthcheck = try Healthcheck(check) }
    }

    /// The document, always the same for the same value.
    package var bytes: [UInt8] {
        var object = JSONObject()
        if !created.isEmpty { object.set("created", created) }
        if !author.isEmpty { object.set("author", author) }
        object.set("architecture", platform.architecture)
        if !platform.variant.isEmpty { object.set("variant", platform.variant) }
        object.set("os", platform.os)
        object.set("config", config)
        var rootfs = JSONObject()
        rootfs.set("type", "layers")
        rootfs.set("diff_ids", JSONValue.array(diffIDs.map { .string("\($0)") }))
        object.set("rootfs", rootfs)
        object.set("history", history) { $0.json }
        return Array(object.value.text.utf8)
    }

    /// What a container inherits, as `inspect` shows it.
    package var config: JSONObject {
        var object = JSONObject()
        if !user.isEmpty { object.set("User", user) }
        object.set("ExposedPorts", Self.set(exposedPorts))
        object.set("Env", environment)
        object.set("Entrypoint", entrypoint)
        object.set("Cmd", command)
        object.set("Volumes", Self.set(volumes))
        if !workingDirectory.isEmpty { object.set("WorkingDir", workingDirectory) }
        object.set("Labels", labels)
        if !stopSignal.isEmpty { object.set("StopSignal", stopSignal) }
        if let healthcheck { object.set("Healthcheck", healthcheck.json) }
        return object
    }

    /// Go's way to write a set: an object of empty objects.
    private static func set(_ names: [String]) -> JSONObject {
        var object = JSONObject()
        for name in names { object.set(name, JSONObject().value) }
        return object
    }
}

extension ImageConfiguration.Healthcheck {
    init(_ reader: JSONReader) throws(JSONError) {
        test = try reader.optional("Test")?.strings() ?? []
        interval = try reader.optional("Interval")?.integer() ?? 0
        timeout = try reader.optional("Timeout")?.integer() ?? 0
        startPeriod = try reader.optional("StartPeriod")?.integer() ?? 0
        retries = try reader.optional("Retries")?.integer() ?? 0
    }

    var json: JSONObject {
        var object = JSONObject()
        object.set("Test", test)
        if interval != 0 { object.set("Interval", interval) }
        if timeout != 0 { object.set("Timeout", timeout) }
        if startPeriod != 0 { object.set("StartPeriod", startPeriod) }
        if retries != 0 { object.set("Retries", retries) }
        return object
    }
}

extension ImageConfiguration.History {
    init(_ reader: JSONReader) throws(JSONError) {
        created = try reader.optional("created")?.string() ?? ""
        createdBy = try reader.optional("created_by")?.string() ?? ""
        comment = try reader.optional("comment")?.string() ?? ""
        isEmptyLayer = try reader.optional("empty_layer")?.boolean() ?? false
    }

    var json: JSONValue {
        var object = JSONObject()
        if !created.isEmpty { object.set("created", created) }
        if !createdBy.isEmpty { object.set("created_by", createdBy) }
        if !comment.isEmpty { object.set("comment", comment) }
        if isEmptyLayer { object.set("empty_layer", true) }
        return object.value
    }
}

extension JSONReader {
    /// A list of strings, or one string, as Docker's oldest images have it.
    fileprivate func stringOrStrings() throws(JSONError) -> [String] {
        if case .string(let one) = value { return [one] }
        return try strings()
    }

    /// The names of an object's members, sorted: how Go writes a set.
    fileprivate func names() throws(JSONError) -> [String] {
        guard case .object(let members) = value else { return try members().map(\.name) }
        return members.map(\.name).sorted()
    }
}
