#!/bin/bash
# Networks of several hosts: with a store of this host alone, then on two hosts (a network and a mount namespace each) with an etcd.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin overlay
export APUS_OVERLAY=$scratch/overlay.json
echo "{\"state\":\"$scratch/overlay-state\",\"node\":\"alone\"}" >"$APUS_OVERLAY"
image busybox
x() { apus exec "$@"; }
gone() { apus rm -f "$@" >/dev/null; }
# field NETWORK JQ: what inspect says.
field() { apus network inspect "$1" | jq -r ".[0]$2"; }
refused() { local words=$1; shift; "$@" >answer 2>&1; same "$?" "${CODE:-1}" && grep -qF -- "$words" answer && return; cat answer; return 1; }
mac_of() { local IFS=.; printf '02:42:%02x:%02x:%02x:%02x' $1; }
export -f x gone field refused mac_of

check "subnets nobody chose follow each other from 10.0.0.0/24 on" '
    apus network create -d overlay --attachable --label a=b one >/dev/null && apus network create -d overlay two >/dev/null || exit 1
    same "$(field one .IPAM.Config[0].Subnet)" 10.0.0.0/24 && same "$(field two .IPAM.Config[0].Subnet)" 10.0.1.0/24 && same "$(field one .IPAM.Config[0].Gateway)" 10.0.0.1 &&
        same "$(field one "|[.Scope,.Driver,.Attachable,.Labels.a]|join(\" \")")" "global overlay true b" && [ "$(field one .Options.vni)" -gt 4096 ]'
check "what an overlay network cannot have is refused" '
    refused "no --ip-range" apus network create -d overlay --subnet 10.9.0.0/16 --ip-range 10.9.1.0/24 no && refused "no --aux-address" apus network create -d overlay --subnet 10.9.0.0/16 --aux-address a=10.9.0.9 no &&
        refused "no --ipam-driver" apus network create -d overlay --ipam-driver host-local no && refused "no option \"encrypted\"" apus network create -d overlay -o encrypted=true no &&
        refused "it is a number" apus network create -d overlay -o vni=x no && refused "Pool overlaps" apus network create -d overlay --subnet 10.0.0.0/16 no && refused "not found" apus network inspect no'
check "a name that is taken is refused" '
    refused "network with name one already exists" apus network create -d overlay one && refused "network with name one already exists" apus network create one && apus network create local >/dev/null &&
        refused "network with name local already exists" apus network create -d overlay local && apus network rm local >/dev/null'
check "containers have the MAC address of their address, names, and a way out" '
    apus run -d --name web --network one -p 8080:80 busybox httpd -f -p 80 -h /etc >/dev/null && apus run -d --name cli --network one busybox sleep 1000 >/dev/null || exit 1
    ip=$(address web one); same "$(x web cat /sys/class/net/eth0/address)" "$(mac_of "$ip")" && x cli ping -c 1 -W 2 web >/dev/null && x web ping -c 1 -W 2 cli.one >/dev/null &&
        x cli curl -s 10.0.2.2/cgi-bin/who | grep -qF 10.0.2.15'
check "a published port is reached from beside" 'outside get 10.0.2.15 8080 passwd | grep -q root'
check "names are published by the record of the same name" 'same "$(ls "$APUS_RUN/overlay" | grep -v "^\\.")" "$(ls "$APUS_RUN/dns" | grep -v "^\\.")"'
check "an address is chosen, a MAC address is not" '
    apus run --rm --network one --ip 10.0.0.14 busybox ip -4 -o address show eth0 | grep -q "10.0.0.14/24" || exit 1
    CODE=125 refused "MAC address 02:00:00:00:00:01 is not possible" apus run --rm --network one --mac-address 02:00:00:00:00:01 busybox true'
check "connect and disconnect while it runs" '
    apus network connect two cli || exit 1
    x cli ip -4 -o address show eth1 | grep -q " 10.0.1." && apus run --rm --network two busybox ping -c 1 -W 2 cli >/dev/null || exit 1
    apus network disconnect two cli && ! x cli ip link show eth1 2>/dev/null'
check "the default route and the published ports follow the election between an overlay network and a bridge" '
    apus network create near >/dev/null && apus network connect --gw-priority 5 near web || exit 1
    x web ip route show default | grep -q "dev eth1" && outside get 10.0.2.15 8080 passwd | grep -q root && apus network disconnect near web || exit 1
    x web ip route show default | grep -q "via 10.0.0.1 dev eth0" && outside get 10.0.2.15 8080 passwd | grep -q root && apus network rm near >/dev/null'
check "an internal one has no way out" '
    apus network create -d overlay --internal closed >/dev/null && apus run -d --name in1 --network closed busybox sleep 1000 >/dev/null || exit 1
    same "$(x in1 ip route show default)" "" && apus run --rm --network closed busybox ping -c 1 -W 2 in1 >/dev/null && ! apus run --rm --network closed busybox curl -s -m 2 10.0.2.2/cgi-bin/who
    code=$?; gone in1; apus network rm closed >/dev/null; exit $code'
check "two families, and an MTU" '
    apus network create -d overlay --ipv6 -o com.docker.network.driver.mtu=1300 both >/dev/null && apus run -d --name bb --network both busybox sleep 1000 >/dev/null || exit 1
    x bb ip -6 route show default | grep -q via && x bb ping -6 -c 1 -W 2 "$(field both .IPAM.Config[1].Gateway)" >/dev/null && same "$(x bb cat /sys/class/net/eth0/mtu)" 1300
    code=$?; gone bb; apus network rm both >/dev/null; exit $code'
check "apus-netd is killed: traffic goes on, and the next container starts it" '
    kill -9 $(pids_of apus-netd); x cli ping -c 1 -W 2 "$(address web one)" >/dev/null && apus run --rm --network one busybox ping -c 1 -W 2 web >/dev/null && x cli ping -c 1 -W 2 web >/dev/null'
check "restart keeps the network" 'apus restart -t 0 cli >/dev/null && x cli ping -c 1 -W 2 web >/dev/null'
check "check finds a record that is gone, and puts it back" '
    apus system check || exit 1
    rm "$APUS_RUN/overlay/one:$(apus inspect cli | jq -r .[0].Id):eth0.json"; apus system check >found && exit 1; cat found; grep -q cli found && apus system check --repair && apus system check'
check "this host is the only node" 'same "$(apus node ls --format "{{.Name}} {{.Status}} {{.Self}}")" "alone Ready *" && same "$(apus node ls -q | wc -l)" 1 && refused lives apus node rm alone'
check "a network with containers stays" 'refused "network one has active endpoints" apus network rm one && apus network ls -q | grep -q "$(field one .Id | cut -c 1-12)"'
check "what nobody uses is pruned, and nothing stays" '
    apus network prune -f | grep -qx two || exit 1
    gone web cli; apus network rm one >/dev/null && soon "! ip -o link show | grep -E \": (ov|vx)-\"" && same "$(ls "$APUS_RUN/overlay" "$APUS_ROOT/networks" | grep -c "^one\|overlay.json")" 0'
stop_daemon

# Two hosts.

if ! command -v etcd >/dev/null; then
    ok "two hosts # SKIP etcd is not installed"
    finish apus0
fi
unset APUS_OVERLAY
ip link add under type bridge && ip addr add 192.0.2.254/24 dev under && ip link set under up
# A host's processes are found by the one which holds its namespaces.
for i in 1 2; do
    mkdir -p "$scratch/h$i"
    unshare --net --mount --propagation private sleep 100000 &
    echo $! >"$scratch/h$i/pid"
    disown
    soon '[ "$(readlink "/proc/$(cat "$scratch/h$i/pid")/ns/net")" != "$(readlink /proc/self/ns/net)" ]' || exit 2
    ip link add "under$i" type veth peer name eth0 netns "$(cat "$scratch/h$i/pid")" && ip link set "under$i" master under up
    echo "{\"endpoints\":[\"http://192.0.2.254:2379\"],\"node\":\"host$i\",\"ttl\":3,\"state\":\"$scratch/h$i/overlay\"}" >"$scratch/h$i/overlay.json"
done
on() {
    local i=$1
    shift
    nsenter -t "$(cat "$scratch/h$i/pid")" --net --mount env APUS_ROOT="$scratch/h$i/state" APUS_RUN="$scratch/h$i/run" APUS_OVERLAY="$scratch/h$i/overlay.json" bash -c '"$@"' - "$@"
}
for i in 1 2; do
    on "$i" ip link set lo up && on "$i" ip link set eth0 up && on "$i" ip addr add "192.0.2.$i/24" dev eth0 && on "$i" ip route add default via 192.0.2.254
    mkdir -p "$scratch/h$i/state" && cp -a "$APUS_ROOT/images" "$scratch/h$i/state/"
done
etcd --data-dir "$scratch/etcd" --log-level error --listen-client-urls http://192.0.2.254:2379 --advertise-client-urls http://192.0.2.254:2379 \
    --listen-peer-urls http://127.0.0.1:2380 >"$scratch/etcd.log" 2>&1 &
echo $! >"$scratch/etcd.pid"
disown
# Waits until both hosts have told the store of themselves, after it was away for longer than their sessions last.
both_ready() {
    local _
    for _ in {1..100}; do [ "$(on 1 apus node ls --format "{{.Status}}" | grep -c Ready)" = 2 ] && [ "$(on 2 apus node ls --format "{{.Status}}" | grep -c Ready)" = 2 ] && return; sleep 0.2; done
    on 1 apus node ls; return 1
}
export -f on both_ready
CHECK_LIMIT=90

check "etcd answers" 'for _ in {1..200}; do curl -sf -m 2 http://192.0.2.254:2379/health && exit; sleep 0.1; done; cat "$scratch/etcd.log"; exit 1'
check "a network made on one host is on the other, with its ID" '
    id=$(on 1 apus network create -d overlay --subnet 10.20.0.0/16 --ipv6 --label a=b blue) || exit 1
    same "$(on 2 apus network ls --no-trunc --format "{{.ID}} {{.Name}} {{.Driver}} {{.Scope}}" | grep blue)" "$id blue overlay global" && ! ls "$scratch/h2/state/networks/$id.json" 2>/dev/null || exit 1
    same "$(on 2 apus network inspect blue | jq -c ".[0]|[.Id,.IPAM.Config[0].Subnet,.Labels.a,.EnableIPv6]")" "[\"$id\",\"10.20.0.0/16\",\"b\",true]" && ls "$scratch/h2/state/networks/$id.json" &&
        refused "network with name blue already exists" on 2 apus network create -d overlay --subnet 10.21.0.0/16 blue'
check "containers of two hosts find each other by name" '
    on 1 apus run -d --name web --network blue busybox httpd -f -p 80 -h /etc >/dev/null && on 2 apus run -d --name cli --network blue busybox sleep 1000 >/dev/null || exit 1
    soon "on 2 apus exec cli ping -c 1 -W 1 web >/dev/null" && soon "on 1 apus exec web ping -c 1 -W 1 cli >/dev/null" && on 2 apus exec cli curl -s -m 3 web/passwd | grep -q root'
check "peers are the hosts, containers those of this host" '
    same "$(on 1 apus network inspect blue | jq -c "[.[0].Peers[]|.Name,.IP]")" "[\"host1\",\"192.0.2.1\",\"host2\",\"192.0.2.2\"]" ||
        same "$(on 1 apus network inspect blue | jq -c "[.[0].Peers[]|.Name,.IP]")" "[\"host2\",\"192.0.2.2\",\"host1\",\"192.0.2.1\"]" || exit 1
    same "$(on 1 apus network inspect blue | jq -r "[.[0].Containers[].Name]|join(\" \")")" web && same "$(on 1 apus network inspect -v blue | jq -r "[.[0].Endpoints[].Names[0]]|sort|join(\" \")")" "cli web"'
check "a new name is known across" 'on 1 apus rename web shop && soon "on 2 apus exec cli ping -c 1 -W 1 shop >/dev/null" && ! on 2 apus exec cli ping -c 1 -W 1 web 2>/dev/null'
check "a network in use elsewhere stays" '
    on 1 apus rm -f shop >/dev/null; refused "network blue has active endpoints (name:\"cli\" node:\"host2\")" on 1 apus network rm blue && on 1 apus network prune -f >pruned && same "$(cat pruned)" "" && on 1 apus network inspect blue >/dev/null'
check "nodes are listed" 'same "$(on 2 apus node ls --format "{{.Name}} {{.Status}} {{.Address}} {{.Self}}" | sort | paste -sd,)" "host1 Ready 192.0.2.1 ,host2 Ready 192.0.2.2 *" && refused lives on 1 apus node rm host2'
check "a store that is away hides nothing of this host" '
    kill -STOP "$(cat "$scratch/etcd.pid")"; begun=$SECONDS
    on 2 apus network ls >listed 2>warned; code=$?; on 2 apus ps >/dev/null && on 2 apus run --rm busybox true; run=$?; took=$((SECONDS - begun)); kill -CONT "$(cat "$scratch/etcd.pid")"; both_ready
    cat warned; same "$code $run" "0 0" && grep -q blue listed && grep -q bridge listed && same "$(grep -c WARNING warned)" 1 && [ "$took" -lt 20 ]'
check "a store that is away: a known network takes containers, and a network is not made or removed" '
    kill -STOP "$(cat "$scratch/etcd.pid")"
    on 2 apus run --rm --network blue busybox true; run=$?
    on 2 apus network create -d overlay late >answer 2>&1; made=$?; on 2 apus network rm blue >>answer 2>&1; removed=$?; on 2 apus network inspect nowhere >>answer 2>&1; missing=$?
    kill -CONT "$(cat "$scratch/etcd.pid")"; both_ready; cat answer; same "$run $made $removed $missing" "0 1 1 1" && on 2 apus network inspect blue >/dev/null'
check "settings that make no sense are told, and hide nothing" '
    echo "{" >broken.json; export APUS_OVERLAY=$scratch/broken.json APUS_RUN=$scratch/broken APUS_ROOT=$scratch/broken-state
    apus network ls >listed 2>warned; code=$?; cat warned; same "$code" 0 && grep -q bridge listed && grep -q broken.json warned && refused broken.json apus node ls'
check "settings that are named and missing are told, with a daemon and without" '
    export APUS_OVERLAY=$scratch/typo.json APUS_RUN=$scratch/broken APUS_ROOT=$scratch/broken-state
    apus network ls >listed 2>warned; code=$?; cat warned; same "$code" 0 && grep -q bridge listed && grep -q typo.json warned && refused typo.json apus node ls && export APUS_RUN=$scratch/h1/run && refused typo.json apus node ls'
check "a network that goes, goes on all hosts" '
    on 2 apus rm -f cli >/dev/null && soon "on 2 apus network rm blue >/dev/null" || exit 1
    on 1 apus network ls >listed; cat listed; ! grep blue listed && same "$(grep -l blue "$scratch"/h*/state/networks/*)" "" && refused "network blue not found" on 1 apus network inspect blue'
check "a network made anew under an old name is the new one on every host" '
    on 1 apus network create -d overlay green >/dev/null && on 2 apus run --rm --network green busybox true && soon "on 1 apus network rm green >/dev/null 2>&1" || exit 1
    id=$(on 2 apus network create -d overlay --subnet 10.30.0.0/16 green) && on 1 apus run --rm --network green busybox ip -4 -o address show eth0 | grep -q " 10.30." && same "$(on 1 apus network inspect green | jq -r ".[0].Id")" "$id" || exit 1
    refused "overlaps" on 1 apus network create -d overlay --subnet 10.30.1.0/24 other && on 2 apus network rm green >/dev/null'
check "a container of a network that is gone does not make it anew" '
    on 1 apus network create -d overlay short >/dev/null && on 2 apus run -d --name left --network short busybox sleep 1000 >/dev/null && on 2 apus stop -t 0 left >/dev/null || exit 1
    soon "on 1 apus network rm short >/dev/null 2>&1" || exit 1
    for pid in $(pids_of apus-netd); do tr "\0" " " <"/proc/$pid/cmdline" | grep -q "$scratch/h2/run" && kill -9 "$pid"; done
    refused "network short not found" on 2 apus start left || exit 1
    on 2 apus network ls >listed || exit 1
    ! grep short listed && on 2 apus rm left >/dev/null'
check "a name nobody has is not found, and a host without a cluster asks nobody" '
    before=$(pids_of apus-netd); refused "network nowhere not found" on 1 apus network inspect nowhere && apus network ls >/dev/null && refused "network nowhere not found" apus network inspect nowhere && same "$(pids_of apus-netd)" "$before"'
check "a host that has gone is given up, and its addresses are given back" '
    on 2 apus network create -d overlay red >/dev/null && on 2 apus run -d --name red1 --network red busybox sleep 1000 >/dev/null || exit 1
    id=$(on 2 apus node ls --format "{{.ID}} {{.Name}}" | sed -n "s/ host2//p")
    for pid in $(pids_of apus-netd); do tr "\0" " " <"/proc/$pid/cmdline" | grep -q "$scratch/h2/run" && kill -STOP "$pid" && echo "$pid" >stopped; done
    for _ in {1..100}; do on 1 apus node ls --format "{{.ID}} {{.Status}}" | grep -q "$id Down" && break; sleep 0.2; done
    same "$(on 1 apus node rm "${id:0:6}")" "${id:0:6}"; code=$?; on 1 apus node ls; on 1 apus node ls -q | grep "$id" && code=1; kill -CONT "$(cat stopped)"; exit $code'

for i in 1 2; do on "$i" apus rm -f $(on "$i" apus ps -aq) >/dev/null 2>&1; done
stop_daemon
kill -9 "$(cat "$scratch/etcd.pid")" "$(cat "$scratch/h1/pid")" "$(cat "$scratch/h2/pid")"
ip link del under; ip link del under1 2>/dev/null; ip link del under2 2>/dev/null
soon '! ip -o link show | grep -q under'
finish apus0
