/// The plugin under test, as far as it is known before the first case.
package struct Plugin: Hashable, Sendable {
    /// The `type` of its configuration, and the name of its program.
    package var type: String

    package init(type: String) { self.type = type }
}
