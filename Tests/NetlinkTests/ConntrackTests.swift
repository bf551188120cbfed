import NamespaceRun
import Testing

/// Connections as the kernel keeps them, beside what conntrack(8) says.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct ConntrackTests {
    private let landscape = """
        ip link set lo up; peer-tool serve x 8080 >/dev/null & sleep 0.2
        nft add table inet n; nft add chain inet n o '{ type nat hook output priority -100; }'
        nft add rule inet n o meta l4proto '{ tcp, udp }' th dport 53 redirect to :8080
        for kind in tcp udp; do for target in 127.0.0.1 ::1; do for port in 53 8080; do
            peer-tool ask $kind $target $port >/dev/null; done; done; done

        """

    @Test func connectionsAreCountedAndFiltered() throws {
        let run = try NamespaceRun(
            landscape + """
                echo $(netlink-tool conntrack count) $(conntrack -C)
                netlink-tool conntrack list v4 17; netlink-tool conntrack list v6 6 53
                netlink-tool conntrack list v4 6 53 127.0.0.2; netlink-tool conntrack list v4 6 8080 127.0.0.1
                """)
        #expect(run.lines.first == "8 8", "\(run)")
        #expect(
            run.lines.dropFirst().sorted() == [
                "17 127.0.0.1 127.0.0.1 53 127.0.0.1 8080 true",
                "17 127.0.0.1 127.0.0.1 8080 127.0.0.1 8080 false",
                "6 127.0.0.1 127.0.0.1 8080 127.0.0.1 8080 false", "6 ::1 ::1 53 ::1 8080 true",
            ], "\(run)")
    }

    @Test func whatWasFoundIsForgotten() throws {
        let run = try NamespaceRun(
            landscape + """
                netlink-tool conntrack delete v4 17 53; conntrack -L -p udp 2>/dev/null | wc -l
                netlink-tool conntrack delete v6; netlink-tool conntrack delete v6
                conntrack -L -f ipv6 2>/dev/null | wc -l; conntrack -L 2>/dev/null | wc -l
                """)
        #expect(run.lines == ["3", "0", "3"], "\(run)")
    }
}
