/// The addresses of a store's members, the one to ask first in front.
package struct EndpointOrder: Hashable, Sendable {
    package private(set) var endpoints: [String]

    package init(_ endpoints: [String]) { self.endpoints = endpoints }

    /// It answered: it is asked first from now on.
    package mutating func answered(_ endpoint: String) {
        guard endpoints.first != endpoint, let index = endpoints.firstIndex(of: endpoint) else { return }
        endpoints.insert(endpoints.remove(at: index), at: 0)
    }

    /// It did not: it is asked last.
    package mutating func failed(_ endpoint: String) {
        guard let index = endpoints.firstIndex(of: endpoint) else { return }
        endpoints.append(endpoints.remove(at: index))
    }
}
