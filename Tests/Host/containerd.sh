#!/bin/bash
# containerd's libcni (ctr run --cni) with our plugins, on one cache with apus-cni.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
[ -n "${ENCLOSED-}" ] || [ "$(id -u)" != 0 ] || exec "$(dirname "$0")/../Support/enclosure" bash "$0"
unset TMPDIR
with_cgroups=1
. "$(dirname "$0")/lib.sh"
host containerd bridge ipam portmap firewall tuning loopback
if ! command -v containerd ctr >/dev/null; then
    skip "containerd and apus-cni" "containerd is not installed"
    finish
fi

# ctr has no option for its plugins.
mkdir -p /opt /etc/cni/net.d /run/lock && mount -t tmpfs opt /opt && mkdir -p /opt/cni/bin
for name in bridge portmap firewall tuning loopback; do cp "$PLUGINS/$name" /opt/cni/bin/; done
cp "$PLUGINS/ipam" /opt/cni/bin/host-local
networks=/etc/cni/net.d cache=/var/lib/cni path=/opt/cni/bin
cat >/etc/cni/net.d/10-dock.conflist <<'JSON'
{"cniVersion": "1.0.0", "name": "dock", "plugins": [
  {"type": "bridge", "bridge": "dock0", "isDefaultGateway": true, "ipMasq": true, "ipam": {"type": "host-local", "subnet": "10.97.0.0/24"}},
  {"type": "firewall"}, {"type": "tuning", "mtu": 1400}]}
JSON
. "$top/Tests/Support/containerd.bash"
start_containerd
mkdir -p "$scratch/rootfs/bin" "$scratch/rootfs/etc" && cp /bin/busybox "$scratch/rootfs/bin/"
for name in sh sleep ip ping; do ln -s busybox "$scratch/rootfs/bin/$name"; done

c() { ctr run --cni --rootfs --runc-binary "$(command -v "${REFERENCE:-runc}")" "$@"; }
c --rm "$scratch/rootfs" once /bin/ip -4 -o address show dev eth0 >"$scratch/out" 2>"$scratch/err" </dev/null
same "ctr run --cni: the container has an address" "$? $(grep -o 'inet [0-9.]*/24' "$scratch/out")" "0 inet 10.97.0.2/24"
same "and nothing is left of it" "$(ls $cache/results) $(find /var/lib/cni -name '10.97*')" " "
c -d "$scratch/rootfs" long /bin/sleep 1000 >"$scratch/out" 2>"$scratch/err" </dev/null || not_ok "ctr run --cni -d" <"$scratch/err"
cni list --json
same "containerd's attachment is in the list" "$(jq -r '.[] | [.network, .containerID, .ifname, .state, .addresses[0]] | @tsv' <<<"$out" | tr '\t' ' ')" \
    "dock default-long eth0 attached 10.97.0.3/24"
namespace=$(jq -r '.[].netns' <<<"$out")
cni check dock "$namespace" --container-id default-long
works "and can be checked" ''
same "the host reaches it" "$(ping -c 1 -W 3 10.97.0.3 | grep -o '1 received')" "1 received"
same "and it reaches the host" "$(ctr task exec --exec-id p long /bin/ping -c 1 -W 3 10.97.0.1 </dev/null 2>&1 | grep -o '1 packets received')" "1 packets received"
nft flush ruleset
cni reload
works "reload" "in order: interface eth0 of container default-long on network dock"
cp "$cache/results/dock-default-long-eth0" "$scratch/theirs"
cni del dock "$namespace" --container-id default-long
cni add dock "$namespace" --container-id default-long
same "apus-cni attaches it anew" "$code $err" "0 "
plain() { sed -E 's/[0-9a-f]{2}(:[0-9a-f]{2}){5}/MAC/g; s/veth[0-9a-f]{7,8}/VETH/g; s/10\.97\.0\.[0-9]+\/24/ADDRESS/g; s/"netns":"[^"]*",//; s/"dns":\{\},//; s/"mtu":[0-9]+,//g' "$1"; }
# Debian's libcni is older than these three.
same "our record is libcni's, but for namespace, MTU and an empty dns" "$(plain "$cache/results/dock-default-long-eth0")" "$(plain "$scratch/theirs")"
ctr task kill -s KILL long >/dev/null 2>&1
for _ in {1..100}; do ctr task rm long >/dev/null 2>&1 && break; sleep 0.1; done
ctr container rm long >/dev/null 2>&1
cni gc
works "gc finds that the namespace has gone" "removed interface eth0 of container default-long on network dock"
same "nothing is left of addresses" "$(find /var/lib/cni -name '10.97*')" ""
kill $daemon
wait $daemon 2>/dev/null
finish
