import NamespaceRun
import Testing

/// A host with the bridges br0 (10.1.0.1, fd01::1) with containers a and b, br1 (10.2.0.1, fd02::1) with c, and a link
/// to a neighbour `lan` (10.0.2.2, fd00::2; the host has .15). Each answers on 8080 with its name.
private let landscape = """
    ip link set lo up
    link() { # NAME BRIDGE ADDRESS GATEWAY ADDRESS6 GATEWAY6
        namespace $1; ip link add name v$1 type veth peer name eth0 netns $1; ip link set dev v$1 up
        [ $2 = - ] || ip link set dev v$1 master $2
        ip -n $1 link set dev eth0 up; ip -n $1 address add $3 dev eth0; ip -n $1 -6 address add $5 dev eth0 nodad
        [ $4 = - ] || { ip -n $1 route add default via $4; ip -n $1 -6 route add default via $6; }
        inside $1 peer-tool serve $1 8080 & }
    bridge_up() { ip link add name $1 type bridge; ip link set dev $1 up
        ip address add $2 dev $1; ip -6 address add $3 dev $1 nodad; echo 1 >/proc/sys/net/ipv4/conf/$1/route_localnet; }
    mount -t proc proc /proc; mount -o remount,rw /proc/sys 2>/dev/null || :
    echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
    echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
    bridge_up br0 10.1.0.1/24 fd01::1/64; bridge_up br1 10.2.0.1/24 fd02::1/64
    link a br0 10.1.0.2/24 10.1.0.1 fd01::2/64 fd01::1; link b br0 10.1.0.3/24 10.1.0.1 fd01::3/64 fd01::1
    link c br1 10.2.0.2/24 10.2.0.1 fd02::2/64 fd02::1
    link lan - 10.0.2.2/24 - fd00::2/64 -
    ip address add 10.0.2.15/24 dev vlan; ip -6 address add fd00::15/64 dev vlan nodad
    peer-tool serve host 9000 &
    ask() { echo "$1 $2 $3: $(inside $1 peer-tool ask tcp $2 $3)"; }
    here() { echo "host $1 $2: $(peer-tool ask tcp $1 $2)"; }
    sleep 0.3

    """

/// What becomes of packets: real connections between network namespaces.
@Suite(.enabled(if: NamespaceRun.isPossible)) struct PacketTests {
    private func run(_ script: String) throws -> [String] {
        try NamespaceRun(landscape + script).lines.filter { $0 != "ready" }
    }

    @Test func aContainerGetsTheHostsAddressOutsideOfItsHome() throws {
        let lines = try run(
            """
            firewall-tool add n/a/eth0/bridge masquerade=10.1.0.2 home=10.1.0.2,br0 masquerade=fd01::2 home=fd01::2,br0
            ask a 10.0.2.2 8080; ask a fd00::2 8080; ask a 10.1.0.3 8080; ask a fd01::3 8080; ask a 10.2.0.2 8080
            ask b 10.0.2.2 8080
            """)
        #expect(
            lines == [
                "a 10.0.2.2 8080: lan 10.0.2.15", "a fd00::2 8080: lan fd00::15",
                "a 10.1.0.3 8080: b 10.1.0.2",
                "a fd01::3 8080: b fd01::2", "a 10.2.0.2 8080: c 10.2.0.1", "b 10.0.2.2 8080: nothing",
            ])
    }

    /// OBSERVABLES O-45: every way to a published port which address translation can open.
    ///
    /// With br_netfilter a packet that stays on the bridge is never forwarded, and answers find their way by themselves;
    /// the container then reaches itself only if its port may send back.
    @Test(arguments: [false, true])
    func aPublishedPortIsReachedFromEverywhere(_ bridgesFilter: Bool) throws {
        let neighbour = bridgesFilter ? ("10.1.0.3", "fd01::3") : ("10.1.0.1", "fd01::1")
        let lines = try run(
            """
            for call in iptables ip6tables; do
                echo \(bridgesFilter ? 1 : 0) >/proc/sys/net/bridge/bridge-nf-call-$call; done
            ip link set dev va type bridge_slave hairpin \(bridgesFilter ? "on" : "off")
            firewall-tool add n/a/eth0/portmap hairpin=10.1.0.2,br0 hairpin=fd01::2,br0 itself=10.1.0.2 itself=fd01::2 \
                publish=10.1.0.2,8080,tcp,80 publish=fd01::2,8080,tcp,80 publish=10.1.0.2,8080,udp,53
            firewall-tool add n/a/eth0/bridge home=10.1.0.2,br0 guarded=10.1.0.2 home=fd01::2,br0 guarded=fd01::2
            here 127.0.0.1 80; here 10.0.2.15 80; here 10.1.0.1 80; here fd00::15 80
            ask lan 10.0.2.15 80; ask lan fd00::15 80; ask a 10.0.2.15 80; ask a fd01::1 80
            ask b 10.0.2.15 80; ask b 10.1.0.1 80; ask b fd01::1 80; ask c 10.0.2.15 80; ask c 10.2.0.1 80
            ask c 10.1.0.1 80; ask c fd02::1 80; here ::1 80
            echo "udp: $(inside lan peer-tool ask udp 10.0.2.15 53)"
            """)
        #expect(
            lines == [
                "host 127.0.0.1 80: a 10.1.0.1", "host 10.0.2.15 80: a 10.0.2.15",
                "host 10.1.0.1 80: a 10.1.0.1",
                "host fd00::15 80: a fd00::15", "lan 10.0.2.15 80: a 10.0.2.2", "lan fd00::15 80: a fd00::2",
                "a 10.0.2.15 80: a 10.1.0.1", "a fd01::1 80: a fd01::1", "b 10.0.2.15 80: a \(neighbour.0)",
                "b 10.1.0.1 80: a \(neighbour.0)", "b fd01::1 80: a \(neighbour.1)",
                "c 10.0.2.15 80: a 10.2.0.2",
                "c 10.2.0.1 80: a 10.2.0.2", "c 10.1.0.1 80: a 10.2.0.2", "c fd02::1 80: a fd02::2",
                "host ::1 80: Connection refused", "udp: a 10.0.2.2",
            ])
    }

    @Test func aPortOnOneAddressIsOnNoOther() throws {
        let lines = try run(
            """
            firewall-tool add n/a/eth0/portmap hairpin=10.1.0.2,br0 publish=10.1.0.2,8080,tcp,80,10.0.2.15 \
                publish=10.1.0.2,8080,tcp,81,127.0.0.1
            firewall-tool add n/c/eth0/portmap hairpin=10.2.0.2,br1 publish=10.2.0.2,8080,tcp,80,10.1.0.1
            ask lan 10.0.2.15 80; here 10.1.0.1 80; here 10.2.0.1 80; here 127.0.0.1 80
            here 127.0.0.1 81; ask lan 10.0.2.15 81
            """)
        #expect(
            lines == [
                "lan 10.0.2.15 80: a 10.0.2.2", "host 10.1.0.1 80: c 10.1.0.1",
                "host 10.2.0.1 80: Connection refused", "host 127.0.0.1 80: Connection refused",
                "host 127.0.0.1 81: a 10.1.0.1", "lan 10.0.2.15 81: Connection refused",
            ])
    }

    @Test func aPublishedPortCanBeClosedToSomeClients() throws {
        let lines = try run(
            """
            firewall-tool add n/a/eth0/portmap publish=10.1.0.2,8080,tcp,80 publish=10.1.0.2,8080,tcp,81 \
                except=10.0.2.0,10.0.2.10,tcp,80,0.0.0.0,255.255.255.255 except=0.0.0.0,10.0.1.255,tcp,81,10.0.2.15,10.0.2.15
            ask lan 10.0.2.15 80; ask c 10.0.2.15 80; ask lan 10.0.2.15 81; ask c 10.2.0.1 81; ask lan 10.1.0.1 80
            """)
        #expect(
            lines == [
                "lan 10.0.2.15 80: Connection refused", "c 10.0.2.15 80: a 10.2.0.2",
                "lan 10.0.2.15 81: a 10.0.2.2",
                "c 10.2.0.1 81: a 10.2.0.2", "lan 10.1.0.1 80: Network is unreachable",
            ])
    }

    @Test func everyClientCanBeMasqueraded() throws {
        let lines = try run(
            """
            firewall-tool add n/a/eth0/portmap clients=10.1.0.2 publish=10.1.0.2,8080,tcp,80
            ask lan 10.0.2.15 80; ask c 10.0.2.15 80
            """)
        #expect(lines == ["lan 10.0.2.15 80: a 10.1.0.1", "c 10.0.2.15 80: a 10.1.0.1"])
    }

    /// OBSERVABLES O-36, O-37, O-42.
    @Test func aGuardedAddressIsForItsHomeAndTheHost() throws {
        let lines = try run(
            """
            ip -n lan route add 10.1.0.0/24 via 10.0.2.15; ip -n lan -6 route add fd01::/64 via fd00::15
            firewall-tool add n/a/eth0/bridge home=10.1.0.2,br0 guarded=10.1.0.2 home=fd01::2,br0 guarded=fd01::2 \
                masquerade=10.1.0.2
            ask c 10.1.0.2 8080; ask lan 10.1.0.2 8080; ask lan fd01::2 8080
            ask b 10.1.0.2 8080; here 10.1.0.2 8080; here fd01::2 8080
            ask a 10.0.2.2 8080; ask c 10.1.0.1 9000; ask lan 10.1.0.3 8080
            """)
        #expect(
            lines == [
                "c 10.1.0.2 8080: nothing", "lan 10.1.0.2 8080: nothing", "lan fd01::2 8080: nothing",
                "b 10.1.0.2 8080: a 10.1.0.3", "host 10.1.0.2 8080: a 10.1.0.1",
                "host fd01::2 8080: a fd01::1",
                "a 10.0.2.2 8080: lan 10.0.2.15", "c 10.1.0.1 9000: host 10.2.0.2",
                "lan 10.1.0.3 8080: b 10.0.2.2",
            ])
    }

    /// OBSERVABLES O-39.
    @Test func anInternalAddressReachesItsHomeAndTheHostOnly() throws {
        let lines = try run(
            """
            ip -n lan route add 10.1.0.0/24 via 10.0.2.15
            firewall-tool add n/a/eth0/bridge home=10.1.0.2,br0 internal=10.1.0.2 masquerade=10.1.0.2 \
                home=fd01::2,br0 internal=fd01::2
            firewall-tool add n/a/eth0/portmap publish=10.1.0.2,8080,tcp,80
            ask a 10.0.2.2 8080; ask a fd00::2 8080; ask a 10.2.0.2 8080; ask lan 10.1.0.2 8080; ask lan 10.0.2.15 80
            ask a 10.1.0.3 8080; ask a 10.1.0.1 9000; here 10.1.0.2 8080; ask b 10.1.0.2 8080
            """)
        #expect(
            lines == [
                "a 10.0.2.2 8080: nothing", "a fd00::2 8080: nothing", "a 10.2.0.2 8080: nothing",
                "lan 10.1.0.2 8080: nothing", "lan 10.0.2.15 80: nothing", "a 10.1.0.3 8080: b 10.1.0.2",
                "a 10.1.0.1 9000: host 10.1.0.2", "host 10.1.0.2 8080: a 10.1.0.1",
                "b 10.1.0.2 8080: a 10.1.0.3",
            ])
    }

    @Test func otherBridgesAreKeptOutAndNobodyElse() throws {
        let lines = try run(
            """
            ip -n lan route add 10.1.0.0/24 via 10.0.2.15
            firewall-tool add n/a/eth0/firewall same-bridge=10.1.0.2 same-bridge-home=10.1.0.2,br0
            firewall-tool add n/a/eth0/portmap publish=10.1.0.2,8080,tcp,80
            ask c 10.1.0.2 8080; ask b 10.1.0.2 8080; ask lan 10.1.0.2 8080; ask c 10.0.2.15 80
            """)
        #expect(
            lines == [
                "c 10.1.0.2 8080: nothing", "b 10.1.0.2 8080: a 10.1.0.3", "lan 10.1.0.2 8080: a 10.0.2.2",
                "c 10.0.2.15 80: a 10.2.0.2",
            ])
    }

    /// CVE-2020-8558: what listens on 127.0.0.1 of the host, asked by a container and a neighbour which route there.
    @Test func theHostsLoopbackStaysItsOwn() throws {
        let attack = """
            for who in a lan; do
                ip -n $who address delete 127.0.0.1/8 dev lo; echo 1 >/run/on
                ip -n $who route add 127.0.0.0/8 dev eth0 via $(inside $who ip route show default | cut -d' ' -f3) \
                    2>/dev/null || ip -n $who route add 127.0.0.0/8 via 10.0.2.15
                inside $who sh -c 'mount -t sysfs none /sys 2>/dev/null; echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet'
                ip -n $who route flush table local 127.0.0.0/8 2>/dev/null || :
            done
            echo 1 >/proc/sys/net/ipv4/conf/vlan/route_localnet
            ask a 127.0.0.1 9000; ask lan 127.0.0.1 9000

            """
        let open = try run(attack)
        #expect(open == ["a 127.0.0.1 9000: host 10.1.0.2", "lan 127.0.0.1 9000: host 10.0.2.2"])
        let closed = try run(
            "firewall-tool add n/x/eth0/bridge masquerade=10.1.0.9\n" + attack + "here 127.0.0.1 9000")
        #expect(
            closed == [
                "a 127.0.0.1 9000: nothing", "lan 127.0.0.1 9000: nothing",
                "host 127.0.0.1 9000: host 127.0.0.1",
            ])
    }

    @Test func aCheckedPortSendsAsItselfOnly() throws {
        let lines = try run(
            """
            mac=$(inside a cat /sys/class/net/eth0/address 2>/dev/null || ip -n a -o link show dev eth0 | sed 's/.*ether \\([^ ]*\\).*/\\1/')
            mac=$(ip -n a -o link show dev eth0 | sed 's/.*ether \\([^ ]*\\).*/\\1/')
            firewall-tool add n/a/eth0/bridge checked=va mac=va,$mac
            ask a 10.1.0.3 8080
            ip -n a link set dev eth0 down; ip -n a link set dev eth0 address 02:00:00:00:66:66 up
            sleep 0.1; ask a 10.1.0.3 8080; ask b 10.1.0.1 9000
            """)
        #expect(
            lines == [
                "a 10.1.0.3 8080: b 10.1.0.2", "a 10.1.0.3 8080: nothing", "b 10.1.0.1 9000: host 10.1.0.3",
            ])
    }
}
