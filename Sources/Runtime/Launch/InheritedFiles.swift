internal import Kernel

/// Open files the runtime leaves to the container's process, because only the runtime can open them.
struct InheritedFiles: ~Copyable {
    /// Where the process waits for `start`; open for reading and writing, so that it never sees an end.
    var fifo: FileDescriptor
    /// Connected to whoever wants the terminal's master side.
    var console: FileDescriptor?
    /// Mounts which need the host's view.
    var mounts: HostMounts?
}
