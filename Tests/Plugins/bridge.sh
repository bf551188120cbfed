#!/bin/bash
# The plugin bridge: the contract, every key, drift, firewall, and what is left.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin bridge bridge ipam

for name in test other; do container $name; done
addresses() { printf '"ipam":{"type":"ipam","dataDir":"/run/addresses","subnet":"%s"%s}' "$1" "${2:+,$2}"; }
plain=$(addresses 10.1.0.0/24)

# The bridge stays by design, so it is there before anything is compared.
call bridge ADD "$(conf 1.1.0 bridge "$plain")" CNI_CONTAINERID=first CNI_NETNS=/run/netns/other
same "a bridge is made with the first container" "$code $(ip -j -d link show cni0 | jq -r '.[0].linkinfo.info_kind')" "0 bridge"
# While it is being proved (DAD) the host asks for no neighbour there, and a new container is out of reach for up to two seconds.
same "the link-local address of the bridge needs no proof" "$(for _ in {1..100}; do ip -6 -o address show dev cni0 scope link | grep . && break; sleep 0.05; done | grep -c -v tentative)" 1
call bridge DEL "$(conf 1.1.0 bridge "$plain")" CNI_CONTAINERID=first CNI_NETNS=/run/netns/other
# Nothing may change on its own a moment later: the bridge keeps a carrier, and IPv6 is off where it is not the matter.
ip link add keep0 type veth peer name keep1 && ip link set keep0 master cni0 up && ip link set keep1 up
for setting in /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; do echo 1 >"$setting"; done
contract bridge "$all_versions" "$plain"
own_namespace bridge "$plain"

inside() { nsenter --net=/run/netns/"$1" "${@:2}"; }
pings() { inside "$1" ping -c 1 -W 1 "$2" >/dev/null 2>&1 && echo yes || echo no; }
# attach NAME MEMBERS [VARIABLE=VALUE...]: ADD for the container NAME; sets $answer and $config.
attach() {
    config=$(conf 1.1.0 bridge "$2")
    call bridge ADD "$config" CNI_CONTAINERID="$1" CNI_NETNS=/run/netns/"$1" "${@:3}"
    answer=$out
}
# again VERB NAME [VARIABLE=VALUE...]: the verb with the answer of the last attach.
again() { call bridge "$1" "$(jq -c --argjson result "${answer:-{\}}" '.prevResult = $result' <<<"$config")" CNI_CONTAINERID="$2" CNI_NETNS=/run/netns/"$2" "${@:3}"; }
detach() { again DEL "$@"; }
gone() { again DEL "$1"; expect "$2: DEL" 0 ""; again DEL "$1"; expect "$2: DEL again" 0 ""; }
container_link() { ip -n "$1" -j -d link show "${2:-eth0}" | jq -c '.[0]'; }
host_end() { jq -r '.interfaces[1].name' <<<"$answer"; }

flush() { ip -4 address flush dev cni0; ip address flush dev cni0 to fd00::/16; echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding; }
untouched "an attachment leaves nothing but its bridge" '
    attach test "\"bridge\":\"cni0\",\"isGateway\":true,$(addresses 10.1.0.0/24 "\"routes\":[{\"dst\":\"0.0.0.0/0\"},{\"dst\":\"10.9.0.0/16\",\"gw\":\"10.1.0.1\",\"priority\":7}]")"
    same "ADD" "$code" 0
    same "the result names bridge, host end and container" "$(jq -c "[.interfaces[].name, .interfaces[2].sandbox, .ips[0].interface, .ips[0].gateway]" <<<"$answer")" \
        "[\"cni0\",\"$(host_end)\",\"eth0\",\"/run/netns/test\",2,\"10.1.0.1\"]"
    same "the container has its address" "$(ip -n test -j address show eth0 | jq -r ".[0].addr_info[0].local")" "$(jq -r ".ips[0].address" <<<"$answer" | cut -d/ -f1)"
    same "the routes of the address manager" "$(ip -n test route show | grep -v kernel | sed "s/ *$//" | sort)" "$(printf "10.9.0.0/16 via 10.1.0.1 dev eth0 metric 7\ndefault via 10.1.0.1 dev eth0")"
    same "the host forwards" "$(cat /proc/sys/net/ipv4/ip_forward)" 1
    same "the gateway answers" "$(pings test 10.1.0.1)" yes
    same "neighbours are told of new addresses" "$(inside test cat /proc/sys/net/ipv4/conf/eth0/arp_notify)" 1
    same "no router advertisements on the bridge (CVE-2020-10749)" "$(cat /proc/sys/net/ipv6/conf/cni0/accept_ra)" 0
    again CHECK test; expect "CHECK right after ADD" 0 ""
    # E2, E10: the second ADD fails, and the first stays as it is.
    call bridge ADD "$config" CNI_CONTAINERID=test; refused "E2: the interface exists" 4 "already exists"
    again CHECK test; expect "E2: and is left as it was" 0 ""
    gone test "an attachment"; flush'

# Result shapes and keys; each leaves nothing.
attached() {
    local name=$1 members=$2 shell=$3
    untouched "$name: DEL takes all away" 'attach test "$members" "${@:4}"; same "$name: ADD" "$code" 0; eval "$shell"; again CHECK test; expect "$name: CHECK" 0 ""; gone test "$name"; flush'
    ip link delete brx 2>/dev/null
}
set --
attached "mtu" "\"mtu\":1300,$plain" 'same "mtu of both ends" "$(container_link test | jq .mtu) $(ip -j link show "$(host_end)" | jq ".[0].mtu")" "1300 1300"; same "mtu in the result" "$(jq ".interfaces[2].mtu" <<<"$answer")" 1300'
attached "hairpinMode" "\"hairpinMode\":true,$plain" 'same "hairpin" "$(ip -j -d link show "$(host_end)" | jq ".[0].linkinfo.info_slave_data.hairpin")" true; ip link set "$(host_end)" type bridge_slave hairpin off; again CHECK test; refused "G3: hairpin has gone" 100 "hairpin"; ip link set "$(host_end)" type bridge_slave hairpin on'
attached "portIsolation" "\"portIsolation\":true,$plain" 'same "isolated port" "$(ip -j -d link show "$(host_end)" | jq ".[0].linkinfo.info_slave_data.isolated")" true'
attached "disableContainerInterface" "\"disableContainerInterface\":true" 'same "the container end is down" "$(container_link test | jq -c ".flags | index(\"UP\")")" null'
attached "no address manager" "\"isGateway\":true" 'same "up without addresses" "$(container_link test | jq -c ".flags | index(\"UP\") != null") $(jq -c .ips <<<"$answer")" "true null"'
attached "isDefaultGateway" "\"isDefaultGateway\":true,$plain" 'same "default route" "$(ip -n test route show default | sed "s/ *$//")" "default via 10.1.0.1 dev eth0"; same "default route in the result" "$(jq -c .routes <<<"$answer")" "[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"}]"'
attached "dns" "\"dns\":{\"nameservers\":[\"192.0.2.53\"]},$plain" 'same "dns replaces" "$(jq -c .dns <<<"$answer")" "{\"nameservers\":[\"192.0.2.53\"]}"'
echo 0 >/proc/sys/net/ipv6/conf/cni0/disable_ipv6
sleep 2 # until its link-local address has been looked for
mkdir -p /run/addresses/net && : >/run/addresses/net/last_reserved_ip.1
attached "dual stack" '"isDefaultGateway":true,"ipam":{"type":"ipam","dataDir":"/run/addresses","ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00:1::/64"}]]}' '
    same "both gateways answer at once" "$(pings test 10.1.0.1) $(pings test fd00:1::1)" "yes yes"'
echo 1 >/proc/sys/net/ipv6/conf/cni0/disable_ipv6
mac='02:42:0a:01:00:09'
same_mac() { same "$1" "$(container_link test | jq -r .address)" "$mac"; }
untouched "MAC addresses" '
    attach test "$plain" "CNI_ARGS=IgnoreUnknown=1;MAC=$mac"; same_mac "B12: MAC by CNI_ARGS"; detach test
    attach test "\"args\":{\"cni\":{\"mac\":\"$mac\"}},$plain" "CNI_ARGS=IgnoreUnknown=1;MAC=02:00:00:00:00:01"; same_mac "B12: args.cni comes before"; detach test
    attach test "\"runtimeConfig\":{\"mac\":\"$mac\"},\"args\":{\"cni\":{\"mac\":\"02:00:00:00:00:02\"}},$plain"; same_mac "B12: the capability comes before"; detach test'

# What cannot be.
untouched "what is refused leaves nothing" '
    for bad in "\"mtu\":-1" "\"mtu\":\"1500\"" "\"vlan\":4095" "\"vlan\":-1" "\"vlanTrunk\":[{\"minID\":5}]" "\"vlanTrunk\":[{\"minID\":9,\"maxID\":5}]" "\"vlanTrunk\":[{\"id\":0}]" "\"bridge\":\"a/b\"" "\"hairpinMode\":true,\"promiscMode\":true" \
        "\"disableContainerInterface\":true,$plain" "\"ipMasqBackend\":\"ipchains\"" "\"internal\":true,\"ipMasq\":true" "\"isGateway\":\"yes\""; do
        call bridge ADD "$(conf 1.1.0 bridge "$bad")"; same "refused with a code: $bad" "$code $(jq -c ".code == 6 or .code == 7" <<<"$out")" "1 true"
    done
    call bridge ADD "$(conf 1.1.0 bridge "\"bridge\":\"lo\",$plain")"; refused "a link of another kind" 7 "already exists but is not a bridge"
    call bridge ADD "$(conf 1.1.0 bridge "\"ipam\":{\"type\":\"nosuch\"}")"; refused "N7: no such address manager" 7 "failed to find plugin \"nosuch\" in path"
    call bridge ADD "$(conf 1.1.0 bridge "$plain")" CNI_NETNS=/run/netns/nosuch; refused "no such namespace" 4 "/run/netns/nosuch"
    call bridge ADD "$(conf 1.1.0 bridge "$plain")" "CNI_ARGS=IgnoreUnknown=1;MAC=01:00:00:00:00:01"; refused "a group address" 4 "invalid MAC address"'
filtering() { ip link add brx address 02:00:00:00:00:05 type bridge vlan_filtering 1 && ip link set brx up; }
if filtering 2>/dev/null; then
    attached "vlan" "\"bridge\":\"brx\",\"vlan\":100,$plain" 'same "native VLAN" "$(bridge -j vlan show dev "$(host_end)" | jq -c "[.[0].vlans[].vlan]")" "[100]"'
    filtering
    gateway="\"bridge\":\"brx\",\"vlan\":100,\"isGateway\":true,$plain"
    attached "the gateway of a VLAN" "$gateway" '
        port=v$(</sys/class/net/brx/ifindex).100
        its_vlans() { bridge -j vlan show dev "$port" | jq -c "[.[0].vlans[] | .vlan, .flags]"; }
        same "its port is in the VLAN alone" "$(its_vlans)" "[100,[\"PVID\",\"Egress Untagged\"]]"
        same "it answers" "$(pings test 10.1.0.1)" yes
        # As an ADD leaves it which is killed behind the making of the pair.
        ip link set "$port" down && bridge vlan del dev "$port" vid 100 && bridge vlan add dev "$port" vid 1 pvid untagged
        call bridge ADD "$config" CNI_CONTAINERID=other CNI_NETNS=/run/netns/other
        same "the next ADD brings it to its end" "$code $(its_vlans) $(pings other 10.1.0.1)" "0 [100,[\"PVID\",\"Egress Untagged\"]] yes"
        call bridge DEL "$config" CNI_CONTAINERID=other CNI_NETNS=/run/netns/other
        ip link delete brx.100'
    filtering
    attach test "$gateway,\"removeEmptyBridge\":true"
    detach test
    call bridge GC "$(jq -c '. + {"cni.dev/valid-attachments": []}' <<<"$config")"
    same "removeEmptyBridge: the gateway goes with the bridge" "$code $(ip -o link show | grep -c 'brx\|\.100')" "0 0"
else
    call bridge ADD "$(conf 1.1.0 bridge "\"bridge\":\"brx\",\"vlan\":100,$plain")"
    refused "this kernel cannot filter VLANs: said clearly" 2 "this kernel cannot filter VLANs"
    skip "VLANs on ports" "this kernel has no bridge VLAN filtering"
fi

# The bridge's address.
ip address flush dev cni0
ip address add 10.9.9.1/24 dev cni0
untouched "another address of the bridge is in the way" 'attach test "\"isGateway\":true,$plain"; refused "forceAddress is false" 7 "already has an IP address different from 10.1.0.1/24"'
attach test "\"isGateway\":true,\"forceAddress\":true,$plain"
same "forceAddress replaces it" "$code $(ip -j address show cni0 | jq -c '[.[0].addr_info[] | select(.family == "inet").local]')" '0 ["10.1.0.1"]'

# CHECK finds each drift, and says which.
drift() { eval "$2"; again CHECK test; refused "G3: $1" 100 "$3"; eval "$4"; again CHECK test; expect "G3: $1, put right" 0 ""; }
attach test "\"isDefaultGateway\":true,$plain" CNI_IFNAME=eth7 && detach test CNI_IFNAME=eth7
detach test; attach test "\"isDefaultGateway\":true,\"ipMasq\":true,\"isolated\":true,\"macspoofchk\":true,$plain"
own=$(jq -r '.ips[0].address' <<<"$answer") end=$(host_end) hw=$(jq -r '.interfaces[2].mac' <<<"$answer")
drift "the address has gone" "ip -n test address del $own dev eth0" "lost the address" "ip -n test address add $own dev eth0; ip -n test route add default via 10.1.0.1"
drift "the route has gone" "ip -n test route del default" "lost the route" "ip -n test route add default via 10.1.0.1"
drift "the interface is down" "ip -n test link set eth0 down" "is down" "ip -n test link set eth0 up; ip -n test route add default via 10.1.0.1"
drift "another MAC address" "ip -n test link set eth0 address 02:00:00:00:00:77" "MAC address" "ip -n test link set eth0 address $hw"
drift "another MTU" "ip -n test link set eth0 mtu 1400" "MTU" "ip -n test link set eth0 mtu 1500"
drift "the host end left the bridge" "ip link set $end nomaster" "no port of the bridge" "ip link set $end master cni0"
drift "the host end is down" "ip link set $end down" "is down" "ip link set $end up"
drift "the bridge is down" "ip link set cni0 down" "bridge cni0 is down" "ip link set cni0 up"
drift "the gateway has gone" "ip address del 10.1.0.1/24 dev cni0" "gateway" "ip address add 10.1.0.1/24 dev cni0"
drift "the rules were flushed" "nft flush ruleset" "rules of table" "again CHECK test APUS_CNI_REPAIR=1"
drift "one element has gone" "nft delete element inet apus_cni masquerade4 '{ ${own%/*} }'" "masquerade4" "again CHECK test APUS_CNI_REPAIR=1"
drift "the reservation has gone" "mv /run/addresses/net/${own%/*} /run/kept" "" "mv /run/kept /run/addresses/net/${own%/*}" 2>/dev/null

# Traffic: a second network, a world outside.
ip netns add outside
ip link add uplink type veth peer name eth0 netns outside
ip address add 192.0.2.1/24 dev uplink && ip link set uplink up
ip -n outside address add 192.0.2.2/24 dev eth0 && ip -n outside link set eth0 up
ip -n outside route add 10.0.0.0/8 via 192.0.2.1
first=$config first_answer=$answer
config=$(jq -c '.name = "net2" | .bridge = "br2" | .ipam.subnet = "10.2.0.0/24"' <<<"$first")
call bridge ADD "$config" CNI_CONTAINERID=other CNI_NETNS=/run/netns/other
answer=$out
theirs=$(jq -r '.ips[0].address' <<<"$answer")
same "O-36: another network's container is not reached" "$(pings test "${theirs%/*}")" no
same "O-37: every gateway of the host is" "$(pings test 10.2.0.1)" yes
same "O-38: outgoing traffic has the host's address" "$(pings test 192.0.2.2)" yes
same "O-42: who routes to the container directly does not get in" "$(pings outside "${own%/*}")" no
same "O-42: the host does" "$(ping -c 1 -W 1 "${own%/*}" >/dev/null && echo yes)" yes
ip -n test link set eth0 address 02:00:00:00:00:66
same "macspoofchk: another MAC address cannot send" "$(pings test 10.1.0.1)" no
ip -n test link set eth0 address "$hw"
same "macspoofchk: the own one can" "$(pings test 10.1.0.1)" yes
untouched "a second DEL takes nothing of whom the address belongs to now" 'detach test CNI_CONTAINERID=late'
detach other
same "isolated: DEL" "$code $(nft list set inet apus_cni guarded4 | grep -c "${theirs%/*}")" "0 0"

config=$(conf 1.1.0 bridge "\"bridge\":\"br2\",\"internal\":true,\"isDefaultGateway\":true,$(addresses 10.2.0.0/24)")
call bridge ADD "$config" CNI_CONTAINERID=other CNI_NETNS=/run/netns/other
answer=$out theirs=$(jq -r '.ips[0].address' <<<"$answer")
same "O-39: an internal network has no default route" "$code $(jq -c .routes <<<"$answer") $(ip -n other route show default)" "0 null "
ip -n other route add default via 10.2.0.1
same "O-39: its gateway answers, nothing else does" "$(pings other 10.2.0.1) $(pings other 192.0.2.2) $(pings outside "${theirs%/*}")" "yes no no"
detach other
config=$first answer=$first_answer

# DEL without the namespace, and GC, remove what is on the host.
again DEL test CNI_NETNS=
same "F3: DEL without a namespace takes link, elements and address" "$code $(ip link show "$end" 2>/dev/null | wc -l) $(nft list table inet apus_cni | grep -c elements) $(find /run/addresses -name "${own%/*}" | wc -l)" "0 0 0 0"
for name in test other; do attach $name "\"isDefaultGateway\":true,\"ipMasq\":true,\"macspoofchk\":true,$plain"; done
attach test "\"isDefaultGateway\":true,\"ipMasq\":true,\"macspoofchk\":true,$plain" CNI_IFNAME=eth1
same "several attachments of one container to one network" "$code $(ip -n test -br address show eth1 | wc -l)" "0 1"
call bridge GC "$(jq -c '. + {"cni.dev/valid-attachments": [{"containerID": "test", "ifname": "eth1"}]}' <<<"$config")" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
same "H8: GC leaves what is valid" "$code $(ip -j link show type veth | jq -c '[.[].ifalias // empty]') $(nft -j list set inet apus_cni masquerade4 | jq -c '[.nftables[] | .set.elem // empty | .[].elem.comment]') $(find /run/addresses/net -name '10.*' | wc -l)" \
    '0 ["cni net test eth1"] ["net test eth1 bridge"] 1'
call bridge GC "$(jq -c '. + {"cni.dev/valid-attachments": []}' <<<"$config")"
same "H12: GC with an empty list removes all" "$code $(ip -j link show type veth | jq -c '[.[].ifalias // empty]') $(nft list table inet apus_cni | grep -c elements)" "0 [] 0"

# A configuration may have changed since the ADD: what nobody asks for any more would be the next container's of that address.
kept=$config
changed() { # changed NAME MEMBERS LATER: an attachment made with MEMBERS leaves nothing after DEL, and after GC, with LATER.
    config=$(conf 1.1.0 bridge "$2,$(addresses 10.1.7.0/24)")
    for verb in DEL GC; do
        call bridge ADD "$config" CNI_CONTAINERID=test CNI_IFNAME=eth7
        call bridge $verb "$(jq -c --argjson result "$out" --argjson later "$3" '. + $later + {prevResult: $result, "cni.dev/valid-attachments": []}' <<<"$config")" CNI_IFNAME=eth7
        same "$1: $verb" "$code $(nft list ruleset | grep -c 'net test eth7')" "0 0"
        call bridge DEL "$config" CNI_IFNAME=eth7
    done
}
changed "masquerading is asked for no more" '"bridge":"cni0","ipMasq":true' '{"ipMasq":false}'
changed "one of several is asked for no more" '"bridge":"cni0","ipMasq":true,"isolated":true' '{"isolated":false}'
changed "the MAC address is checked no more" '"bridge":"cni0","macspoofchk":true' '{"macspoofchk":false}'
# Neither is it done when the kernel could not do it: only one that has no firewall has nothing to give back.
short() { # short VERB CALL ERROR: the verb says that it failed, or leaves nothing
    local number=0 bad=
    while :; do
        number=$((number + 1))
        call bridge ADD "$config" CNI_IFNAME=eth7
        through=$(failing "$2" "$3:when=$number")
        call bridge "$1" "$(jq -c --argjson result "$out" '. + {ipMasq: false, isolated: false, prevResult: $result, "cni.dev/valid-attachments": []}' <<<"$config")" CNI_IFNAME=eth7
        through=
        [ "$code" != 0 ] || ! nft list ruleset | grep -q 'net test eth7' || bad+="$number "
        call bridge DEL "$config" CNI_IFNAME=eth7
        grep -q INJECTED "$scratch/trace" || break
    done
    same "what was masqueraded: $3 of each $2 of $1" "$bad$((number > 2))" 1
}
if command -v strace >/dev/null; then
    config=$(conf 1.1.0 bridge "\"bridge\":\"cni0\",\"ipMasq\":true,\"isolated\":true,$(addresses 10.1.7.0/24)")
    for verb in DEL GC; do
        short $verb sendto ENOBUFS
        short $verb recvmsg ENOMEM
        short $verb socket EMFILE
        config=$(conf 1.1.0 bridge "\"bridge\":\"cni0\",$(addresses 10.1.7.0/24)")
        call bridge ADD "$config" CNI_IFNAME=eth7
        answer=$out
        for error in EPROTONOSUPPORT EAFNOSUPPORT; do
            through="strace -o $scratch/trace -e trace=socket"
            call bridge $verb "$(jq -c '. + {"cni.dev/valid-attachments": []}' <<<"$config")" CNI_IFNAME=eth8
            through=$(failing socket "$error:when=$(grep -o '^socket.*' "$scratch/trace" | grep -n NETLINK_NETFILTER | cut -d: -f1)")
            call bridge $verb "$(jq -c --argjson result "$answer" '. + {prevResult: $result, "cni.dev/valid-attachments": []}' <<<"$config")" CNI_IFNAME=eth7
            through=
            expect "$verb in a kernel without a firewall ($error), when nothing was asked of it" 0 ""
        done
        call bridge DEL "$config" CNI_IFNAME=eth7
        config=$(jq -c '. + {ipMasq: true, isolated: true}' <<<"$config")
    done
else
    skip "a kernel that cannot do it" "strace is not installed"
fi

# An address manager of somebody else's which answers one address twice.
mkdir /run/managers && printf '#!/bin/sh\ncat >/dev/null\n[ "$CNI_COMMAND" != ADD ] || echo '\''{"cniVersion":"1.1.0","ips":[{"address":"10.1.8.2/24"},{"address":"10.1.8.2/24"}]}'\''\n' >/run/managers/twice
chmod +x /run/managers/twice
config=$(conf 1.1.0 bridge '"bridge":"cni0","ipMasq":true,"ipam":{"type":"twice"}')
call bridge ADD "$config" CNI_IFNAME=eth8 CNI_PATH=/run/managers
refused "one address twice" 5 "address add 10.1.8.2/24"
call bridge DEL "$(jq -c '. + {prevResult: {cniVersion: "1.1.0", interfaces: [{name: "cni0"}, {name: "eth8", sandbox: "/run/netns/test"}], ips: [{address: "10.1.8.2/24", interface: 1}, {address: "10.1.8.2/24", interface: 1}]}}' <<<"$config")" CNI_IFNAME=eth8 CNI_PATH=/run/managers
same "one address twice: DEL" "$code $(nft list ruleset | grep -c 'net test eth8')" "0 0"

config=$(conf 1.1.0 bridge "\"bridge\":\"short\",\"mtu\":1279,$(addresses fd00:9::/64)")
call bridge ADD "$config"
refused "IPv6 on a bridge with too short packets" 7 "mtu is 1279, and IPv6 needs 1280 or more"
call bridge DEL "$config" && ip link delete short
touch /run/file
call bridge ADD "$(conf 1.1.0 bridge "$plain")" CNI_NETNS=/run/file
refused "a file in the namespace's place" 4 "/run/file\": not a network namespace"

config=$kept
# STATUS.
call bridge STATUS "$config"
expect "H2: STATUS" 0 ""
nft add table ip stranger && nft add chain ip stranger FORWARD '{ type filter hook forward priority 0; policy drop; }'
call bridge STATUS "$config"
refused "H2: somebody else drops what is forwarded" 51 "chain FORWARD of table ip stranger"
nft delete table ip stranger
call bridge STATUS "$(conf 1.1.0 bridge '"ipam":{"type":"nosuch"}')"
refused "H4: the address manager's STATUS counts" 7 nosuch

# Many at once.
for i in $(seq 30); do ip netns add "many$i"; done
many() {
    for i in $(seq 30); do
        env -i PATH="$PATH" CNI_COMMAND="$1" CNI_CONTAINERID="many$i" CNI_NETNS="/run/netns/many$i" CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" "$PLUGINS/bridge" <<<"$config" >"/run/many$i" 2>&1 &
    done
    wait
}
many ADD
same "E11: thirty ADDs at once give thirty addresses" "$(jq -r '.ips[0].address' /run/many* | sort -u | wc -l)" 30
many DEL
same "E11: thirty DELs at once leave nothing" "$(cat /run/many* | wc -c) $(ip -j link show type veth | jq -c '[.[].ifalias // empty]') $(nft list table inet apus_cni | grep -c elements) $(find /run/addresses/net -name '10.*' | wc -l)" "0 [] 0 0"
finish
