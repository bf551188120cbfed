#!/bin/bash
# Our host with Debian's reference plugins, with ours, and with every mix that swaps one of them.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host mix bridge ipam portmap firewall tuning loopback
theirs=/usr/lib/cni
if ! [ -x $theirs/bridge ] || ! command -v iptables >/dev/null; then
    skip "mixes" "containernetworking-plugins or iptables is not installed"
    finish
fi

mkdir "$scratch/ours"
for name in bridge portmap firewall tuning loopback; do ln -s "$PLUGINS/$name" "$scratch/ours/$name"; done
ln -s "$PLUGINS/ipam" "$scratch/ours/host-local"
types='bridge host-local portmap firewall tuning loopback'
ip link add up0 type veth peer name far
ip netns add outside
ip link set far netns outside
ip address add 192.0.2.1/24 dev up0 && ip link set up0 up
ip -n outside address add 192.0.2.2/24 dev far && ip -n outside link set far up
ip route add default via 192.0.2.2
container other
mkdir "$scratch/www" && echo hello >"$scratch/www/index.html"
jq -n --arg data "$scratch/data" '{cniVersion: "1.0.0", name: "mix", plugins: [
    {type: "bridge", bridge: "mix0", isGateway: true, ipMasq: true, hairpinMode: true,
        ipam: {type: "host-local", dataDir: $data, ranges: [[{subnet: "10.70.0.0/24"}]], routes: [{dst: "0.0.0.0/0"}]}},
    {type: "tuning", mtu: 1400, sysctl: {"net.ipv4.conf.all.log_martians": "1"}},
    {type: "portmap", capabilities: {portMappings: true}}, {type: "firewall"}, {type: "loopback"}]}' >"$networks/mix.conflist"
ports='{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}'
# What iptables keeps of chains and what a bridge keeps is there once both have been used.
settled() { state | grep -v "$scratch\|^/var/lib/cni\|^/run/cni\|mix0" | sed 's/ssh.*//'; }

# mix NAME BASE [TYPE...]: the plugins of the folder BASE, but the named ones of the other.
mix() {
    local name=$1 base=$2 other type address
    shift 2
    other=$([ "$base" = $theirs ] && echo "$scratch/ours" || echo $theirs)
    rm -rf "$scratch/mix" && mkdir "$scratch/mix"
    for type in $types; do ln -s "$base/$type" "$scratch/mix/$type"; done
    for type in "$@"; do ln -sf "$other/$type" "$scratch/mix/$type"; done
    path=$scratch/mix
    settled >"$scratch/before"
    cni add mix /run/netns/test --cap-args "$ports"
    if [ "$code" != 0 ]; then not_ok "$name: add" < <(printf '%s\n' "$out" "$err"); return; fi
    address=$(jq -r '.ips[0].address' <<<"$out")
    cni add mix /run/netns/other
    ip netns exec test busybox httpd -f -p 80 -h "$scratch/www" &
    server=$!
    for _ in {1..100}; do ip netns exec test curl -s -m 1 http://127.0.0.1/ >/dev/null && break; sleep 0.05; done
    same "$name: a neighbour, the world, and the published port from outside" \
        "$(ip netns exec other ping -c 1 -W 3 "${address%/*}" | grep -o '1 received') $(ip netns exec test ping -c 1 -W 3 192.0.2.2 | grep -o '1 received') $(
            ip netns exec outside curl -s -m 3 http://192.0.2.1:8080/)" "1 received 1 received hello"
    kill $server && wait $server 2>/dev/null
    cni check mix /run/netns/test
    if [ "$(readlink "$path/portmap")" = $theirs/portmap ]; then
        # It looks for IPv6 rules of a container without IPv6.
        fails "$name: check reaches their portmap, which has its own opinion" 'plugin type="portmap" failed (check): could not check ipv6 dnat'
    else
        works "$name: check" ''
    fi
    cni del mix /run/netns/test
    works "$name: del" ''
    cni del mix /run/netns/other
    same "$name: nothing is left in the cache and of addresses" "$(find "$cache" "$scratch/data" -type f ! -name 'network-*' ! -name lock ! -name 'last_*')" ""
    settled >"$scratch/after"
    if [ -n "$first" ] || diff "$scratch/before" "$scratch/after" >"$scratch/diff"; then ok "$name: nothing is left"; else not_ok "$name: nothing is left" <"$scratch/diff"; fi
}

first=1
mix "theirs, for the first time" $theirs
mix "ours, for the first time" "$scratch/ours"
first=
mix "theirs" $theirs
mix "ours" "$scratch/ours"
for type in $types; do
    mix "theirs, but our $type" $theirs "$type"
    mix "ours, but their $type" "$scratch/ours" "$type"
done

# Theirs attached, ours detach: a host that changes its plugins.
path=$theirs cni add mix /run/netns/test --cap-args "$ports"
path=$scratch/ours cni del mix /run/netns/test
works "attached by theirs, detached by ours" ''
path=$theirs cni del mix /run/netns/test
finish
