#!/bin/bash
# podman (Debian's, with CNI) and apus-cni on one cache: what the one attached the other finds, checks, repairs and detaches.
# shellcheck disable=SC2154,SC2155 # $code, $out and $err are set by cni
[ -n "${ENCLOSED-}" ] || [ "$(id -u)" != 0 ] || exec "$(dirname "$0")/../Support/enclosure" bash "$0"
unset TMPDIR
with_cgroups=1
. "$(dirname "$0")/lib.sh"
host podman bridge ipam portmap firewall tuning loopback
if ! command -v podman conmon >/dev/null; then
    skip "podman and apus-cni" "podman or conmon is not installed"
    finish
fi

mkdir -p "$scratch/plugins" "$scratch/storage" /etc/cni/net.d /run/lock
for name in portmap firewall tuning loopback; do ln -s "$PLUGINS/$name" "$scratch/plugins/$name"; done
ln -s "$PLUGINS/ipam" "$scratch/plugins/host-local"
# The bridge notes what it is asked.
cat >"$scratch/plugins/bridge" <<END
#!/bin/bash
tee $scratch/\$CNI_COMMAND.input | exec $PLUGINS/bridge
END
chmod +x "$scratch/plugins/bridge"
networks=/etc/cni/net.d cache=/var/lib/cni path=$scratch/plugins
export CONTAINERS_CONF=$scratch/containers.conf CONTAINERS_STORAGE_CONF=$scratch/storage.conf REGISTRY_AUTH_FILE=$scratch/auth.json
echo '{}' >"$REGISTRY_AUTH_FILE"
cat >"$CONTAINERS_CONF" <<CONF
[containers]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "/run/libpod"
runtime = "${REFERENCE:-runc}"
[network]
network_backend = "cni"
cni_plugin_dirs = ["$scratch/plugins"]
network_config_dir = "/etc/cni/net.d"
CONF
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/storage"\nrunroot = "/run/storage"\n' "$scratch" >"$CONTAINERS_STORAGE_CONF"
mkdir -p "$scratch/rootfs/bin" "$scratch/rootfs/etc" "$scratch/rootfs/tmp" && cp /bin/busybox "$scratch/rootfs/bin/"
for name in sh sleep httpd ip; do ln -s busybox "$scratch/rootfs/bin/$name"; done
echo 'hello from podman' >"$scratch/rootfs/tmp/index.html"
tar -C "$scratch/rootfs" -c . | podman import - busybox >/dev/null 2>"$scratch/import" || { not_ok "an image can be imported" <"$scratch/import"; finish; }
podman network create --subnet 10.99.0.0/24 shop >/dev/null 2>"$scratch/err" || { not_ok "podman makes a network" <"$scratch/err"; finish; }

cni status shop
works "podman's network is one to apus-cni" "shop: ready (bridge, portmap, firewall, tuning)"
podman run -d --name web --network shop -p 8081:80 busybox httpd -f -p 80 -h /tmp >"$scratch/id" 2>"$scratch/err" || { not_ok "podman runs a container" <"$scratch/err"; finish; }
container=$(<"$scratch/id")
file=$cache/results/shop-$container-eth0
answers() { for _ in {1..100}; do curl -s -m 1 http://127.0.0.1:8081/ && return; sleep 0.05; done; }
same "the container answers on its port" "$(answers)" "hello from podman"
cni list --json
same "podman's attachment is in the list" "$(jq -r '.[] | [.network, .containerID, .ifname, .state, .addresses[0]] | @tsv' <<<"$out" | tr '\t' ' ')" \
    "shop $container eth0 attached 10.99.0.2/24"
namespace=$(jq -r '.[].netns' <<<"$out")
cni check shop "$namespace" --container-id "$container"
works "and can be checked" ''
nft flush ruleset
cni check shop "$namespace" --container-id "$container"
[ "$code" = 1 ] && ok "a flushed firewall is seen" || not_ok "a flushed firewall is seen" <<<"$code $out"
cni reload
works "and reload puts it back" "in order: interface eth0 of container $container on network shop"
same "so that the container answers again" "$(answers)" "hello from podman"
cni gc
works "gc takes nothing of it" ''

# Another record of the same, written by ours.
cp "$file" "$scratch/theirs"
cni del shop "$namespace" --container-id "$container"
works "apus-cni detaches podman's container" ''
same "and the record is gone" "$(ls $cache/results)" ""
cni add shop "$namespace" --container-id "$container" --cap-args "$(jq -c .capabilityArgs "$scratch/theirs")" --args "$(jq -r '[.cniArgs[] | join("=")] | join(";")' "$scratch/theirs")"
same "and attaches it again" "$code $(answers)" "0 hello from podman"
# Addresses are new; podman's libcni does not keep the namespace, and its port mappings are no JSON of which the order could be told. All
# else is as that wrote it, to the byte.
plain() { sed -E 's/"netns":"[^"]*",//; s/"hostPort":8081,"containerPort":80/"containerPort":80,"hostPort":8081/; s/[0-9a-f]{2}(:[0-9a-f]{2}){5}/MAC/g; s/veth[0-9a-f]{7,8}/VETH/g; s/10\.99\.0\.[0-9]+\/24/ADDRESS/g' "$1"; }
same "our record is libcni's, byte for byte" "$(plain "$file")" "$(plain "$scratch/theirs")"
same "with the same mode" "$(stat -c %a "$file")" 600
result=$(jq -c .result "$file")
podman rm -f -t 0 web >/dev/null 2>"$scratch/err"
same "podman removes it by our record" "$? $(<"$scratch/err")" "0 "
same "its DEL had our result" "$(jq -cS .prevResult "$scratch/DEL.input")" "$(jq -cS . <<<"$result")"
same "and the record is gone" "$(ls $cache/results)" ""
same "nothing is left of addresses and rules" "$(find /var/lib/cni -name '10.99*') $(nft list ruleset | grep -c "$container")" " 0"

# A container that died without podman's DEL: gc is for that.
podman run -d --name dead --network shop busybox sleep 1000 >"$scratch/id"
container=$(<"$scratch/id")
cni list --json
namespace=$(jq -r '.[].netns' <<<"$out")
kill -9 "$(podman inspect -f '{{.State.ConmonPid}}' dead)" "$(podman inspect -f '{{.State.Pid}}' dead)"
for _ in {1..100}; do umount "$namespace" 2>/dev/null && rm -f "$namespace" && break; sleep 0.05; done
cni gc
works "gc takes away what podman could not" "removed interface eth0 of container $container on network shop"
same "with its address" "$(find /var/lib/cni -name '10.99*')" ""
podman rm -f -t 0 -a >/dev/null 2>&1
podman network rm shop >/dev/null 2>&1
finish
