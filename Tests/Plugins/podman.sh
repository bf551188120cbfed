#!/bin/bash
# Debian's podman with `network_backend = "cni"`: it must do with our plugins what it does with the reference's, and with any mix.
# PLUGINS is the folder with the plugins under test, REFERENCE_PLUGINS the one with the reference's.
# shellcheck disable=SC2016,SC2034 # shell text is for the checks
plugins=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$plugins/../Clients/lib.sh"
# The container's runtime is no matter here.
RUNTIME=$REFERENCE
PLUGINS=$(realpath -m "${PLUGINS:-$top/.build/release}") REFERENCE_PLUGINS=${REFERENCE_PLUGINS:-/usr/lib/cni}
begin podman
for name in podman conmon iptables "$REFERENCE" "$REFERENCE_PLUGINS/bridge"; do
    command -v "$name" >/dev/null || { skip "podman" "${name:-a runtime} is not installed"; finish without-leak-check; }
done
mount -t tmpfs cni /var/lib/cni 2>/dev/null || { mkdir -p /var/lib/cni && mount -t tmpfs cni /var/lib/cni; } || exit 2
mkdir -p /run/netns
. "$top/Tests/Clients/podman.bash"
# What answers datagrams, for the image, too.
mkdir -p "$scratch/rootfs/bin" && cp "$top/.build/release/peer-tool" "$scratch/rootfs/bin/" || exit 2
podman_home bridge

# A folder of plugins for each side, and for each mix: one plugin of the other's.
sh "$top/plugins/install" "$PLUGINS" "$scratch/cni/ours" || exit 2
# With it podman gives every network names, which the reference cannot be compared in: dns-podman has them.
rm -f "$scratch/cni/ours/dnsname"
swapped="bridge host-local portmap firewall tuning"
folder() { # folder NAME FROM [PLUGIN OTHER]
    local plugin
    mkdir -p "$scratch/cni/$1"
    for plugin in $swapped; do cp "$2/$plugin" "$scratch/cni/$1/$plugin"; done
    [ $# = 2 ] || cp --remove-destination "$4/$3" "$scratch/cni/$1/$3"
}
side_configuration() { podman_configuration bridge && printf '[network]\nnetwork_backend = "cni"\nnetwork_config_dir = "%s/net.d"\ncni_plugin_dirs = ["%s"]\n' "$scratch" "$scratch/cni/$1"; }
folder reference "$REFERENCE_PLUGINS"
sides="ours reference"
for plugin in $swapped; do
    folder "ours-but-$plugin" "$scratch/cni/ours" "$plugin" "$scratch/cni/reference"
    folder "reference-but-$plugin" "$scratch/cni/reference" "$plugin" "$scratch/cni/ours"
    sides="$sides ours-but-$plugin reference-but-$plugin"
done
for side in $sides; do side_configuration "$side" >"$scratch/$side.conf"; done

# The machine beside this one; the host's link to it is uplink (10.0.2.15).
ip netns add lan && ip link add uplink type veth peer name eth0 netns lan && ip link set uplink up && ip -n lan link set eth0 up && ip -n lan link set lo up
ip address add 10.0.2.15/24 dev uplink && ip -n lan address add 10.0.2.2/24 dev eth0
ip address add fd00::15/64 dev uplink nodad && ip -n lan address add fd00::2/64 dev eth0 nodad

# p COMMAND...: podman with the plugins of this side; d NAME FLAGS... COMMAND...: a container in the background; c NAME COMMAND...: in it.
p() { CONTAINERS_CONF=$scratch/${mix:-${side%-again}}.conf podman "$@"; }
d() { local name=$1; shift; p run -d --name "$name" --stop-signal KILL "$@" >/dev/null; }
c() { p exec "$@"; }
gone() { p rm -f -t 0 "$@" >/dev/null 2>&1; }
# A web server that answers with the container's name.
www='hostname >/tmp/index.html; exec busybox httpd -f -p 80 -h /tmp'
web() { local name=$1; shift; d "$name" --hostname "$name" "$@" busybox sh -c "$www" && until [ "$(from "$name" 127.0.0.1 80)" = "$name" ]; do sleep 0.05; done; }
# get ADDRESS PORT: what answers, from here; lan ADDRESS PORT: from the machine beside; from NAME ADDRESS PORT: from a container.
# Not with busybox: a static program looks up names with the libraries of the machine it was not made for.
get() { timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET / HTTP/1.0\r\n\r\n" >&3 && tail -n 1 <&3' "$@" 2>/dev/null || echo nothing; }
lan() { nsenter --net=/run/netns/lan bash -c 'get "$@"' lan "$@"; }
from() { c "$1" sh -c 'answer=$(printf "GET / HTTP/1.0\r\n\r\n" | nc -w 2 "$0" "$1" 2>/dev/null | tail -n 1); echo "${answer:-nothing}"' "$2" "$3"; }
# soon COMMAND: what it says once there is an answer. The reference's bridge proves its link-local address for two seconds first.
soon() { local answer; for _ in {1..5}; do answer=$("$@"); [ "$answer" = nothing ] || break; done; echo "$answer"; }
pings() { c "$1" ping -c 1 -W 1 "$2" >/dev/null 2>&1 && echo yes || echo no; }
address() { p inspect -f "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" "$1"; }
# left: what of the network is there when no container is: links other than bridges, reservations, rules about containers, elements.
left() {
    ip -o link show | grep -c veth
    find /var/lib/cni/networks /run/libpod /run/cni -type f 2>/dev/null | grep -cE '/[0-9a-f.:]+$'
    { iptables-save; ip6tables-save; } | grep -cE 'CNI-DN-|CNI-[0-9a-f]{24}|--comment "dnat name'
    nft list table inet apus_cni 2>/dev/null | grep -c 'comment "[^"]* eth'
    true
}
# Where the address manager goes on from is of the check before.
both() { compare "$1" "rm -rf /var/lib/cni/networks/*; $2"; }
export scratch www
export -f p d c gone web get lan from pings address left

p network ls >/dev/null 2>&1 # makes what is there for good
remember "$scratch/before"

both "network create, ls, inspect, rm" 'p network create --subnet 10.5.0.0/24 --gateway 10.5.0.9 --ip-range 10.5.0.64/26 --label a=b -o mtu=1400 five; p network ls --format "{{.Name}} {{.Driver}}"
    p network inspect five | jq -c "map(del(.id, .created))"; p network rm five; p network inspect five 2>&1; echo $?'
both "an address, its routes and MTU" 'p network create --subnet 10.5.0.0/24 -o mtu=1400 five >/dev/null; p run --rm --network five busybox sh -c "ip -4 -o address show eth0 | sed s/.*inet// ; ip route; cat /sys/class/net/eth0/mtu"; left; p network rm five'
both "the default network" 'p run --rm busybox sh -c "ip -4 -o address show eth0 | sed s/.*inet//; ip route; ping -c 1 -W 2 10.0.2.2 | grep -c \"1 packets received\""; left'
# Which of them is eth0 is podman's choice, and it chooses anew each time.
both "two networks" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p network create --subnet 10.6.0.0/24 six >/dev/null; d t --network five --network six busybox sleep 100
    c t sh -c "ip -4 -o address show | grep -v 127 | sed \"s/.*inet//; s/brd.*global//\"; ip route" | sed "s/src .*//; s/eth[01]/eth/g" | sort; gone t; left; p network rm five six'
both "an address and a MAC address which are wanted" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p run --rm --network five --ip 10.5.0.77 --mac-address 02:42:0a:05:00:4d busybox sh -c "ip -o link show eth0 | grep -o link/ether.* ; ip -4 -o address show eth0 | sed s/.*inet//"
    d t --network five:ip=10.5.0.88,mac=02:42:0a:05:00:58,interface_name=net0 busybox sleep 100; c t sh -c "cat /sys/class/net/net0/address; ip -4 -o address show net0 | sed s/.*inet//"; p run --rm --network five --ip 10.5.0.88 busybox true 2>/dev/null; echo $?; gone t; p network rm five'
both "dual stack" 'p network create --ipv6 --subnet 10.5.0.0/24 --subnet fd05::/64 five >/dev/null; web t --network five -p 8080:80; c t sh -c "ip -o address show eth0 scope global | sed \"s/.*inet/inet/; s/ *flags 02//; s/ *valid.*//\"; ip -6 route | grep -c default"
    lan 10.0.2.15 8080; soon lan fd00::15 8080; soon get fd00::15 8080; gone t; left; p network rm five'
both "ports: every form" 'web t -p 8080:80 -p 127.0.0.1:8081:80 -p 10.0.2.15:8082:80/tcp -p 8090-8092:80-82 -p 0.0.0.0:8083:80
    for port in 8080 8081 8082 8083 8090; do echo $port $(get 127.0.0.1 $port) $(get 10.0.2.15 $port) $(lan 10.0.2.15 $port); done; p port t | sort; gone t; left'
both "ports: chosen by podman" 'web t -p 80; port=$(p port t 80/tcp | head -n 1 | sed s/.*://); lan 10.0.2.15 $port; gone t; web t -p 127.0.0.1::80; port=$(p port t 80/tcp | sed s/.*://); get 127.0.0.1 $port; lan 10.0.2.15 $port; gone t; web t --expose 80 -P; lan 10.0.2.15 $(p port t 80/tcp | head -n 1 | sed s/.*://); gone t; left'
both "ports: datagrams" 'd t -p 5353:53/udp -p 5353:53/tcp busybox peer-tool serve t 53; for _ in {1..50}; do answer=$(nsenter --net=/run/netns/lan "$scratch/rootfs/bin/peer-tool" ask udp 10.0.2.15 5353); [ "$answer" != nothing ] && break; done; echo "$answer"; gone t; left'
both "ports: from the container itself, its neighbour, and another network" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p network create --subnet 10.6.0.0/24 six >/dev/null; web t --network five -p 8080:80; d n --network five busybox sleep 100; d o --network six busybox sleep 100
    for who in t n o; do echo $who $(from $who 10.0.2.15 8080) $(from $who 10.5.0.1 8080); done; gone t n o; left; p network rm five six'
both "containers reach each other" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p network create --subnet 10.6.0.0/24 six >/dev/null; d a --network five busybox sleep 100; d b --network five busybox sleep 100; d o --network six busybox sleep 100
    pings a $(address b five); pings b $(address a five); pings a $(address o six); pings a 10.6.0.1; pings a 10.0.2.2; gone a b o; p network rm five six'
both "isolated networks do not" 'p network create --subnet 10.5.0.0/24 -o isolate=1 five >/dev/null; p network create --subnet 10.6.0.0/24 -o isolate=1 six >/dev/null; web a --network five -p 8080:80; d b --network five busybox sleep 100; d o --network six busybox sleep 100
    pings b $(address a five); pings o $(address a five); pings a $(address o six); pings o 10.0.2.2; lan 10.0.2.15 8080; gone a b o; p network rm five six'
both "internal networks have no way out" 'p network create --internal --subnet 10.5.0.0/24 five >/dev/null; d a --network five busybox sleep 100; d b --network five busybox sleep 100; pings a $(address b five); pings a 10.0.2.2; c a ip route; gone a b; p network rm five'
both "connect and disconnect" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p network create --subnet 10.6.0.0/24 six >/dev/null; d t --network five busybox sleep 100; p network connect six t; c t sh -c "ip -4 -o address show | grep -v 127 | sed \"s/.*inet//; s/brd.*global//\""
    p network disconnect six t; c t sh -c "ip -4 -o address show | grep -v 127 | sed \"s/.*inet//; s/brd.*global//\""; gone t; left; p network rm five six'
both "stop, start, restart" 'web t -p 8080:80; lan 10.0.2.15 8080; p stop -t 0 t >/dev/null; lan 10.0.2.15 8080; left; p start t >/dev/null; sleep 0.5; lan 10.0.2.15 8080; p restart -t 0 t >/dev/null; sleep 0.5; lan 10.0.2.15 8080; gone t; left'
both "network reload" 'web t -p 8080:80; lan 10.0.2.15 8080; p network reload t >/dev/null; echo $?; lan 10.0.2.15 8080; gone t; left'
both "a pod" 'p network create --subnet 10.5.0.0/24 five >/dev/null; p pod create --infra-image busybox --infra-command "sleep 100" --name pod --network five -p 8080:80 >/dev/null 2>&1; echo $?; p run -d --pod pod --name t busybox sh -c "$www" >/dev/null; sleep 0.5; lan 10.0.2.15 8080 | wc -w; p pod rm -f -t 0 pod >/dev/null; left; p network rm five'
both "--network none, host, container" 'p run --rm --network none busybox sh -c "ip -o link | wc -l"; p run --rm --network host busybox sh -c "ip -o link show uplink | wc -l"; d t busybox sleep 100; p run --rm --network container:t busybox sh -c "ip -4 -o address show eth0 | sed s/.*inet//"; gone t'

check "a port is reached from everywhere" 'web t -p 8080:80; got=$(echo $(get 127.0.0.1 8080) $(get 10.0.2.15 8080) $(lan 10.0.2.15 8080) $(from t 10.0.2.15 8080)); gone t; [ "$got" = "t t t t" ] || { echo "$got"; false; }'
# Ours alone: what the reference does not have.
check "a port which another container has is refused by name" 'web t -p 8080:80; id=$(p inspect -f "{{.Id}}" t); d u -p 8080:80 busybox true 2>err; [ $? != 0 ] && gone t u && { grep -q "0.0.0.0:8080/tcp is already published by container $id" err; } || { cat err; false; }'
check "a port which a program has is refused by name" 'busybox nc -l -p 8080 & pid=$!; sleep 0.3; d u -p 8080:80 busybox true 2>err; status=$?; kill $pid; gone u; [ $status != 0 ] && grep -q "0.0.0.0:8080/tcp is taken: .* (process $pid)" err || { cat err; false; }'
check "network reload puts a flushed ruleset back" 'web t -p 8080:80; nft flush ruleset; p network reload t >/dev/null && [ "$(lan 10.0.2.15 8080)" = t ]; status=$?; gone t; exit $status'

# Each plugin alone in the other's place: the same container answers the same.
scenario='p network create --subnet 10.5.0.0/24 -o isolate=1 five >/dev/null; web t --network five --mac-address 02:42:0a:05:00:4d -p 8080:80; d n --network five busybox sleep 100; c t sh -c "cat /sys/class/net/eth0/address; ip -4 -o address show eth0 | sed s/.*inet//; ip route"
    for ask in "get 127.0.0.1" "get 10.0.2.15" "lan 10.0.2.15" "from t 10.0.2.15" "from n 10.0.2.15"; do echo "$ask: $($ask 8080)"; done; pings n $(address t five); pings t 10.0.2.2; p stop -t 0 t >/dev/null; p start t >/dev/null; sleep 0.5; lan 10.0.2.15 8080; gone t n; left; p network rm five'
for plugin in $swapped; do
    for mix in "ours-but-$plugin" "reference-but-$plugin"; do
        export mix_of_ours=$mix
        both "$mix" 'case $side in ours*) export mix=$mix_of_ours ;; esac; '"$scenario"
    done
done
leaks '/sys/fs/cgroup/[^/]*/libpod_parent|/run/(runc|libpod|storage|netns|crun|cni|apus|lock|containers)|/dev/shm/libpod|/var/lib/cni'
finish_tap
