#!/bin/bash
# containerd's libcni (ctr run --cni) on a network of the plugin overlay; the store is this host's.
# shellcheck disable=SC2154 # $scratch is set by begin
[ -n "${ENCLOSED-}" ] || [ "$(id -u)" != 0 ] || exec "$(dirname "$0")/../Support/enclosure" bash "$0"
unset TMPDIR
# shellcheck disable=SC2034 # for lib.sh
with_cgroups=1
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
. "$(dirname "$0")/lib.sh"
begin overlay-containerd overlay dns apus-netd
for program in containerd ctr dig jq "${REFERENCE:-runc}"; do
    command -v "$program" >/dev/null || { skip "containerd" "$program is not installed"; finish; }
done
# ctr has no option for its plugins.
mkdir -p /opt /etc/cni/net.d /run/lock /run/apus && mount -t tmpfs opt /opt && mkdir -p /opt/cni/bin
for name in overlay dns apus-netd; do cp "$PLUGINS/$name" /opt/cni/bin/; done
echo '{"store": "local", "state": "/run/apus/state"}' >/run/apus/overlay.json
export APUS_OVERLAY=/run/apus/overlay.json
cat >/etc/cni/net.d/10-blue.conflist <<'JSON'
{"cniVersion": "1.0.0", "name": "blue", "plugins": [
  {"type": "overlay", "subnet": "10.8.0.0/24"}, {"type": "dns", "upstreams": ["127.0.0.1"]}]}
JSON
. "$top/Tests/Support/containerd.bash"
start_containerd
mkdir -p "$scratch/rootfs/bin" && cp /bin/busybox "$scratch/rootfs/bin/" && ln -s busybox "$scratch/rootfs/bin/sleep"
for name in one two; do
    ctr run --cni -d --rootfs --runc-binary "$(command -v "${REFERENCE:-runc}")" "$scratch/rootfs" $name /bin/sleep 1000 >"$scratch/out" 2>&1 </dev/null ||
        not_ok "ctr run --cni $name" <"$scratch/out"
done
process() { ctr task list | awk -v name="$1" '$1 == name { print $2 }'; }
inside() { local name=$1; shift; nsenter -t "$(process "$name")" -n "$@"; }
same "two containers have addresses of the network" "$(for n in one two; do inside $n ip -4 -o addr show eth0 | awk '{ print $4 }'; done | xargs)" "10.8.0.2/24 10.8.0.3/24"
same "they reach each other" "$(inside one ping -c 1 -W 2 10.8.0.3 >/dev/null && echo yes)" yes
same "and find each other by name" "$(inside one dig @127.0.0.11 +short default-two)" 10.8.0.3
for name in one two; do
    ctr task kill -s KILL $name >/dev/null 2>&1
    for _ in {1..100}; do ctr task rm $name >/dev/null 2>&1 && break; sleep 0.1; done
    ctr container rm $name >/dev/null 2>&1
done
# Nobody calls DEL for what `ctr run -d` has attached: it goes with GC.
for name in dns overlay; do
    out=$(env -i PATH="$PATH" CNI_COMMAND=GC CNI_PATH=/opt/cni/bin /opt/cni/bin/$name \
        <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"blue\",\"type\":\"$name\",\"cni.dev/valid-attachments\":[]}")
    same "GC of $name takes away what ctr leaves" "$out" ""
done
same "nothing is left" "$(ls /run/apus/overlay /run/apus/dns | grep json; ip -o link | grep -E 'ov-|vx-|veth')" ""
kill $daemon
wait $daemon 2>/dev/null
for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = /opt/cni/bin/apus-netd ] && kill "$(basename "$p")"; done
finish
