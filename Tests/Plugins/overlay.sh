#!/bin/bash
# The plugin overlay and apus-netd on one host, with the store in a file: the contract, every key, drift, and what is left.
# shellcheck disable=SC2154,SC2016 # $code and $out are set by call; shell text is for untouched
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin overlay overlay apus-netd

# The host's uplink, and somebody behind it.
ip link add up0 type veth peer name up1 && container outside && ip link set up1 netns outside
ip address add 192.0.2.1/24 dev up0 && ip link set up0 up && ip route add default via 192.0.2.254
ip -n outside address add 192.0.2.254/24 dev up1 && ip -n outside link set up1 up
# Its state is the suite's own; every call says so, for whichever starts the daemon.
cluster=$scratch/overlay.json
printf '{"store":"local","state":"%s/state"}' "$scratch" >"$cluster"
export APUS_OVERLAY=$cluster
# netd [RUN]: the daemons, or that of a run directory.
netd() { for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$PLUGINS/apus-netd" ] && tr '\0' ' ' <"$p/cmdline" | grep -q -e "--run ${1-}" && basename "$p"; done; }
trap 'kill $(netd) 2>/dev/null; rm -rf "$scratch"' EXIT

inside() { nsenter --net="/run/netns/$1" "${@:2}"; }
pings() { inside "$1" ping -c 1 -W 1 "$2" >/dev/null 2>&1 && echo yes || echo no; }
# attach NAME MEMBERS [VARIABLE=VALUE...]: ADD for the container NAME to the network $network; sets $answer and $config.
attach() {
    config=$(printf '{"cniVersion":"1.1.0","name":"%s","type":"overlay"%s}' "${network:-blue}" "${2:+,$2}")
    call overlay ADD "$config" CNI_CONTAINERID="$1" CNI_NETNS=/run/netns/"$1" APUS_OVERLAY="$cluster" "${@:3}"
    answer=$out
}
# again VERB NAME [VARIABLE=VALUE...]: the verb with the answer of the last attach.
again() { call overlay "$1" "$(jq -c --argjson result "${answer:-{\}}" '.prevResult = $result' <<<"$config")" CNI_CONTAINERID="$2" CNI_NETNS=/run/netns/"$2" APUS_OVERLAY="$cluster" "${@:3}"; }
gone() { again DEL "$1"; expect "$2: DEL" 0 ""; again DEL "$1"; expect "$2: DEL again" 0 ""; }
address() { jq -r '.ips[0].address' <<<"$answer" | cut -d/ -f1; }
host_end() { jq -r '.interfaces[1].name' <<<"$answer"; }
bridge() { jq -r '.interfaces[0].name' <<<"$answer"; }

for name in test one two keeper; do container $name; done
# The first ADD starts the daemon, and sets what stays: it has something to do from here on.
network=kept attach keeper '"subnet":"10.9.0.0/24","subnet6":"fd09::/64"'
same "the first ADD starts apus-netd" "$code $(jq -r '.ips[0].address' <<<"$answer")" "0 10.9.0.2/24"
contract overlay "$all_versions" '"subnet":"10.4.0.0/24"'
own_namespace overlay '"subnet":"10.4.0.0/24"'

untouched "an attachment leaves nothing" '
    attach test "\"subnet\":\"10.5.0.0/24\",\"subnet6\":\"fd05::/64\""
    same "ADD" "$code" 0
    own=$(address)
    same "the result names bridge, host end and container" "$(jq -c "[(.interfaces[0].name | .[:3]), .interfaces[1].name, .interfaces[2].name, .interfaces[2].sandbox, .ips[0].interface]" <<<"$answer")" \
        "[\"ov-\",\"$(host_end)\",\"eth0\",\"/run/netns/test\",2]"
    same "addresses of both families with their gateways" "$(jq -c "[.ips[].gateway]" <<<"$answer")" "[\"10.5.0.1\",\"fd05::1\"]"
    same "and default routes through them" "$(jq -c "[.routes[] | .dst, .gw]" <<<"$answer")" "[\"0.0.0.0/0\",\"10.5.0.1\",\"::/0\",\"fd05::1\"]"
    same "the MAC address follows from the address" "$(jq -r ".interfaces[2].mac" <<<"$answer")" "$(printf "02:42:%02x:%02x:%02x:%02x" ${own//./ })"
    same "room for the outer headers" "$(jq -c "[.interfaces[].mtu]" <<<"$answer") $(ip -n test -j link show eth0 | jq ".[0].mtu")" "[1450,1450,1450] 1450"
    same "the gateway answers" "$(pings test 10.5.0.1) $(pings test fd05::1)" "yes yes"
    same "what leaves has the host'\''s address" "$(pings test 192.0.2.254)" yes
    again CHECK test; expect "CHECK right after ADD" 0 ""
    call overlay ADD "$config" CNI_CONTAINERID=test; refused "E2: the interface exists" 4 "already exists"
    again CHECK test; expect "E2: and is left as it was" 0 ""
    gone test "an attachment"'

untouched "two containers" '
    attach one "\"subnet\":\"10.5.0.0/24\""; first=$answer other=$(address)
    attach two ""
    same "the second finds the network by its name" "$code $(jq -r ".ips[0].gateway" <<<"$answer")" "0 10.5.0.1"
    same "they reach each other" "$(pings two "$other") $(pings one "$(address)")" "yes yes"
    same "nothing is asked for on the underlay, or flooded" "$(bridge fdb show dev "vx-${bridge_id:-$(bridge | cut -c4-)}" | grep -c self)" 0
    gone two "the second"; same "the network stays for the first" "$(pings one 10.5.0.1)" yes
    answer=$first; gone one "the first"'

# refused_add NAME CODE TEXT MEMBERS [VARIABLE=VALUE...]
refused_add() { attach test "$4" "${@:5}"; refused "$1" "$2" "$3"; }
attach keeper "" CNI_IFNAME=eth1 && network_of_blue=$answer
untouched "an ADD which fails leaves nothing" '
    refused_add "another subnet than the cluster'\''s" 7 "the cluster has network blue with subnet" "\"subnet\":\"10.6.0.0/24\""
    refused_add "an address manager" 7 "gives the addresses itself" "\"ipam\":{\"type\":\"host-local\"}"
    refused_add "a subnet which is none" 7 "subnet" "\"subnet\":\"10.6.0.1/24\""
    refused_add "internal and masqueraded" 7 "internal and ipMasq exclude each other" "\"internal\":true,\"ipMasq\":true"
    refused_add "a MAC address of its own" 7 "the MAC address 02:00:00:00:00:09 is not possible on an overlay network" "" "CNI_ARGS=IgnoreUnknown=1;MAC=02:00:00:00:00:09"
    refused_add "an IPv6 address of its own" 7 "the address fd07::9 is not possible" "\"runtimeConfig\":{\"ips\":[\"fd07::9\"]}"
    refused_add "two addresses" 7 "one IPv4 address" "\"runtimeConfig\":{\"ips\":[\"10.5.0.8\",\"10.5.0.9\"]}"
    refused_add "the address of another container" 100 "$(jq -r ".ips[0].address" <<<"$network_of_blue" | cut -d/ -f1)" "\"runtimeConfig\":{\"ips\":[\"$(jq -r ".ips[0].address" <<<"$network_of_blue")\"]}"
    refused_add "a network which cannot be called so" 7 "network" "\"network\":\"a/b\""
    refused_add "no daemon to start" 50 "apus-netd is not there: looked for /nonexistent" "\"runDir\":\"$scratch/none\",\"netd\":\"/nonexistent\""
    attach nosuch ""; refused "a namespace which is not there" 4 "/run/netns/nosuch"'

untouched "wishes" '
    attach test "\"runtimeConfig\":{\"ips\":[\"10.5.0.77/24\"]}"
    same "an address that is asked for" "$code $(address) $(jq -r ".interfaces[2].mac" <<<"$answer")" "0 10.5.0.77 02:42:0a:05:00:4d"
    gone test "an address"
    attach test "" "CNI_ARGS=IP=10.5.0.78;MAC=02:42:0a:05:00:4e"
    same "by CNI_ARGS, with the MAC address which follows" "$code $(address)" "0 10.5.0.78"
    gone test "CNI_ARGS"
    attach test "\"args\":{\"cni\":{\"ips\":[\"10.5.0.79\"]}}"; same "by args.cni" "$code $(address)" "0 10.5.0.79"; gone test "args.cni"'

untouched "an internal network" '
    network=inner attach test "\"internal\":true,\"subnet\":\"10.8.0.0/24\""
    same "has no default route" "$code $(jq -c ".routes" <<<"$answer") $(ip -n test route show default)" "0 null "
    same "and no way out" "$(pings test 10.8.0.1) $(pings test 192.0.2.254)" "yes no"
    again CHECK test; expect "internal: CHECK" 0 ""
    gone test "internal"'

# drift NAME TEXT SHELL [REPAIR]: CHECK names what SHELL broke, and finds it in order where REPAIR put it back.
drift() {
    attach test ""
    vxlan=vx-$(bridge | cut -c4-)
    # The daemon looks every few seconds, and may have been faster than CHECK.
    for _ in 1 2 3; do
        eval "$3"
        again CHECK test
        [ "$code" = 0 ] || break
    done
    refused "CHECK: $1" 100 "$2"
    again DEL test
    expect "DEL after: $1" 0 ""
    attach one "" && again CHECK one
    expect "the next ADD mends: $1" 0 ""
    again DEL one
}
drift "the interface has gone" "no interface eth0" 'ip -n test link delete eth0'
drift "an address has gone" "has lost the address" 'ip -n test address flush dev eth0'
drift "a route has gone" "has lost the route" 'ip -n test route delete default'
drift "another MTU" "has the MTU 1300" 'ip -n test link set eth0 mtu 1300'
drift "another MAC address" "has the MAC address 02:00:00:00:00:01" 'ip -n test link set eth0 address 02:00:00:00:00:01'
drift "the port has left the bridge" "is no port of the bridge" 'ip link set "$(host_end)" nomaster'
drift "the VXLAN has gone" "to the other hosts has gone" 'ip link delete "$vxlan"'
drift "the VXLAN is down" "is down" 'ip link set "$vxlan" down'
drift "the VXLAN is no port" "is no port of the bridge" 'ip link set "$vxlan" nomaster'
drift "the gateway's address has gone" "gateway's address" 'ip address flush dev "$(bridge)" to 10.5.0.0/24'
drift "the gateway's MAC address" "gateway's MAC address" 'ip link set "$(bridge)" address 02:00:00:00:00:01'
drift "the record has gone" "the record of the attachment is missing" 'rm /run/apus/overlay/blue:test:eth0.json'
drift_repaired() { # NAME SHELL: CHECK with APUS_CNI_REPAIR=1 puts back what SHELL broke, and the container keeps its address.
    attach test ""
    vxlan=vx-$(bridge | cut -c4-)
    eval "$2"
    again CHECK test APUS_CNI_REPAIR=1 && expect "repaired: $1" 0 ""
    again CHECK test && expect "and stays so: $1" 0 ""
    again DEL test
}
drift_repaired "the record has gone" 'rm /run/apus/overlay/blue:test:eth0.json'
drift_repaired "the VXLAN has gone" 'ip link delete "$vxlan"'
drift_repaired "the firewall has forgotten" 'nft flush ruleset'
drift_repaired "the daemon has gone" 'kill -KILL "$(netd /run/apus)"'
drift "the firewall has forgotten" "" 'nft flush ruleset'

untouched "DEL without namespace, result and interface" '
    ip netns add lost; attach lost ""; ip netns delete lost
    call overlay DEL "$config" CNI_CONTAINERID=lost CNI_NETNS= CNI_IFNAME=eth0; expect "DEL without the namespace" 0 ""'

untouched "GC takes what is not valid" '
    attach one ""; attach two ""; kept=$answer
    valid=$(jq -c ".\"cni.dev/valid-attachments\" = [{\"containerID\":\"two\",\"ifname\":\"eth0\"},{\"containerID\":\"keeper\",\"ifname\":\"eth1\"}]" <<<"$config")
    if command -v strace >/dev/null; then
        through=$(failing openat EMFILE -P /run/apus/overlay)
        call overlay GC "$valid"
        through=
        refused "GC of records that it may not list has not been done" 5 "open /run/apus/overlay: Too many open files"
    fi
    call overlay GC "$valid"
    expect "GC" 0 ""
    same "one has gone" "$(ls /run/apus/overlay | grep -c blue:one) $(ip -n one link show eth0 2>&1 | grep -c "does not exist")" "0 1"
    answer=$kept; again CHECK two; expect "the valid one stays" 0 ""
    gone two "GC"'

call overlay STATUS "$(conf 1.1.0 overlay)" APUS_OVERLAY="$cluster"
expect "STATUS" 0 ""
call overlay STATUS "$(conf 1.1.0 overlay "\"runDir\":\"$scratch/none\",\"netd\":\"/nonexistent\"")"
refused "STATUS without a daemon" 50 "apus-netd is not there: looked for /nonexistent"

# Killed at any moment, an ADD leaves only what DEL takes away.
attach one "" && again DEL one
untouched "an ADD which is killed" '
    for moment in 1 2 4 8 12 16 24 32 48; do
        env -i PATH="$PATH" CNI_COMMAND=ADD CNI_CONTAINERID=one CNI_NETNS=/run/netns/one CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" \
            timeout -s KILL 0.0$(printf %02d $moment) "$PLUGINS/overlay" <<<"$config" >/dev/null 2>&1
        call overlay DEL "$config" CNI_CONTAINERID=one CNI_NETNS=/run/netns/one
        expect "DEL after an ADD killed after $moment ms" 0 ""
    done'

# It is killed while the daemon makes the devices, DEL takes the record away, and the daemon finishes.
if command -v strace >/dev/null; then
    alone=$(conf 1.1.0 overlay | jq -c '.name = "alone"') record=/run/apus/overlay/alone:one:eth0.json
    strace -f -qq -p "$(netd /run/apus)" -o "$scratch/binds" -e trace=bind -e inject=bind:delay_enter=500000 &
    tracer=$!
    until grep -q '^TracerPid:.*[1-9]' "/proc/$(netd /run/apus)/status"; do sleep 0.02; done
    env CNI_COMMAND=ADD CNI_CONTAINERID=one CNI_NETNS=/run/netns/one CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" "$PLUGINS/overlay" <<<"$alone" >/dev/null &
    adding=$!
    for _ in {1..200}; do [ -e "$record" ] && break; sleep 0.02; done
    : >"$scratch/binds"
    for _ in {1..200}; do grep -q AF_NETLINK "$scratch/binds" && break; sleep 0.02; done
    given=$(jq -c .assignment "$record")
    kill -9 $adding; wait $adding 2>/dev/null
    call overlay DEL "$alone" CNI_CONTAINERID=one CNI_NETNS=/run/netns/one
    served() { python3 "$here/netd.py" call /run/apus/netd.sock '{"do":"overlay","act":"networks"}' '{"do":"status"}' | jq -c 'select(.overlay) | [.overlay.networks[] | select(.name == "alone").containers]'; }
    # What is asked last is answered when all before it is done.
    same "a record that DEL has removed does not come back" "$given $code $(served) $(ls /run/apus/overlay | grep -c alone:one)" "null 0 [0] 0"
    kill $tracer; wait $tracer 2>/dev/null
    call overlay DEL "$alone" CNI_CONTAINERID=one CNI_NETNS=/run/netns/one
else
    skip "a record that DEL has removed does not come back" "strace is not installed"
fi

# Without the daemon DEL does its part, and whoever comes next finds the rest.
attach one ""
kill -KILL "$(netd /run/apus)"
again CHECK one
refused "CHECK without the daemon" 100 "apus-netd does not run"
again DEL one
expect "DEL without the daemon" 0 ""
attach two "" && again CHECK two
expect "the next ADD starts it" 0 ""
same "it has forgotten the one" "$(ls /run/apus/overlay | grep -c blue:one)" 0
again DEL two

# A second daemon with the first one's ID would give out its addresses, and take its devices with its own last container.
attach one "" && kept=$answer settings=$config
attach two "\"runDir\":\"$scratch/second\""
refused "a second daemon of one node is refused" 5 "another apus-netd is this host's node in the cluster ($scratch/state/node.lock)"
again DEL two
expect "and has nothing to take away" 0 ""
answer=$kept config=$settings
again CHECK one
expect "nothing is missing with the first" 0 ""
again DEL one

# A daemon of another run directory takes the devices of this one for strays: it comes last.
printf '{"endpoints":["http://127.0.0.1:1"],"state":"%s/far"}' "$scratch" >"$scratch/far.json"
for verb in ADD STATUS; do
    began=$(date +%s%N)
    call overlay $verb "$(conf 1.1.0 overlay "\"runDir\":\"$scratch/far-run\"")" APUS_OVERLAY="$scratch/far.json"
    took=$((($(date +%s%N) - began) / 1000000))
    refused "the store is away: $verb" 11 "127.0.0.1:1"
    same "the store is away: $verb says so in less than four seconds" "$((took < 4000))" 1
done
finish
