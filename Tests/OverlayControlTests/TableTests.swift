import Foundation
import NamespaceRun
import Testing

/// The tables of a node's VXLAN as ip(8) and bridge(8) see them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct TableTests {
    private static let start = """
        overlay-tool ensure ab12 4097 192.0.2.1 1450 10.0.1.1/24 fd00:1::1/64
        show() { ip neighbour show dev vx-ab12 | sed 's/ *$//' | sort
            bridge fdb show dev vx-ab12 | grep -v permanent | sed 's/ *$//' | sort
            bridge fdb show dev vx-ab12 | grep self | sed 's/ *$//' | sort; }
        one=10.0.1.66,02:42:0a:00:01:42,192.0.2.2 six=fd00:1::42,02:42:0a:00:01:42,192.0.2.2
        two=10.0.1.67,02:42:0a:00:01:43,192.0.2.2 moved=10.0.1.67,02:42:0a:00:01:43,192.0.2.3

        """
    private static let first = """
        10.0.1.66 lladdr 02:42:0a:00:01:42 PERMANENT
        fd00:1::42 lladdr 02:42:0a:00:01:42 PERMANENT
        02:42:0a:00:01:42 sticky master ov-ab12 static
        02:42:0a:00:01:42 dst 192.0.2.2 self permanent

        """

    @Test func theTableBecomesWhatIsWanted() throws {
        let run = try NamespaceRun(
            Self.start + """
                overlay-tool reconcile ab12 $one $six $two; overlay-tool reconcile ab12 $one $six; show
                overlay-tool reconcile ab12 $one $six; overlay-tool reconcile ab12; show
                """)
        #expect(
            run.output == """
                (added: 7, removed: 0)
                (added: 0, removed: 3)
                \(Self.first)(added: 0, removed: 0)
                (added: 0, removed: 4)

                """, "\(run.output)")
    }

    @Test(arguments: [
        ("ip neighbour delete 10.0.1.66 dev vx-ab12", 1, 0),
        ("ip neighbour replace 10.0.1.66 lladdr 02:00:00:00:00:01 dev vx-ab12 nud permanent", 1, 0),
        ("ip neighbour replace 10.0.1.66 lladdr 02:42:0a:00:01:42 dev vx-ab12 nud stale", 1, 0),
        ("ip neighbour add 10.0.1.9 lladdr 02:00:00:00:00:01 dev vx-ab12 nud permanent", 0, 1),
        ("bridge fdb delete 02:42:0a:00:01:42 dev vx-ab12 self", 1, 0),
        ("bridge fdb delete 02:42:0a:00:01:42 dev vx-ab12 master", 1, 0),
        ("bridge fdb replace 02:42:0a:00:01:42 dev vx-ab12 dst 192.0.2.9 self permanent", 1, 1),
        ("bridge fdb replace 02:42:0a:00:01:42 dev vx-ab12 master dynamic", 1, 0),
        ("bridge fdb append 00:00:00:00:00:00 dev vx-ab12 dst 192.0.2.9 self permanent", 0, 1),
        ("bridge fdb add 02:00:00:00:00:09 dev vx-ab12 dst 192.0.2.9 self permanent", 0, 1),
        ("bridge fdb add 02:00:00:00:00:09 dev vx-ab12 master static", 0, 1),
    ])
    func whatSomebodyChangedIsPutBack(_ change: String, _ added: Int, _ removed: Int) throws {
        let run = try NamespaceRun(
            Self.start + """
                overlay-tool reconcile ab12 $one $six; \(change); overlay-tool reconcile ab12 $one $six; show
                overlay-tool reconcile ab12 $one $six
                """)
        #expect(
            run.output == """
                (added: 4, removed: 0)
                (added: \(added), removed: \(removed))
                \(Self.first)(added: 0, removed: 0)

                """, "\(run.output)")
    }

    @Test func changesComeInOneCallAndTwice() throws {
        let run = try NamespaceRun(
            Self.start + """
                overlay-tool apply ab12 +$one +$six +$two; overlay-tool apply ab12 +$one +$six +$two
                overlay-tool reconcile ab12 $one $six $two
                overlay-tool apply ab12 -$two +$moved; overlay-tool reconcile ab12 $one $six $moved
                overlay-tool apply ab12 -$moved; overlay-tool apply ab12 -$moved -$two; show
                """)
        let nothing = "(added: 0, removed: 0)\n"
        #expect(run.output == nothing + nothing + Self.first, "\(run.output)")
    }

    @Test func aDeviceOfSomebodyElseIsRefused() throws {
        let run = try NamespaceRun(
            """
            overlay-tool reconcile ab12 || :; ip link add vx-ab12 type vxlan id 5 dstport 4789
            overlay-tool reconcile ab12 || :
            """)
        #expect(
            run.output == """
                error: link show vx-ab12: No such device
                error: link show vx-ab12: No such device (it is no VXLAN of an overlay network)

                """, "\(run.output)")
    }

    /// One entry of the wrong family does not keep the others out.
    @Test func theOthersAreMadeWhenOneCannotBe() throws {
        let run = try NamespaceRun(
            Self.start + """
                overlay-tool apply ab12 +10.0.1.9,02:42:0a:00:01:09,2001:db8::1 +$one +$six || :
                overlay-tool reconcile ab12 $one $six; show
                """)
        #expect(run.lines.first?.hasPrefix("error: fdb replace 02:42:0a:00:01:09") == true, "\(run.output)")
        #expect(run.output.hasSuffix(Self.first), "\(run.output)")
    }
}
