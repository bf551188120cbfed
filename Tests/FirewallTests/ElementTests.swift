import NamespaceRun
import Testing

private let tool = "firewall-tool "
private let web = "masquerade=10.1.0.2 home=10.1.0.2,br0 hairpin=10.1.0.2,br0 publish=10.1.0.2,8080,tcp,80 "
private let all =
    web + """
        except=10.0.0.0,10.255.255.255,tcp,80,0.0.0.0,255.255.255.255 except=fd00::,fd00::ff,tcp,80,::1,::1 \
        publish=10.1.0.2,8080,udp,80,10.0.0.1 clients=10.1.0.2 itself=10.1.0.2 itself=fd00::2 \
        guarded=fd00::2 internal=10.1.0.2 \
        same-bridge=10.1.0.2 same-bridge-home=fd00::2,br0 checked=veth1 mac=veth1,02:42:0a:01:00:02 \
        publish=fd00::2,8080,sctp,80 publish=fd00::2,8080,tcp,81,fd00::1

        """

/// Elements of the sets, as nft(8) sees them.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct ElementTests {
    @Test func theRulesetIsOneNFTWouldHaveWritten() throws {
        let run = try NamespaceRun(
            tool + "add net/ctr/eth0/bridge " + all + """
                cd /run
                nft list ruleset >a; nft --debug=netlink list ruleset >a.steps
                nft flush ruleset; nft -f a
                nft list ruleset >b; nft --debug=netlink list ruleset | grep -v byteorder >b.steps
                # nft turns round the single byte of a protocol, which changes nothing.
                cmp a b; cmp a.steps b.steps; grep -c comment a; grep 'net ctr' a
                """)
        #expect(run.code == 0, "\(run)")
        for element in [
            "10.0.0.0/8 . 0.0.0.0/0 . tcp . 80 comment", "fd00::/120 . ::1 . tcp . 80 comment",
            "10.1.0.2 . \"br0\" comment", "fd00::2 . \"br0\" comment",
            "\"veth1\" . 02:42:0a:01:00:02 comment",
            "tcp . 80 comment \"net ctr eth0 bridge\" : 10.1.0.2 . 8080",
            "10.0.0.1 . udp . 80 comment \"net ctr eth0 bridge\" : 10.1.0.2 . 8080",
            "fd00::1 . tcp . 81 comment \"net ctr eth0 bridge\" : fd00::2 . 8080",
            "sctp . 80 comment \"net ctr eth0 bridge\" : fd00::2 . 8080",
        ] { #expect(run.output.contains(element), "\(element) in \(run)") }
    }

    @Test func anAddThatCannotBeWholeIsNothing() throws {
        let run = try NamespaceRun(
            """
            \(tool)add net/one/eth0/portmap publish=10.1.0.2,80,tcp,80
            \(tool)add net/two/eth0/portmap publish=10.1.0.3,80,tcp,81 publish=10.1.0.3,80,tcp,80 || :
            nft list map inet apus_cni dnat4
            """)
        #expect(
            run.lines.first
                == "error: 0.0.0.0:80/tcp is already published by container one (eth0) of network net",
            "\(run)")
        #expect(!run.output.contains("net two") && run.output.contains("net one eth0 portmap"))
    }

    @Test(arguments: [
        ("publish=10.1.0.2,80,tcp,80", "publish=10.1.0.3,80,tcp,80,10.0.0.1", true),
        ("publish=10.1.0.2,80,tcp,80,10.0.0.1", "publish=10.1.0.3,80,tcp,80", true),
        ("publish=10.1.0.2,80,tcp,80,10.0.0.1", "publish=10.1.0.3,80,tcp,80,10.0.0.1", true),
        ("publish=10.1.0.2,80,tcp,80,10.0.0.1", "publish=10.1.0.3,80,tcp,80,10.0.0.2", false),
        ("publish=10.1.0.2,80,tcp,80,10.0.0.1", "publish=10.1.0.3,80,udp,80,10.0.0.1", false),
        ("publish=10.1.0.2,80,tcp,80", "publish=10.1.0.3,80,udp,80", false),
        ("publish=10.1.0.2,80,tcp,80", "publish=fd00::3,80,tcp,80", false),
        ("publish=10.1.0.2,80,tcp,80", "publish=10.1.0.3,80,tcp,8080", false),
    ])
    func aPortIsPublishedOnce(_ first: String, _ second: String, _ isTaken: Bool) throws {
        let run = try NamespaceRun(
            """
            \(tool)add net/one/eth0/portmap \(first)
            \(tool)add net/two/eth0/portmap \(second) && echo fine || :
            """)
        #expect(run.output.contains("already published by container one") == isTaken, "\(run)")
        #expect(run.output.contains("fine") == !isTaken)
    }

    @Test func aSecondAddOfTheSameOwnerCorrectsItsElements() throws {
        let run = try NamespaceRun(
            """
            \(tool)add net/one/eth0/portmap publish=10.1.0.2,80,tcp,80
            \(tool)add net/one/eth0/portmap publish=10.1.0.9,80,tcp,80 publish=10.1.0.9,80,tcp,81
            nft list map inet apus_cni dnat4
            """)
        #expect(run.code == 0 && !run.output.contains("10.1.0.2"), "\(run)")
        #expect(run.output.contains("10.1.0.9 . 80,") || run.output.contains("10.1.0.9 . 80 }"))
    }

    @Test func aLateDeleteLeavesWhatAnotherHasTakenOver() throws {
        let run = try NamespaceRun(
            """
            \(tool)add net/old/eth0/bridge \(web)
            \(tool)delete net/old/eth0/bridge publish=10.1.0.2,8080,tcp,80
            nft list ruleset | grep -c 'net old' || :
            \(tool)add net/old/eth0/bridge masquerade=10.1.0.2 home=10.1.0.2,br0
            \(tool)add net/new/eth0/bridge \(web)
            \(tool)delete net/old/eth0/bridge \(web)
            \(tool)delete net/old/eth0/bridge
            nft list ruleset | grep -c 'net old' || :
            nft list ruleset | grep -c 'net new'
            """)
        #expect(run.lines == ["3", "0", "4"], "\(run)")
    }

    @Test func deleteFindsWhatItIsNotTold() throws {
        let run = try NamespaceRun(
            """
            \(tool)delete net/ctr/eth0/bridge; \(tool)delete net/ctr/eth0/bridge \(web)
            \(tool)add net/ctr/eth0/bridge \(all)
            \(tool)add net/ctr/eth1/bridge masquerade=10.1.0.3
            \(tool)add net/ctr/eth0/portmap clients=10.1.0.3
            \(tool)delete net/ctr/eth0/bridge
            nft list ruleset | grep 'net ctr'
            """)
        #expect(run.lines.count == 2, "\(run)")
        #expect(run.output.contains("net ctr eth1 bridge") && run.output.contains("net ctr eth0 portmap"))
    }

    @Test func garbageIsWhatNoValidAttachmentOwns() throws {
        let run = try NamespaceRun(
            """
            for owner in net/a/eth0/bridge net/b/eth0/bridge net/b/eth1/bridge other/a/eth0/bridge net/c/eth0/portmap; do
                n=$((${n:-1} + 1))
                \(tool)add $owner masquerade=10.1.0.$n publish=10.1.0.$n,80,tcp,$n publish=10.1.0.$n,81,udp,$n,10.0.0.1
            done
            \(tool)gc net bridge net/b/eth1/x | sort; echo; left() { nft list ruleset | grep -o 'comment "[a-z]* [abc] eth[01] [a-z]*"' | sort -u; }
            left; echo; \(tool)gc net bridge; \(tool)gc net bridge; echo; left
            """)
        #expect(
            run.lines == [
                "0.0.0.0:2/tcp 10.1.0.2 80", "0.0.0.0:3/tcp 10.1.0.3 80", "10.0.0.1:2/udp 10.1.0.2 81",
                "10.0.0.1:3/udp 10.1.0.3 81", "comment \"net b eth1 bridge\"",
                "comment \"net c eth0 portmap\"",
                "comment \"other a eth0 bridge\"", "0.0.0.0:4/tcp 10.1.0.4 80", "10.0.0.1:4/udp 10.1.0.4 81",
                "comment \"net c eth0 portmap\"", "comment \"other a eth0 bridge\"",
            ], "\(run)")
    }

    @Test func driftIsNamedAndRepaired() throws {
        let run = try NamespaceRun(
            """
            drift() { \(tool)drift net/ctr/eth0/bridge \(web); }
            repair() { \(tool)repair net/ctr/eth0/bridge \(web); drift; }
            \(tool)add net/ctr/eth0/bridge \(web); drift; echo fine
            nft delete element inet apus_cni home4 '{ 10.1.0.2 . br0 }'; drift; repair; echo fine
            nft delete element inet apus_cni dnat4 '{ tcp . 80 }'
            nft add element inet apus_cni dnat4 '{ tcp . 80 : 10.1.0.7 . 1 }'; drift
            nft delete element inet apus_cni dnat4 '{ tcp . 80 }'; repair; echo fine
            nft flush chain inet apus_cni forward; drift; repair; echo fine
            nft flush table inet apus_cni; drift; repair; echo fine
            nft flush ruleset; drift; repair; echo fine
            """)
        let rules = "the rules of table inet apus_cni are not as they were"
        #expect(
            run.lines == [
                "fine", "table inet apus_cni lacks home4 { 10.1.0.2 . \"br0\" }", "fine",
                "dnat4 { tcp . 80 : 10.1.0.2 . 8080 } of table inet apus_cni is another: "
                    + "tcp . 80 : 10.1.0.7 . 1, of somebody else",
                "fine", rules, "fine", rules, "fine", rules,
                "table inet apus_cni lacks masquerade4 { 10.1.0.2 }",
                "table inet apus_cni lacks home4 { 10.1.0.2 . \"br0\" }",
                "table inet apus_cni lacks hairpin4 { 10.1.0.2 . \"br0\" }",
                "table inet apus_cni lacks dnat4 { tcp . 80 : 10.1.0.2 . 8080 }", "fine",
            ], "\(run)")
    }

    @Test func anOlderTableIsCompleted() throws {
        let run = try NamespaceRun(
            """
            nft add table inet apus_cni; nft add set inet apus_cni masquerade4 '{ type ipv4_addr; }'
            nft add element inet apus_cni masquerade4 '{ 10.1.0.77 comment "net old eth0 bridge" }'
            \(tool)add net/ctr/eth0/bridge \(web)
            \(tool)drift net/ctr/eth0/bridge \(web); nft list set inet apus_cni masquerade4
            """)
        #expect(run.code == 0 && run.output.contains("10.1.0.77 comment \"net old"), "\(run)")
        #expect(!run.output.contains("lacks") && run.output.contains("10.1.0.2 comment \"net ctr"))
    }

    @Test func hundredAtOnceAllArriveAndGo() throws {
        let run = try NamespaceRun(
            """
            each() { for n in $(seq 1 100); do
                \(tool)$1 net/c$n/eth0/bridge masquerade=10.1.0.$n publish=10.1.0.$n,80,tcp,$n & done; wait; }
            each add
            nft list ruleset | grep -o 'net c[0-9]* eth0' | wc -l; nft list ruleset | grep -c 'comment "answers"'
            each delete
            nft list ruleset | grep -c 'net c' || :
            """)
        #expect(run.lines == ["200", "1", "0"], "\(run)")
    }

    @Test func aForeignPolicyOfDropIsSeen() throws {
        let run = try NamespaceRun(
            """
            \(tool)add net/c/eth0/bridge masquerade=10.1.0.2; \(tool)drops
            nft add table ip filter; nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
            nft add table inet other; nft add chain inet other passing '{ type filter hook forward priority 5; policy accept; }'
            nft add chain inet other incoming '{ type filter hook input priority 5; policy drop; }'
            \(tool)drops
            """)
        #expect(run.lines == ["ip filter FORWARD"], "\(run)")
    }

    @Test func anElementCostsTheSameBesideThousands() throws {
        let run = try NamespaceRun("for n in 0 1000 5000; do \(tool)measure $n; done")
        let figures = run.lines.map { $0.split(separator: " ").compactMap { Int($0) } }
        try #require(figures.count == 3 && figures.allSatisfy { $0.count == 2 }, "\(run)")
        for index in 0..<2 {
            #expect(figures[2][index] < 2 * figures[0][index], "\(run)")
        }
    }
}
