/// Something that is not as it should be.
package struct Finding: Hashable, Sendable {
    /// Which container, network or file.
    package let subject: String
    package let reason: String
    /// Why it could not be put right; `nil` when it was, or nobody tried.
    package var failure: String?
    /// Whether it is only worth knowing: nothing differs from what is stored, and there is nothing to put right.
    package let isRemark: Bool

    init(subject: String, reason: String, failure: String? = nil, isRemark: Bool = false) {
        self.subject = subject
        self.reason = reason
        self.failure = failure
        self.isRemark = isRemark
    }

    /// Runs `repair` if `repairs` says so, and remembers why it failed.
    init(_ subject: String, _ reason: String, _ repairs: Bool, _ repair: () throws(EngineError) -> Void) {
        self.init(subject: subject, reason: reason)
        guard repairs else { return }
        do throws(EngineError) { try repair() } catch { failure = "\(error)" }
    }
}
