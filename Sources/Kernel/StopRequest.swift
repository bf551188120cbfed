/// What may make a program end before its time, for ``Program/run(until:)``.
public struct StopRequest {
    /// Readable when there may be a request.
    let descriptor: Int32
    /// Takes what made the descriptor readable; whether the program has to end.
    let isMeant: () -> Bool

    public init(descriptor: Int32, isMeant: @escaping () -> Bool) {
        self.descriptor = descriptor
        self.isMeant = isMeant
    }
}
