#!/bin/bash
# containerd's libcni (ctr run --cni) on a network of the plugin overlay; the store is this host's.
. "$(dirname "$0")/ctr.bash"
begin_ctr overlay-containerd overlay dns
echo '{"store": "local", "state": "/run/apus/state"}' >/run/apus/overlay.json
export APUS_OVERLAY=/run/apus/overlay.json
cat >/etc/cni/net.d/10-blue.conflist <<'JSON'
{"cniVersion": "1.0.0", "name": "blue", "plugins": [
  {"type": "overlay", "subnet": "10.8.0.0/24"}, {"type": "dns", "upstreams": ["127.0.0.1"]}]}
JSON
run_containers
same "two containers have addresses of the network" "$(for n in one two; do inside $n ip -4 -o addr show eth0 | awk '{ print $4 }'; done | xargs)" "10.8.0.2/24 10.8.0.3/24"
same "they reach each other" "$(inside one ping -c 1 -W 2 10.8.0.3 >/dev/null && echo yes)" yes
same "and find each other by name" "$(inside one dig @127.0.0.11 +short default-two)" 10.8.0.3
remove_containers
for name in dns overlay; do same "GC of $name takes away what ctr leaves" "$(collect $name blue)" ""; done
same "nothing is left" "$(ls /run/apus/overlay /run/apus/dns | grep json; ip -o link | grep -E 'ov-|vx-|veth')" ""
finish_ctr
