#!/bin/bash
# containerd's libcni (ctr run --cni) with the plugin dns: containers find each other by what containerd calls them.
# shellcheck disable=SC2154 # $scratch is set by begin
[ -n "${ENCLOSED-}" ] || [ "$(id -u)" != 0 ] || exec "$(dirname "$0")/../Support/enclosure" bash "$0"
unset TMPDIR
# shellcheck disable=SC2034 # for lib.sh
with_cgroups=1
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
. "$(dirname "$0")/lib.sh"
begin dns-containerd bridge ipam dns apus-netd
for program in containerd ctr dig "${REFERENCE:-runc}"; do
    command -v "$program" >/dev/null || { skip "containerd" "$program is not installed"; finish; }
done
# ctr has no option for its plugins.
mkdir -p /opt /etc/cni/net.d /run/lock && mount -t tmpfs opt /opt && mkdir -p /opt/cni/bin
for name in bridge dns apus-netd; do cp "$PLUGINS/$name" /opt/cni/bin/; done
cp "$PLUGINS/ipam" /opt/cni/bin/host-local
cat >/etc/cni/net.d/10-dock.conflist <<'JSON'
{"cniVersion": "1.0.0", "name": "dock", "plugins": [
  {"type": "bridge", "bridge": "dock0", "isDefaultGateway": true, "ipam": {"type": "host-local", "subnet": "10.97.0.0/24"}},
  {"type": "dns", "domainName": "dock.test", "upstreams": ["127.0.0.1"]}]}
JSON
. "$top/Tests/Support/containerd.bash"
start_containerd
mkdir -p "$scratch/rootfs/bin" && cp /bin/busybox "$scratch/rootfs/bin/" && ln -s busybox "$scratch/rootfs/bin/sleep"
for name in one two; do
    ctr run --cni -d --rootfs --runc-binary "$(command -v "${REFERENCE:-runc}")" "$scratch/rootfs" $name /bin/sleep 1000 >"$scratch/out" 2>&1 </dev/null ||
        not_ok "ctr run --cni $name" <"$scratch/out"
done
process() { ctr task list | awk -v name="$1" '$1 == name { print $2 }'; }
looks() { nsenter -t "$(process "$1")" -n dig @127.0.0.11 +short "${@:2}"; }
same "a container is found by its ID" "$(looks one default-two) $(looks two default-one)" "10.97.0.3 10.97.0.2"
same "with the network, with the domain" "$(looks one default-two.dock) $(looks one default-two.dock.test)" "10.97.0.3 10.97.0.3"
same "an address has the name" "$(looks one -x 10.97.0.3)" "default-two.dock.test."
for name in one two; do
    ctr task kill -s KILL $name >/dev/null 2>&1
    for _ in {1..100}; do ctr task rm $name >/dev/null 2>&1 && break; sleep 0.1; done
    ctr container rm $name >/dev/null 2>&1
done
# Nobody calls DEL for what `ctr run -d` has attached: it goes with GC.
out=$(env -i PATH="$PATH" CNI_COMMAND=GC CNI_PATH=/opt/cni/bin /opt/cni/bin/dns <<<'{"cniVersion":"1.1.0","name":"dock","type":"dns","cni.dev/valid-attachments":[]}')
same "GC takes away what ctr leaves" "$out $(ls /run/apus/dns)" " "
kill $daemon
wait $daemon 2>/dev/null
for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = /opt/cni/bin/apus-netd ] && kill "$(basename "$p")"; done
finish
