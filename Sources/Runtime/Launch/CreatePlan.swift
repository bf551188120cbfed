internal import Kernel
internal import OCISpec
internal import Seccomp

/// What `create` will do, worked out before anything is touched.
struct CreatePlan {
    let configuration: Configuration
    let options: CreateOptions
    let inherited: InheritedDescriptors
    let namespaces: NamespacePlan
    let rootfs: RootfsPlan
    var cgroups: CgroupMountFacts
    /// Compiled here, so that the container's process only has to load it.
    let seccomp: SeccompProgram?
    let record: ContainerRecord

    /// The user's program. A document without one cannot be started; it gets an empty one here.
    var process: Process { configuration.process ?? Process() }

    /// Whether the container's process must stop for the runtime before it goes on.
    ///
    /// Hooks inside the container are told the pid as the runtime counts, so they need the stop, too.
    var needsMeeting: Bool {
        let hooks = configuration.hooks
        return !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty || !hooks.createContainer.isEmpty
            || !hooks.startContainer.isEmpty || !configuration.linux.netDevices.isEmpty
    }
}
