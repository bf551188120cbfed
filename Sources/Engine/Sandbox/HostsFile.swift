internal import Addressing

/// A container's `/etc/hosts`. hosts(5)
struct HostsFile {
    /// A line: an address, and what it is called.
    struct Line: Hashable {
        var address: IPAddress
        var names: String
    }

    /// `--add-host`
    var extra: [Line] = []
    /// Other containers, `--link`.
    var links: [Line] = []
    /// The container itself, once for each network.
    var own: [Line] = []

    /// The whole file. Its own lines come last: a name somebody added is found first.
    var text: String {
        let lines = (extra + links + own).map { "\($0.address)\t\($0.names)\n" }
        return Self.head + lines.joined()
    }

    private static let head = """
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::0\tip6-localnet
        ff00::0\tip6-mcastprefix
        ff02::1\tip6-allnodes
        ff02::2\tip6-allrouters

        """
}
