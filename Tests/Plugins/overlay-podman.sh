#!/bin/bash
# Debian's podman on a network of the plugin overlay, with portmap and dns behind it; the store is this host's.
# shellcheck disable=SC2016,SC2034 # shell text is for the checks
plugins=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$plugins/../Clients/lib.sh"
# The container's runtime is no matter here.
RUNTIME=$REFERENCE
PLUGINS=$(realpath -m "${PLUGINS:-$top/.build/release}")
begin overlay-podman
for name in podman conmon jq curl "$REFERENCE"; do
    command -v "$name" >/dev/null || { skip "podman" "${name:-a runtime} is not installed"; finish without-leak-check; }
done
mount -t tmpfs cni /var/lib/cni 2>/dev/null || { mkdir -p /var/lib/cni && mount -t tmpfs cni /var/lib/cni; } || exit 2
mkdir -p /run/netns /run/apus
. "$top/Tests/Clients/podman.bash"
podman_home bridge
sh "$top/plugins/install" "$PLUGINS" "$scratch/cni" && cp "$PLUGINS/apus-netd" "$scratch/cni/" || exit 2
printf '[network]\nnetwork_backend = "cni"\nnetwork_config_dir = "%s/net.d"\ncni_plugin_dirs = ["%s"]\n' "$scratch" "$scratch/cni" >>"$CONTAINERS_CONF"
echo '{"store": "local", "state": "/run/apus/state"}' >/run/apus/overlay.json
export APUS_OVERLAY=/run/apus/overlay.json
mkdir -p "$scratch/net.d"
cat >"$scratch/net.d/blue.conflist" <<'JSON'
{"cniVersion": "1.0.0", "name": "blue", "plugins": [
  {"type": "overlay", "subnet": "10.8.0.0/24", "subnet6": "fd08::/64", "capabilities": {"ips": true}},
  {"type": "portmap", "capabilities": {"portMappings": true}},
  {"type": "dns", "domainName": "dns.podman", "capabilities": {"aliases": true}}]}
JSON
netd() { for p in /proc/[0-9]*; do case $(readlink "$p/exe") in "$scratch/cni/apus-netd"*) basename "$p" && return ;; esac; done; }
p() { podman "$@"; }
d() { local name=$1; shift; p run -d --name "$name" --stop-signal KILL --network blue "$@" busybox sleep 1000 >/dev/null; }
gone() { p rm -f -t 0 "$@" >/dev/null 2>&1; }
looks() { p exec "$1" nslookup "${@:2}" 2>/dev/null | awk '/^Name:/ { seen = 1 } /^Address/ && seen { print $NF }' | grep -v : | sort | xargs | grep . || echo no; }
address() { p exec "$1" ip -4 -o addr show eth0 | awk '{ print $4 }' | cut -d/ -f1; }
is() { [ "$1" = "$2" ] || { echo "got: $1, want: $2"; false; }; }
export -f p d gone looks address is netd
export scratch

check "a container has an address of the network" 'd a && is "$(address a) $(p exec a cat /sys/class/net/eth0/address)" "10.8.0.2 02:42:0a:08:00:02"'
check "and an IPv6 address" 'p exec a ip -6 -o addr show eth0 scope global | grep -q "fd08::2/64"'
check "two reach each other by address and by name" 'd b && p exec a ping -c 1 -W 2 "$(address b)" >/dev/null && is "$(looks a b) $(looks b a)" "$(address b) $(address a)"'
check "podman inspects it" 'is "$(p inspect -f "{{.NetworkSettings.Networks.blue.IPAddress}}" b)" "$(address b)"'
check "--ip" 'd c --ip 10.8.0.9 && is "$(address c)" 10.8.0.9'
check "one somebody has is refused in words" 'd e --ip 10.8.0.9 2>err; gone e; grep -q "10.8.0.9 is .*already" err || { cat err; false; }'
check "a published port" 'p run -d --name web --stop-signal KILL --network blue -p 8088:80 busybox sh -c "echo hello >/tmp/index.html; httpd -f -h /tmp" >/dev/null && for _ in 1 2 3 4 5 6 7 8 9; do out=$(curl -s -m 2 http://127.0.0.1:8088/index.html) && break; sleep 0.3; done; gone web; is "$out" hello'
check "a restart" 'p restart -t 0 b >/dev/null && p exec a ping -c 1 -W 2 "$(address b)" >/dev/null'
check "the daemon killed, the next container brings it back" 'kill -9 "$(netd)"; d f && p exec a ping -c 1 -W 2 "$(address f)" >/dev/null && is "$(looks f a)" "$(address a)"; status=$?; gone f; exit $status'
gone a b c
check "nothing is left" 'is "$(ls /run/apus/overlay /run/apus/dns | grep json; ip -o link | grep -E "ov-|vx-|veth")" ""'
kill "$(netd)" 2>/dev/null
while [ -n "$(netd)" ]; do sleep 0.05; done
finish without-leak-check
