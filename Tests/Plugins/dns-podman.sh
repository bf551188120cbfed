#!/bin/bash
# Debian's podman with the plugin dns under the name dnsname, on networks as `podman network create` makes them.
# shellcheck disable=SC2016,SC2034 # shell text is for the checks
plugins=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$plugins/../Clients/lib.sh"
# The container's runtime is no matter here.
RUNTIME=$REFERENCE
PLUGINS=$(realpath -m "${PLUGINS:-$top/.build/release}")
begin dns-podman
for name in podman conmon iptables "$REFERENCE"; do
    command -v "$name" >/dev/null || { skip "podman" "${name:-a runtime} is not installed"; finish without-leak-check; }
done
mount -t tmpfs cni /var/lib/cni 2>/dev/null || { mkdir -p /var/lib/cni && mount -t tmpfs cni /var/lib/cni; } || exit 2
mkdir -p /run/netns
. "$top/Tests/Clients/podman.bash"
podman_home bridge
sh "$top/plugins/install" "$PLUGINS" "$scratch/cni" && cp "$PLUGINS/apus-netd" "$scratch/cni/" || exit 2
printf '[network]\nnetwork_backend = "cni"\nnetwork_config_dir = "%s/net.d"\ncni_plugin_dirs = ["%s"]\n' "$scratch" "$scratch/cni" >>"$CONTAINERS_CONF"
netd() { for p in /proc/[0-9]*; do case $(readlink "$p/exe") in "$scratch/cni/apus-netd"*) basename "$p" && return ;; esac; done; }
p() { podman "$@"; }
d() { local name=$1; shift; p run -d --name "$name" --stop-signal KILL "$@" busybox sleep 1000 >/dev/null; }
gone() { p rm -f -t 0 "$@" >/dev/null 2>&1; }
# looks CONTAINER NAME [SERVER]: the addresses the container finds, in order, or "no".
looks() { p exec "$1" nslookup "${@:2}" 2>/dev/null | awk '/^Name:/ { seen = 1 } /^Address/ && seen { print $NF }' | sort | xargs | grep . || echo no; }
address() { p inspect -f "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" "$1"; }
is() { [ "$1" = "$2" ] || { echo "got: $1, want: $2"; false; }; }
export -f p d gone looks address is netd
export scratch

check "podman network create adds the plugin" 'p network create --subnet 10.5.0.0/24 five >/dev/null && p network create --subnet 10.6.0.0/24 six >/dev/null && is "$(p network inspect five | jq -c ".[0].dns_enabled") $(jq -r ".plugins[-1].type" "$scratch/net.d/five.conflist")" "true dnsname"'
d a --network five && d b --network five --network-alias db && d c --network six
check "resolv.conf names the server" 'is "$(p exec a grep -c "^nameserver 127.0.0.11" /etc/resolv.conf)" 1'
check "two containers find each other by name" 'is "$(looks a b) $(looks b a)" "$(address b five) $(address a five)"'
check "by alias, with the network, with the domain, and by the ID" 'id=$(p inspect -f "{{.Id}}" b); for name in db b.five b.dns.podman "${id:0:12}"; do is "$(looks a "$name")" "$(address b five)" || exit 1; done'
check "nobody of another network is found" 'is "$(looks a c) $(looks c a)" "no no"'
check "an address has the name" 'p exec a nslookup "$(address b five)" | grep -q "name = b.dns.podman"'
check "a container that stops is gone, and comes back" 'p stop -t 0 b >/dev/null && is "$(looks a b)" no && p start b >/dev/null && is "$(looks a b)" "$(address b five)"'
check "network connect and disconnect" 'p network connect five c && is "$(looks a c)" "$(address c five)" && p network disconnect five c && is "$(looks a c)" no'
check "the daemon killed, the next container brings it back" 'kill -9 "$(netd)"; d e --network five && is "$(looks a b) $(looks b e)" "$(address b five) $(address e five)"; status=$?; gone e; exit $status'
gone a b c
check "nothing is left" 'is "$(ls /run/apus/dns)" "" && p network rm five six >/dev/null'
kill "$(netd)" 2>/dev/null
while [ -n "$(netd)" ]; do sleep 0.05; done
finish without-leak-check
