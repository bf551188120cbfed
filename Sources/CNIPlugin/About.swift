internal import CNISpec

extension Plugin {
    /// What the program says when it is started without an operation. nerdctl reads the first line.
    static var about: String {
        "CNI \(name) plugin v\(version)\n"
            + "CNI protocol versions supported: \(supportedVersions.map { $0.rawValue }.joined(separator: ", "))\n"
    }

    /// What a person who starts the program on a terminal reads besides.
    static var manual: String {
        """
        \(help)

        A container runtime starts this program: the operation stands in CNI_COMMAND (ADD, DEL, CHECK, STATUS,
        GC, VERSION), its subject in CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME and CNI_PATH, and the network's
        configuration on standard input. By hand:

          ip netns add blue
          export CNI_CONTAINERID=test CNI_NETNS=/run/netns/blue CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin
          echo '{"cniVersion":"\(supportedVersions.last ?? .latest)","name":"test","type":"\(name)"}' >test.conf
          CNI_COMMAND=ADD \(name) <test.conf
          CNI_COMMAND=DEL \(name) <test.conf

        """
    }
}
