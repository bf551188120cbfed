import Addressing
import NamespaceRun
import Netlink
import Testing

/// Sockets that wait, as sock_diag(7) tells of them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct ListenerTests {
    /// `hold` binds and listens; `::` of the tool takes IPv4 as well.
    private let landscape = """
        mount -t proc proc /proc; mount -o remount,rw /proc/sys 2>/dev/null || :
        ip link set lo up; hold() { peer-tool hold "$@" >/run/held & until grep -qs ready /run/held; do sleep 0.01; done; : >/run/held; }
        hold tcp 127.0.0.1 80; hold tcp 0.0.0.0 81; hold tcp :: 82; hold udp ::1 83; hold udp 0.0.0.0 84
        echo 1 >/proc/sys/net/ipv6/bindv6only; hold tcp :: 85

        """

    @Test func whoWaitsIsSeenAndNobodyElse() throws {
        // A client has a port, too, and a datagram socket with a peer waits for that one only.
        let run = try NamespaceRun(
            landscape + """
                peer-tool ask udp 127.0.0.1 84 4000 >/dev/null & peer-tool ask tcp 127.0.0.1 81 4001 >/dev/null & sleep 0.1
                netlink-tool listeners 6; echo -; netlink-tool listeners 17; echo -; netlink-tool listeners 250
                """)
        #expect(
            run.lines == [
                "0.0.0.0 81 false true", "127.0.0.1 80 false true", ":: 82 false true", ":: 85 true true",
                "-",
                "0.0.0.0 84 false true", "::1 83 true true", "-",
            ], "\(run)")
    }
}
