internal import JSON
internal import Kernel

/// What `inspect` found, and why it did not find the rest.
package struct InspectionResult: Sendable {
    package var text: String
    package var errors: [EngineError] = []
}

/// What `inspect` looks for.
package enum InspectionKind: String, CaseIterable, Sendable {
    case container, image, network, volume
}

extension ContainerEngine {
    /// Everything about what has the `names`, as `format` wants it: a list, `json`, or a template for each.
    ///
    /// `kind`: only that; `nil` takes the first of all kinds, in their order. `withSize`: how much containers have changed.
    package func inspect(
        _ names: [String], _ kind: InspectionKind? = nil, withSize: Bool = false, format: String?
    ) throws(EngineError) -> InspectionResult {
        var (list, errors): (InspectionList, [EngineError]) = (InspectionList(), [])
        for name in names {
            do throws(EngineError) { list.add(try inspected(name, kind, withSize)) } catch {
                errors.append(error)
            }
        }
        return InspectionResult(text: try list.text(format: format), errors: errors)
    }

    private func inspected(
        _ name: String, _ kind: InspectionKind?, _ withSize: Bool
    ) throws(EngineError) -> JSONValue {
        if let kind { return try inspected(name, as: kind, withSize) }
        for kind in InspectionKind.allCases {
            do throws(EngineError) { return try inspected(name, as: kind, withSize) } catch {
                guard error.kind == .notFound else { throw error }
            }
        }
        throw EngineError("No such object: \(name)", .notFound)
    }

    private func inspected(
        _ name: String, as kind: InspectionKind, _ withSize: Bool
    ) throws(EngineError) -> JSONValue {
        switch kind {
        case .container: return try container(name).inspected(withSize: withSize)
        case .image: return try images().inspected(name)
        case .network:
            let store = NetworkStore(networkEnvironment)
            return try store.inspection(try store.find(name))
        case .volume: return volumes.inspected(try volumes.volume(name))
        }
    }
}
