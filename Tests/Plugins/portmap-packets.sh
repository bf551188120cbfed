#!/bin/bash
# The plugin portmap with real packets on every way to a published port, and the reference plugin's answers beside ours.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
begin portmap-packets portmap bridge ipam
. "$here/portmap.bash"

# OBSERVABLES O-45, O-46. A line is FROM TRANSPORT ADDRESS: who answers, and who he thinks it was that asked.
ways() {
    local from address transport
    while read -r from transport address; do
        echo "$from $transport $address: $(ask "$transport" "$from" "$address" 8080)"
    done <<'END'
host tcp 127.0.0.1
host tcp 10.0.2.15
host tcp 10.1.0.1
host tcp fd00::15
host udp 127.0.0.1
lan tcp 10.0.2.15
lan tcp fd00::15
lan udp 10.0.2.15
test tcp 10.0.2.15
test tcp 10.1.0.1
test tcp fd00::15
test udp 10.0.2.15
twin tcp 10.0.2.15
twin tcp 10.1.0.1
twin tcp fd01::1
other tcp 10.0.2.15
other tcp 10.2.0.1
other tcp 10.1.0.1
other tcp fd02::1
END
}
# expected TWIN TWIN6: what ways answers; the neighbour is seen as these.
expected() {
    cat <<END
host tcp 127.0.0.1: test 10.1.0.1
host tcp 10.0.2.15: test 10.0.2.15
host tcp 10.1.0.1: test 10.1.0.1
host tcp fd00::15: test fd00::15
host udp 127.0.0.1: test 10.1.0.1
lan tcp 10.0.2.15: test 10.0.2.2
lan tcp fd00::15: test fd00::2
lan udp 10.0.2.15: test 10.0.2.2
test tcp 10.0.2.15: test 10.1.0.1
test tcp 10.1.0.1: test 10.1.0.1
test tcp fd00::15: test fd01::1
test udp 10.0.2.15: test 10.1.0.1
twin tcp 10.0.2.15: test $1
twin tcp 10.1.0.1: test $1
twin tcp fd01::1: test $2
other tcp 10.0.2.15: test 10.1.0.1
other tcp 10.2.0.1: test 10.1.0.1
other tcp 10.1.0.1: test 10.1.0.1
other tcp fd02::1: test fd01::1
END
}
all=$(ports "8080 80" "8080 81 udp")
filtering() { for f in /proc/sys/net/bridge/bridge-nf-call-{ip,ip6}tables; do echo "$1" >$f; done; }
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then filter_modes="0 1"; else
    filter_modes=0
    skip "with br_netfilter" "this kernel has no br_netfilter"
fi
for mode in $filter_modes; do
    [ "$filter_modes" = 0 ] || filtering "$mode"
    publish test "$all"
    # With br_netfilter a packet between neighbours never leaves the bridge: it keeps its address, and the answer finds back.
    if [ "$mode" = 0 ]; then seen=(10.1.0.1 fd01::1); else seen=(10.1.0.3 fd01::3); fi
    same "every way leads to the container, bridge-nf-call $mode" "$(ways)" "$(expected "${seen[@]}")"
    same "::1 does not" "$(tcp host ::1 8080)" "Connection refused"
    unpublish test "$all"
    same "afterwards no way does, bridge-nf-call $mode" "$(ways | grep -vE 'refused|nothing|unreachable')" ""
done
[ "$filter_modes" = 0 ] || filtering 0

publish test "$all,\"masqAll\":true"
same "masqAll: every client is the host" "$(ways | sed 's/.*: //' | sort -u | xargs)" "test 10.1.0.1 test fd01::1"
unpublish test "$all,\"masqAll\":true"
publish test "$all,\"snat\":false"
same "snat off: who would get no answer, gets none" "$(ways | grep -E '^(lan|test|twin) .*tcp (10.0|fd)|host tcp 127' | tr '\n' ',')" \
    "host tcp 127.0.0.1: nothing,lan tcp 10.0.2.15: test 10.0.2.2,lan tcp fd00::15: test fd00::2,test tcp 10.0.2.15: nothing,test tcp fd00::15: nothing,twin tcp 10.0.2.15: nothing,twin tcp fd01::1: nothing,"
unpublish test "$all,\"snat\":false"

# The kernel translates SCTP without having it: the first packet of an association arrives, at the container's port.
inside test nft 'add table inet seen; add chain inet seen in { type filter hook input priority 0; }; add rule inet seen in sctp dport 90 counter'
publish test "$(ports "9090 90 sctp")"
inside lan "$peer" sctp 10.0.2.15 9090 >/dev/null
for _ in {1..100}; do seen=$(inside test nft list table inet seen | grep -c "packets 1 "); [ "$seen" = 1 ] && break; sleep 0.02; done
same "SCTP arrives" "$seen" 1
unpublish test "$(ports "9090 90 sctp")"
inside test nft delete table inet seen

# Rulesets as others write them, loaded beside ours.
firewalld='table inet firewalld {
    chain nat_PREROUTING { type nat hook prerouting priority -90; policy accept; }
    chain nat_POSTROUTING { type nat hook postrouting priority 110; policy accept; oifname "uplink" masquerade; }
    chain filter_INPUT { type filter hook input priority 10; policy accept; ct state established,related accept
        ct status dnat accept; iifname lo accept; ct state invalid drop; meta l4proto icmp accept; meta l4proto ipv6-icmp accept; reject with icmpx admin-prohibited; }
    chain filter_FORWARD { type filter hook forward priority 10; policy accept; ct state established,related accept
        ct status dnat accept; iifname lo accept; ct state invalid drop; reject with icmpx admin-prohibited; }
}'
docker='table ip docker_nat {
    chain PREROUTING { type nat hook prerouting priority -100; policy accept; fib daddr type local counter jump DOCKER; }
    chain OUTPUT { type nat hook output priority -100; policy accept; ip daddr != 127.0.0.0/8 fib daddr type local jump DOCKER; }
    chain POSTROUTING { type nat hook postrouting priority 100; policy accept; oifname != "docker0" ip saddr 172.17.0.0/16 masquerade; }
    chain DOCKER { iifname "docker0" return; iifname != "docker0" tcp dport 9999 dnat to 172.17.0.2:80; }
}'
# Docker, and ufw by default, drop what they were not told to forward; both have a place to tell them.
dropping='table ip dropping {
    chain FORWARD { type filter hook forward priority 0; policy drop; jump USER; ct state related,established accept; }
    chain USER { }
}'
publish test "$all"
want=$(expected 10.1.0.1 fd01::1)
nft "$firewalld"
same "beside firewalld's rules" "$(ways | grep -E '^(host|lan|other|test|twin)')" "$want"
nft delete table inet firewalld
nft "$docker"
same "beside Docker's rules" "$(ways)" "$want"
nft delete table ip docker_nat
nft "$dropping"
same "behind somebody else's DROP the host has its ways, the link none" "$(ways | grep -E '(host|lan) tcp 1' | tr '\n' ',')" \
    "host tcp 127.0.0.1: test 10.1.0.1,host tcp 10.0.2.15: test 10.0.2.15,host tcp 10.1.0.1: test 10.1.0.1,lan tcp 10.0.2.15: nothing,"
call portmap STATUS "$(conf 1.1.0 portmap '"x":0')"
refused "STATUS says whose it is" 51 "chain FORWARD of table ip dropping"
nft add rule ip dropping USER ct status dnat accept
same "where it was told to, every way is open" "$(ways)" "$want"
nft delete table ip dropping
unpublish test "$all"

# The reference on the same host: where it answers, ours answers the same.
reference=${REFERENCE_PLUGINS:-/usr/lib/cni}/portmap
if [ -x "$reference" ] && command -v iptables >/dev/null && iptables -t nat -L >/dev/null 2>&1; then
    # answers PLUGIN MEMBERS: what becomes of every way, without those that lead nowhere.
    answers() {
        plugin=$1 version=1.0.0
        publish test "$2"
        { ways; for port in 8081 8090 8091; do echo "lan $port: $(tcp lan 10.0.2.15 $port)"; echo "host $port: $(tcp host 127.0.0.1 $port)"; done; } |
            grep -vE 'refused|nothing|unreachable' >"$scratch/answers"
        unpublish test "$2"
        plugin=portmap version=1.1.0
        cat "$scratch/answers"
    }
    compare() {
        local name=$1 members=$2
        answers reference "$members" >"$scratch/theirs"
        answers portmap "$members" >"$scratch/ours"
        if [ -s "$scratch/theirs" ] && ! grep -vxFf "$scratch/ours" "$scratch/theirs" >"$scratch/diff"; then
            ok "as the reference: $name, $(wc -l <"$scratch/theirs") ways, ours $(wc -l <"$scratch/ours")"
        else
            not_ok "as the reference: $name" < <(echo "theirs:" && cat "$scratch/theirs" && echo "ours:" && cat "$scratch/ours")
        fi
    }
    mkdir "$scratch/bin" && cp "$PLUGINS"/portmap "$scratch/bin" && cp "$reference" "$scratch/bin/reference"
    PLUGINS=$scratch/bin
    compare "plain" "$all"
    compare "snat off" "$all,\"snat\":false"
    compare "an address of the host" "$(ports "8080 80 tcp 10.0.2.15" "8081 81 tcp 127.0.0.1")"
    compare "0.0.0.0" "$(ports "8080 80 tcp 0.0.0.0")"
    compare "::" "$(ports "8080 80 tcp ::")"
    compare "a mark of one's own" "$all,\"markMasqBit\":5"
    compare "a condition on the client" "$all,\"conditionsV4\":[\"-s\",\"10.0.2.0/24\"],\"conditionsV6\":[\"-s\",\"fd00::/64\"]"
    compare "a condition on other clients" "$all,\"conditionsV4\":[\"!\",\"-s\",\"10.0.2.0/24\"],\"conditionsV6\":[\"!\",\"-s\",\"fd00::/64\"]"
    compare "a condition on the host's address" "$all,\"conditionsV4\":[\"!\",\"-d\",\"10.1.0.1\"]"
    compare "many ports" "$(ports "8080 80" "8081 81" "8090 82" "8091 83")"
else
    skip "the reference" "$reference or iptables cannot be run here"
fi
finish
