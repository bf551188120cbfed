internal import JSON

extension CNIError {
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
