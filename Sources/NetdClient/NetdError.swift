internal import Kernel

/// Why `apus-netd` did not do what it was asked.
package enum NetdError: Error, Hashable, Sendable {
    /// It understood, and did not do it.
    case refused(NetdRefusal)
    /// The program is nowhere; `places` is where it was looked for.
    case missing(places: [String])
    /// It was started and ended instead of answering; the text is what it said.
    case notStarted(program: String, String)
    /// It took the call and did not answer, or not in words of ours.
    case silent(String)
    /// The kernel refused something on this side.
    case kernel(String)
}

extension NetdError: CustomStringConvertible {
    /// One sentence for a person.
    package var description: String {
        switch self {
        case .refused(let refusal): "apus-netd: \(refusal)"
        case .missing(let places):
            "apus-netd is not there: looked for \(places.joined(separator: ", ")); "
                + "APUS_NETD=PATH says where it is"
        case .notStarted(let program, let reason): "\(program) does not start: \(reason)"
        case .silent(let reason): "apus-netd does not answer: \(reason)"
        case .kernel(let reason): reason
        }
    }
}
