internal import JSON

extension CNIError {
    /// No program called `type` is in one of `directories`. `key`: where the configuration names it.
    public init(missingPlugin type: String, directories: [String], key: String) {
        self.init(
            .invalidConfiguration,
            "failed to find plugin \"\(type)\" in path [\(directories.joined(separator: " "))]",
            details: "\(key) is \"\(type)\"; CNI_PATH has no program of this name")
    }

    /// The error of a plugin which ended badly: the object it printed, or, where there is none, words for what happened.
    ///
    /// `errorText` is what it wrote to standard error; `ending` how it ended, for example `exit status 1`.
    public init(output: [UInt8], errorText: String, ending: String) {
        guard !output.isEmpty else {
            self.init(
                .internalFailure,
                errorText.isEmpty
                    ? "netplugin failed with no error message: \(ending)"
                    : "netplugin failed: \(JSONValue.string(errorText).text): \(ending)")
            return
        }
        do throws(JSONError) {
            let value = try JSONValue(parsing: output, as: .forgiving)
            try self.init(JSONReader(value, as: .forgiving))
        } catch {
            let text = JSONValue.string(String(decoding: output, as: UTF8.self)).text
            self.init(
                .internalFailure,
                "netplugin failed but error parsing its diagnostic message \(text): \(error)")
        }
    }
}
