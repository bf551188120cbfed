internal import JSON

extension Sysctl {
    /// The file below `/proc/sys`, for example `net/ipv4/conf/eth0.100/rp_filter`.
    ///
    /// As in sysctl(8) the first separator of the name decides: `net.ipv4.conf.eth0/100.rp_filter` and
    /// `net/ipv4/conf/eth0.100/rp_filter` are the same file.
    public var path: String {
        let dot = UInt8(ascii: ".")
        let slash = UInt8(ascii: "/")
        guard name.utf8.first(where: { $0 == dot || $0 == slash }) == dot else { return name }
        let bytes = name.utf8.map { $0 == dot ? slash : $0 == slash ? dot : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Linux {
    /// Parameters of an ipc namespace, besides `fs.mqueue`.
    private static let ipcParameters = [
        "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall", "kernel/shmmax",
        "kernel/shmmni", "kernel/shm_rmid_forced",
    ]

    /// Allows what belongs to a namespace the container has. Everything else would change the host.
    ///
    /// Whether a namespace that is joined is the host's own cannot be seen here.
    func validate(_ parameter: Sysctl, at path: String) throws(JSONError) {
        let file = parameter.path
        let place = { JSONError.path(path, parameter.name) }
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        try require(
            parts.count > 1 && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }, place(),
            "is no name of a kernel parameter")
        try require(
            file != "kernel/hostname", place(), "is set by the member hostname of the configuration")
        guard let type = Self.owner(of: file, parts) else {
            throw JSONError(
                path: place(),
                problem: .notAllowed(
                    "belongs to no namespace, so it cannot be set for a container "
                        + "(allowed: net.*, user.*, fs.mqueue.*, kernel.domainname and kernel.{msg*,sem,shm*})"
                ))
        }
        try require(
            namespace(type) != nil, place(), "needs a namespace of type \(type.rawValue) in linux.namespaces")
    }

    private static func owner(of file: String, _ parts: [Substring]) -> Namespace.Kind? {
        if ipcParameters.contains(file) || file.hasPrefix("fs/mqueue/") { return .ipc }
        if file == "kernel/domainname" { return .uts }
        switch parts[0] {
        case "net": return .network
        case "user": return .user
        default: return nil
        }
    }
}
