#!/bin/bash
# network.sh BUILD: two network namespaces on a bridge, a third that stands for the world outside, a published port. Every command is
# shown before its output. All of it happens in namespaces of its own: the host's network is not touched, and nothing is left behind.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo 'the demo makes network namespaces: call it as root (sudo make demo)' >&2; exit 1; }
if [ -z "${DEMO_INSIDE:-}" ]; then
    DEMO_INSIDE=1 exec unshare --net --mount --pid --fork --kill-child --propagation private bash "$0" "$(realpath "$1")"
fi
mount -t proc proc /proc && mount -t sysfs sysfs /sys && mount -t tmpfs run /run
mkdir -p /run/netns /run/demo && cd /run/demo
build=$1
mkdir plugins
for name in bridge portmap firewall; do ln -s "$build/$name" plugins/; done
ln -s "$build/ipam" plugins/
export CNI_PATH=/run/demo/plugins NETCONFPATH=/run/demo

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
apus-cni() { "$build/apus-cni" --cache-dir=/run/demo/cache "$@"; }
show() {
    printf '$ %s\n' "$*"
    eval "$*"
}

say 'The world outside: a namespace with a web server, behind the host'"'"'s uplink'
ip link set lo up
ip netns add outside
ip link add uplink type veth peer name eth0 netns outside
ip address add 192.0.2.1/24 dev uplink && ip link set uplink up
ip -n outside address add 192.0.2.2/24 dev eth0 && ip -n outside link set eth0 up
show ip -n outside -brief address show dev eth0

say 'A network: bridge with NAT, published ports, no traffic from other networks'
cat >front.conflist <<'JSON'
{
  "cniVersion": "1.1.0", "name": "front",
  "plugins": [
    {"type": "bridge", "bridge": "apus-front", "isDefaultGateway": true, "ipMasq": true, "hairpinMode": true, "isolated": true,
     "ipam": {"type": "ipam", "subnet": "10.88.0.0/24", "dataDir": "/run/demo/addresses"}},
    {"type": "portmap", "capabilities": {"portMappings": true}},
    {"type": "firewall"}
  ]
}
JSON
show cat front.conflist
show ip netns add red
show ip netns add blue

say 'Both get an interface, an address and a route; blue publishes its port 80 as 8080'
show apus-cni add front /run/netns/red
show "CAP_ARGS='{\"portMappings\": [{\"hostPort\": 8080, \"containerPort\": 80, \"protocol\": \"tcp\"}]}' apus-cni add front /run/netns/blue >/dev/null"
show ip -n red -brief address
show ip -n blue -brief address
show apus-cni list

say 'They reach each other, and the world by the host'"'"'s address'
blue=$(ip -n blue -json address show dev eth0 | jq -r '.[0].addr_info[] | select(.family == "inet").local')
show "ip netns exec red ping -c 1 -W 2 $blue | tail -n 2"
show "ip netns exec red ping -c 1 -W 2 192.0.2.2 | tail -n 2"

say 'The published port answers: from outside, from the host, from a neighbour, from the container itself'
mkdir www && echo 'hello from blue' >www/index.html
ip netns exec blue busybox httpd -f -p 80 -h /run/demo/www &
sleep 0.5
show ip netns exec outside curl -s -m 3 http://192.0.2.1:8080/
show curl -s -m 3 http://127.0.0.1:8080/
show ip netns exec red curl -s -m 3 http://192.0.2.1:8080/
show ip netns exec blue curl -s -m 3 http://192.0.2.1:8080/

say 'A stranger who routes straight to the container does not get in'
ip -n outside route add 10.88.0.0/24 via 192.0.2.1
show "ip netns exec outside curl -s -m 2 http://$blue/ || echo 'no answer'"

say 'All of the firewall is data: one element for each fact'
show "nft list map inet apus_cni dnat4"

say 'Somebody flushes the ruleset: everything comes back'
show nft flush ruleset
show apus-cni reload
show ip netns exec outside curl -s -m 3 http://192.0.2.1:8080/

say 'Nothing is left'
show apus-cni del front /run/netns/red
show apus-cni del front /run/netns/blue
show "nft list ruleset | grep -c elements || true"
show "ls addresses/front"
show ip -brief link show type veth
