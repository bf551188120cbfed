#!/bin/bash
# containerd's libcni (ctr run --cni) with the plugin dns: containers find each other by what containerd calls them.
. "$(dirname "$0")/ctr.bash"
begin_ctr dns-containerd bridge ipam dns
ln -s ipam /opt/cni/bin/host-local
cat >/etc/cni/net.d/10-dock.conflist <<'JSON'
{"cniVersion": "1.0.0", "name": "dock", "plugins": [
  {"type": "bridge", "bridge": "dock0", "isDefaultGateway": true, "ipam": {"type": "host-local", "subnet": "10.97.0.0/24"}},
  {"type": "dns", "domainName": "dock.test", "upstreams": ["127.0.0.1"]}]}
JSON
run_containers
looks() { inside "$1" dig @127.0.0.11 +short "${@:2}"; }
same "a container is found by its ID" "$(looks one default-two) $(looks two default-one)" "10.97.0.3 10.97.0.2"
same "with the network, with the domain" "$(looks one default-two.dock) $(looks one default-two.dock.test)" "10.97.0.3 10.97.0.3"
same "an address has the name" "$(looks one -x 10.97.0.3)" "default-two.dock.test."
remove_containers
same "GC takes away what ctr leaves" "$(collect dns dock) $(ls /run/apus/dns)" " "
finish_ctr
