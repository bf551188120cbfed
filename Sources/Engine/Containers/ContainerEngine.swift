package import Kernel

/// What containers are made with: where their files are, and the programs that do the work.
package struct ContainerEngine: Sendable {
    package var paths: EnginePaths
    /// The variables programs are started with.
    package var environment: Environment
    /// The OCI runtime of containers which were created without one: a name or a path.
    package var defaultRuntime: String
    /// Path of the program `apus`, which conmon runs when a container has ended.
    package var program: String

    package init(
        paths: EnginePaths, environment: Environment, program: String, defaultRuntime: String = "apus-runtime"
    ) {
        self.paths = paths
        self.environment = environment
        self.program = program
        self.defaultRuntime = defaultRuntime
    }

    /// Where CNI plugins are looked for: `CNI_PATH`, else beside `apus` and in the usual places.
    package var pluginDirectories: [String] {
        NetworkEnvironment.pluginDirectories(search: environment["CNI_PATH"], program: program)
    }

    /// Where a program is: a path as it is, a name beside `apus`, then in `PATH`.
    package func programPath(_ name: String) throws(EngineError) -> String {
        if name.contains("/") {
            if name.hasPrefix("/") { return name }
            return try EngineError.step("find \(name)") { () throws(SystemError) in
                try currentDirectory() + "/" + name
            }
        }
        let home = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        let path = environment["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        guard let found = findFile(name, in: [home] + path.split(separator: ":").map(String.init)) else {
            throw EngineError("\(name) is not installed: it is neither beside \(program) nor in PATH")
        }
        return found
    }

    /// The OCI runtime of a container.
    package func runtime(of record: ContainerRecord) throws(EngineError) -> OCIRuntime {
        let name = record.runtime.isEmpty ? defaultRuntime : record.runtime
        let path = try programPath(name)
        let folder = path.split(separator: "/").last.map(String.init) ?? name
        return OCIRuntime(path: path, root: paths.runtimes + "/" + folder, environment: environment.words)
    }
}
