#!/bin/bash
# The plugin tuning: the contract, every key, drift, and what is put back.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin tuning tuning

container test
container peer
ip -n test link add eth0 address 02:00:00:00:00:01 type veth peer name far netns peer
# Without IPv6 nothing happens on its own a moment later.
for name in test peer; do nsenter --net=/run/netns/$name sh -c 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 >$f; done'; done
ip -n peer link set far up
ip -n test link set eth0 up
ip -n test address add 10.1.0.5/24 dev eth0
interface() { printf '{"name":"eth0","mac":"%s"%s,"sandbox":"/run/netns/test"}' "$1" "${2:+,\"mtu\":$2}"; }
result() { printf '{"cniVersion":"1.1.0","interfaces":[%s],"ips":[{"interface":0,"address":"10.1.0.5/24"}]}' "$(interface "$@")"; }
previous="\"prevResult\":$(result 02:00:00:00:00:01)"

mkdir -p /run/cni/tuning
contract tuning "$all_versions" '"mtu":1400' "$(result 02:00:00:00:00:01)"
own_namespace tuning

value() { nsenter --net=/run/netns/test cat "/proc/sys/net/$1"; }
link() { ip -n test -j -d link show eth0 | jq -c ".[0] | [.address, .mtu, .promiscuity > 0, .txqlen, (.flags | index(\"ALLMULTI\") != null)]"; }
plain=$(link)

# tunes NAME MEMBERS WANT [VARIABLE=VALUE]: ADD makes `link` say WANT, CHECK agrees, and DEL puts everything back.
tunes() {
    local name=$1 members=$2 want=$3
    shift 3
    arguments=("$@")
    untouched "$name: DEL puts everything back" '
        call tuning ADD "$(conf 1.1.0 tuning "$members,$previous")" "${arguments[@]}"
        same "$name: ADD" "$code $(link)" "0 $want"
        answer=$out
        call tuning CHECK "$(conf 1.1.0 tuning "$members,\"prevResult\":$answer")" "${arguments[@]}"
        expect "$name: CHECK right after ADD" 0 ""
        call tuning DEL "$(conf 1.1.0 tuning "$members,\"prevResult\":$answer")" "${arguments[@]}"
        expect "$name: DEL" 0 ""
        call tuning DEL "$(conf 1.1.0 tuning "$members,\"prevResult\":$answer")" "${arguments[@]}"
        expect "$name: DEL again" 0 ""'
}
mac='["02:00:00:00:00:09",1500,false,1000,false]'
tunes mac '"mac":"02:00:00:00:00:09"' "$mac"
tunes "mac by capability" '"mac":"02:00:00:00:00:07","runtimeConfig":{"mac":"02:00:00:00:00:09"},"args":{"cni":{"mac":"02:00:00:00:00:08"}}' "$mac" CNI_ARGS=MAC=02:00:00:00:00:06
tunes "mac by args.cni" '"mac":"02:00:00:00:00:07","args":{"cni":{"mac":"02:00:00:00:00:09"}}' "$mac" CNI_ARGS=MAC=02:00:00:00:00:06
tunes "mac by CNI_ARGS" '"mac":"02:00:00:00:00:07"' "$mac" 'CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAME=p;MAC=02:00:00:00:00:09'
tunes mtu '"mtu":1400' '["02:00:00:00:00:01",1400,false,1000,false]'
tunes promisc '"promisc":true' '["02:00:00:00:00:01",1500,true,1000,false]'
tunes allmulti '"allmulti":true' '["02:00:00:00:00:01",1500,false,1000,true]'
tunes txQLen '"txQLen":77' '["02:00:00:00:00:01",1500,false,77,false]'
tunes "all at once" '"mac":"02:00:00:00:00:09","mtu":1300,"promisc":true,"allmulti":true,"txQLen":5,"sysctl":{"net.ipv4.ip_forward":"1"}' \
    '["02:00:00:00:00:09",1300,true,5,true]'
tunes "args.cni alone" '"args":{"cni":{"mtu":1300,"promisc":true,"allmulti":true,"txQLen":5,"sysctl":{"net.ipv4.ip_forward":"1"}}}' \
    '["02:00:00:00:00:01",1300,true,5,true]'
tunes nothing '"promisc":false' "$plain"

call tuning ADD "$(conf 1.1.0 tuning "\"mac\":\"02-00-00-00-00-0A\",\"mtu\":1400,$previous")"
expect "E4: the result has the new values" 0 "$(result 02:00:00:00:00:0a 1400)"
same "the backup is the reference plugin's" "$(jq -c 'del(.identity)' /run/cni/tuning/test_eth0.json)" \
    '{"mac":"02:00:00:00:00:01","mtu":1500,"network":"net"}'
same "and nobody else's to read" "$(stat -c %a /run/cni/tuning /run/cni/tuning/test_eth0.json | xargs)" "755 600"
call tuning ADD "$(conf 1.1.0 tuning "\"mac\":\"02:00:00:00:00:0b\",\"promisc\":true,$previous")"
same "a second plugin of the chain notes only what the first has not changed" "$(jq -c 'del(.identity)' /run/cni/tuning/test_eth0.json)" \
    '{"mac":"02:00:00:00:00:01","promisc":false,"mtu":1500,"network":"net"}'
call tuning DEL "$(conf 1.1.0 tuning '"promisc":true')"
call tuning DEL "$(conf 1.1.0 tuning '"mtu":1400')"
same "and DEL of both puts everything back" "$(link)" "$plain"
# A file as the reference writes it.
printf '{\n "mac": "02:00:00:00:00:01",\n "promisc": false,\n "mtu": 1500,\n "txQLen": 1000\n}' >/run/cni/tuning/test_eth0.json
ip -n test link set eth0 address 02:00:00:00:00:0c mtu 1280 promisc on txqlen 9
call tuning DEL "$(conf 1.1.0 tuning)"
same "DEL after the reference's ADD" "$code $(link) $(ls /run/cni/tuning)" "0 $plain "

# sysctls
for key in net.ipv4.conf.IFNAME.forwarding net/ipv4/conf/IFNAME/forwarding net.ipv4.conf.eth0.forwarding; do
    members="\"sysctl\":{\"$key\":\"1\",\"net.ipv4.ip_local_port_range\":\"20000 30000\"}"
    untouched "sysctl $key comes back" '
        call tuning ADD "$(conf 1.1.0 tuning "$members,$previous")"
        same "sysctl $key" "$code $(value ipv4/conf/eth0/forwarding)" "0 1"
        same "sysctl with two numbers" "$(value ipv4/ip_local_port_range)" "20000	30000"
        call tuning CHECK "$(conf 1.1.0 tuning "$members,$previous")"
        expect "CHECK of sysctl $key" 0 ""
        call tuning DEL "$(conf 1.1.0 tuning "$members")"
        same "sysctl $key after DEL" "$(value ipv4/conf/eth0/forwarding) $(value ipv4/ip_local_port_range)" "0 32768	60999"'
done
same "the host's own setting is another" "$(cat /proc/sys/net/ipv4/ip_forward)" 0

# refuse NAME MEMBERS CODE TEXT [VARIABLE=VALUE]: ADD fails so, and has changed nothing.
refuse() {
    subject=$1 members=$2 number=$3 text=$4
    arguments=("${@:5}")
    untouched "$subject: nothing is changed" '
        call tuning ADD "$(conf 1.1.0 tuning "\"mtu\":1400,$members,$previous")" "${arguments[@]}"
        refused "$subject" "$number" "$text"'
}
for key in kernel.shm_rmid_forced net net. net..ipv4 net.ipv4./.x net/../kernel/panic net/./x /net/x ../net/x .net.x; do
    refuse "sysctl $key is not for it" "\"sysctl\":{\"$key\":\"1\"}" 7 "invalid net sysctl key: \"$key\""
done
refuse "a sysctl twice" '"sysctl":{"net.ipv4.ip_forward":"1","net.ipv4.ip_forward":"0"}' 7 'duplicated sysctl keys are not allowed: "net.ipv4.ip_forward"'
refuse "a sysctl twice in two spellings" '"sysctl":{"net.ipv4.ip_forward":"1","net/ipv4/ip_forward":"0"}' 7 'duplicated sysctl keys are not allowed'
refuse "a sysctl that is a number" '"sysctl":{"net.ipv4.ip_forward":1}' 6 'sysctl["net.ipv4.ip_forward"]: expected string, found integer'
refuse "a sysctl there is not" '"sysctl":{"net.ipv4.nonsense":"1"}' 5 "sysctl net/ipv4/nonsense cannot be read: No such file"
refuse "a sysctl value the kernel does not take" '"sysctl":{"net.ipv4.ip_forward":"1","net.ipv4.ip_local_port_range":"x"}' 5 'sysctl net/ipv4/ip_local_port_range cannot be set to "x": Invalid argument'
refuse "an MTU the kernel does not take" '"mac":"02:00:00:00:00:09","mtu":4000000,"promisc":true' 5 "link set dev eth0 address 02:00:00:00:00:09 promisc on mtu 4000000: Invalid argument"
refuse "a MAC address of a group" '"mac":"01:00:00:00:00:09"' 7 "mac: '01:00:00:00:00:09' is not a MAC address"
refuse "a MAC address that is none" '"runtimeConfig":{"mac":"x"}' 7 "runtimeConfig.mac: 'x' is not a MAC address"
refuse "a MAC address in CNI_ARGS that is none" '"promisc":true' 4 "CNI_ARGS: MAC=x is not a MAC address" CNI_ARGS=MAC=x
refuse "A11: CNI_ARGS without pairs" '"promisc":true' 999 'ARGS: invalid pair "x"' CNI_ARGS=x
refuse "A11: CNI_ARGS with unknown names" '"promisc":true' 999 'ARGS: unknown args ["IP=10.0.0.1"]' CNI_ARGS=IP=10.0.0.1
refuse "an interface there is not" '"promisc":true' 5 "link show eth7: No such device" CNI_IFNAME=eth7
call tuning ADD "$(conf 1.1.0 tuning '"mtu":1400')"
refused "E9: it needs a plugin before it" 7 "Required prevResult missing"

# The list of what is allowed.
mkdir -p /etc/cni/tuning
printf '^net\\.ipv4\\.conf\\.IFNAME\\.[a-z_]*$\n\n  ^net\\.core\\.somaxconn$  \n' >/etc/cni/tuning/allowlist.conf
refuse "a sysctl that is not allowed" '"sysctl":{"net.ipv4.conf.IFNAME.forwarding":"1","net.ipv4.ip_forward":"1"}' 7 \
    'Sysctl net.ipv4.ip_forward is not allowed. Only the following sysctls are allowed: [^net\.ipv4\.conf\.IFNAME\.[a-z_]*$ ^net\.core\.somaxconn$]'
call tuning ADD "$(conf 1.1.0 tuning "\"sysctl\":{\"net.ipv4.conf.IFNAME.forwarding\":\"1\",\"net.core.somaxconn\":\"99\"},$previous")"
same "sysctls that are allowed" "$code $(value ipv4/conf/eth0/forwarding) $(value core/somaxconn)" "0 1 99"
call tuning DEL "$(conf 1.1.0 tuning)"
call tuning STATUS "$(conf 1.1.0 tuning '"sysctl":{"net.ipv4.ip_forward":"1"}')"
refused "STATUS says that ADD would fail" 50 "Sysctl net.ipv4.ip_forward is not allowed"
echo 'a(' >/etc/cni/tuning/allowlist.conf
refuse "a list that is broken" '"sysctl":{"net.ipv4.ip_forward":"1"}' 5 '/etc/cni/tuning/allowlist.conf: "a(" is not a regular expression'
rm -r /etc/cni/tuning

# Drift.
members='"mac":"02:00:00:00:00:09","mtu":1400,"promisc":true,"allmulti":true,"txQLen":5,"sysctl":{"net.ipv4.conf.IFNAME.forwarding":"1"}'
call tuning ADD "$(conf 1.1.0 tuning "$members,$previous")"
answer=$out
drift() {
    nsenter --net=/run/netns/test sh -c "$2"
    call tuning CHECK "$(conf 1.1.0 tuning "$members,\"prevResult\":$answer")"
    refused "G3: CHECK sees: $2" 100 "$1"
    nsenter --net=/run/netns/test sh -c "$3"
}
drift 'sysctl net.ipv4.conf.IFNAME.forwarding is "0" instead of "1"' "echo 0 >/proc/sys/net/ipv4/conf/eth0/forwarding" "echo 1 >/proc/sys/net/ipv4/conf/eth0/forwarding"
drift "interface eth0: mac is 02:00:00:00:00:01 instead of 02:00:00:00:00:09" "ip link set eth0 address 02:00:00:00:00:01" "ip link set eth0 address 02:00:00:00:00:09"
drift "interface eth0: mtu is 1300 instead of 1400" "ip link set eth0 mtu 1300" "ip link set eth0 mtu 1400"
drift "interface eth0: promisc is false instead of true" "ip link set eth0 promisc off" "ip link set eth0 promisc on"
drift "interface eth0: allmulti is false instead of true" "ip link set eth0 allmulticast off" "ip link set eth0 allmulticast on"
drift "interface eth0: txQLen is 6 instead of 5" "ip link set eth0 txqlen 6" "ip link set eth0 txqlen 5"
call tuning CHECK "$(conf 1.1.0 tuning "$members,\"prevResult\":$(result 02:00:00:00:00:0d 1400)")"
refused "CHECK holds the interface to the final result" 100 "mac is 02:00:00:00:00:09 instead of 02:00:00:00:00:0d"
ip -n test link set eth0 address 02:00:00:00:00:0d
call tuning CHECK "$(conf 1.1.0 tuning "$members,\"prevResult\":$(result 02:00:00:00:00:0d 1400)")"
expect "G5: CHECK tolerates what a later plugin changed" 0 ""
drift "interface eth0 is missing" "ip link set eth0 name eth9" "true"

# The neighbours hear of a new MAC address.
ip -n test link set eth9 down; ip -n test link set eth9 name eth0; ip -n test link set eth0 up
call tuning DEL "$(conf 1.1.0 tuning)"
ip -n peer address add 10.1.0.1/24 dev far
ip -n peer neigh replace 10.1.0.5 lladdr 02:00:00:00:00:01 dev far nud stale
call tuning ADD "$(conf 1.1.0 tuning "\"mac\":\"02:00:00:00:00:0e\",$previous")"
for _ in {1..20}; do
    lladdr=$(ip -n peer -j neigh show 10.1.0.5 | jq -r '.[0].lladdr'); [ "$lladdr" != 02:00:00:00:00:0e ] || break; sleep 0.1
done
same "the neighbours are told of a new MAC address" "$lladdr" 02:00:00:00:00:0e

# When the container has gone.
call tuning DEL "$(conf 1.1.0 tuning)" CNI_NETNS=
expect "F3: DEL without a namespace" 0 ""
same "F3: the backup goes all the same" "$(ls /run/cni/tuning)" ""
call tuning ADD "$(conf 1.1.0 tuning "\"mtu\":1400,$previous")"
ip -n test link delete eth0
ip -n test link add eth0 type veth peer name far
call tuning DEL "$(conf 1.1.0 tuning)"
same "DEL leaves another interface of the name alone" "$code $(ip -n test -j link show eth0 | jq .[0].mtu) $(ls /run/cni/tuning)" "0 1500 "
long=$(printf 'a%.0s' {1..300})
call tuning ADD "$(conf 1.1.0 tuning "\"mtu\":1400,$previous")" CNI_CONTAINERID="$long"
refused "an ID no file can have" 5 "File name too long"
call tuning DEL "$(conf 1.1.0 tuning "\"mtu\":1400,$previous")" CNI_CONTAINERID="$long"
expect "F2: DEL of it" 0 ""

# Garbage.
for name in a b c; do
    call tuning ADD "$(conf 1.1.0 tuning "\"mtu\":1400,$previous")" CNI_CONTAINERID=$name
done
sed -i 's/"network":"net"/"network":"other"/' /run/cni/tuning/c_eth0.json
echo '{"mtu":1500}' >/run/cni/tuning/d_eth0.json
touch /run/cni/tuning/b_eth0.json.new
call tuning GC "$(conf 1.1.0 tuning)"
expect "H12: GC without a list" 0 ""
same "H12: GC without a list removes nothing" "$(ls /run/cni/tuning | xargs)" "a_eth0.json b_eth0.json b_eth0.json.new c_eth0.json d_eth0.json"
call tuning GC "$(conf 1.1.0 tuning '"cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"},{"containerID":"b","ifname":"eth1"}]')"
expect "H8: GC" 0 ""
same "H8: GC removes what is its network's and not valid" "$(ls /run/cni/tuning | xargs)" "a_eth0.json c_eth0.json d_eth0.json"
finish
