public import CNISpec

/// Steps which are all tried, whatever became of the ones before; the first failure is the one to tell.
/// CNI 1.1.0, "DEL" and "GC".
public struct FirstError {
    private var error: CNIError?

    public init() {}

    /// Tries a step.
    public mutating func attempt(_ step: () throws(CNIError) -> Void) {
        do throws(CNIError) { try step() } catch { self.error = self.error ?? error }
    }

    /// Throws what the first step that failed has thrown.
    public func throwIfAny() throws(CNIError) {
        if let error { throw error }
    }
}
