#!/bin/bash
# Two hosts and an etcd of one: whose an address is, both families, networks that are others, and nodes that come and go.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.bash"
begin nodes
command -v jq >/dev/null || { skip nodes "jq is not installed"; finish; }
MEMBERS=1
hosts_begin 3
etcd_at 1
until_true 60 etcd_healthy 1 || { not_ok "etcd starts" <"$scratch/e1.log"; finish; }
for i in 1 2; do netd_at $i || { not_ok "apus-netd starts" <"$scratch/h$i/netd.log"; finish; }; done
wish() { printf '"runtimeConfig":{"ips":["%s"]}' "$1"; }
attached() { if [ "$code" = 0 ]; then ok "$1"; else not_ok "$1" < <(echo "$out"; cat "$scratch/err" "$scratch"/h?/netd.log); fi; }
refused() { if [ "$code" = 1 ] && [ "$(jq .code <<<"$out")" = "$2" ] && [[ $out == *"$3"* ]]; then ok "$1"; else not_ok "$1" < <(echo "wanted $2: $3"; echo "$out"; cat "$scratch/err"); fi; }
reaches() { timeout 5 nsenter --net="/run/netns/$1" ping -c 1 -W 2 "$2" >/dev/null; }
call() { ask "$1" "{\"do\":\"overlay\",\"act\":\"$2\",\"with\":{${3-}}}"; }

# Both families.
SUBNET=10.40.0.0/24
export SUBNET
six='"subnet6":"fd40::/64"'
attach 1 a1 "$six"
attached "a container with both families"
same "its IPv6 address follows from the IPv4 one" "$(jq -r '.ips[].address' <<<"$out" | xargs)" "10.40.0.2/24 fd40::2/64"
same "and so does its MAC address" "$(ip -n a1 -br link show eth0 | grep -o '02:42[^ ]*')" 02:42:0a:28:00:02
attach 2 b1 "$six"
attached "one on the other host"
if reaches a1 "$(address b1)" && until_true 10 reaches a1 fd40::10; then ok "they reach each other by both"; else not_ok "they reach each other by both" < <(ip -n a1 -6 neigh; ip -n h1 -6 neigh; tables 1; echo "$out"); fi
same "who asks for no IPv6 subnet gets the network's" "$(attach 1 a2; jq -r '.ips[].address' <<<"$out" | xargs)" "10.40.0.3/24 fd40::3/64"

# Addresses somebody wishes.
attach 1 a3 "$(wish 10.40.0.9/24)"
attached "an address of the node's own block"
attach 1 a4 "$(wish 10.40.0.9/24)"
refused "one somebody has" 100 "10.40.0.9 is a3:eth0's already"
attach 2 b2 "$(wish 10.40.0.10/24)"
refused "one of the other node's block" 100 "in a block of node host1"
attach 2 b2 "$(wish 10.40.0.200/24)"
attached "one of nobody's block"
attach 1 a4 "$(wish 10.40.0.200/24)"
refused "which another node has" 100 "b2:eth0's on node host2"
attach 1 a4 "$(wish 10.40.0.1/24)"
refused "the gateway's" 100 "no container's address"
if reaches a1 10.40.0.200; then ok "it is reached"; else not_ok "it is reached" < <(tables 1; keys ips/); fi
# The block around it is free, and whoever takes it leaves the address alone.
for ((n = 0; n < 14; n++)); do attach 1 "fill$n"; done
detach 2 b2
same "given back, it is nobody's" "$(keys ips/)" ""

# Networks which are others.
SUBNET=10.41.0.0/24 attach 2 b3
refused "another subnet for the name" 7 "has network blue with subnet 10.40.0.0/24"
NETWORK=red SUBNET=10.40.0.128/25 plugin 2 ADD b3
refused "a subnet that overlaps" 7 "overlaps 10.40.0.0/24 of network blue"
call 1 create-network '"name":"one"'
same "a network without a subnet gets one of 10.0.0.0/8" "$(jq -r '.network.subnet + " " + (.network.vni | tostring)' <<<"$out")" "10.0.0.0/24 4098"
call 2 create-network '"name":"two","vni":4098'
same "a VNI somebody has" "$(jq -r '.code + " " + .error' <<<"$out")" "network-conflict vni 4098 is network one's"
call 2 create-network '"name":"two","vni":77'
same "another one" "$(jq -r '.network.subnet + " " + (.network.vni | tostring)' <<<"$out")" "10.0.1.0/24 77"
for ((n = 0; n < 8; n++)); do
    python3 "$here/ask.py" "/run/h$((n % 2 + 1))/netd.sock" "{\"do\":\"overlay\",\"act\":\"create-network\",\"with\":{\"name\":\"race$n\"}}" >"$scratch/race$n" &
    races="${races-} $!"
done
# shellcheck disable=SC2086
wait $races
same "eight at once get eight subnets and numbers" "$(cat "$scratch"/race? | jq -r .network.subnet | sort -u | wc -l) $(cat "$scratch"/race? | jq -r .network.vni | sort -u | wc -l)" "8 8"
call 1 remove-network '"name":"blue"'
same "a network with containers stays" "$(jq -r .code <<<"$out")" in-use
call 2 remove-network '"name":"two"'
call 1 network '"name":"two"'
same "one without goes, for all" "$(jq -r .code <<<"$out")" not-found
call 1 network '"name":"blue"'
same "a network tells its nodes, endpoints and blocks" "$(jq -c '[(.peers.nodes | length), ([.peers.endpoints[].node] | unique | length), ([.peers.blocks[]] | unique | length)]' <<<"$out")" "[2,2,2]"

# A subnet with no block left.
for n in s1 s2 s3 s4; do ip netns add $n; done
NETWORK=small SUBNET=10.42.0.0/29 plugin 1 ADD s1 '"blockSize":30'
NETWORK=small SUBNET=10.42.0.0/29 plugin 1 ADD s2 '"blockSize":30'
NETWORK=small SUBNET=10.42.0.0/29 plugin 2 ADD s3 '"blockSize":30'
NETWORK=small SUBNET=10.42.0.0/29 plugin 1 ADD s4 '"blockSize":30'
refused "no block is left, and what would help" 11 "apus node rm"

# Nodes.
call 1 nodes
same "nodes" "$(jq -c '[.nodes[] | [.name, .lives]] | sort' <<<"$out")" '[["host1",true],["host2",true]]'
two=$(cat "$scratch/h2/state/node")
call 1 remove-node "\"node\":\"$two\""
same "one which lives is not removed" "$(jq -r .code <<<"$out")" in-use
detach 2 b1
netd_kill 2
gone_from_list() { call 1 nodes; [ "$(jq -c "[.nodes[] | select(.id == \"$two\" and .lives)]" <<<"$out")" = "[]" ]; }
until_true 20 gone_from_list
same "one which has gone is listed with what it has" "$(jq -c "[.nodes[] | select(.id == \"$two\") | .lives, (.claims > 0)]" <<<"$out")" "[false,true]"
call 1 remove-node "\"node\":\"${two:0:8}\""
same "and gives it back" "$(jq -r .ok <<<"$out") $(for key in $(keys blocks/); do at 1 etcdctl --endpoints "$(etcd_urls)" get --print-value-only "$key"; done | grep -c "$two")" "true 0"
# A copy of a host's disk.
cp -a "$scratch/h1/state" "$scratch/h3/state"
netd_at 3
attach 3 c1
refused "a second host with the first one's ID" 5 "lives already as host1"
same "and the first one is not disturbed" "$(attach 1 a9; echo "$code")" 0
rm -rf "$scratch/h3/state"
attach 3 c1
attached "without the copy it is a node of its own"

# Settings.
ip netns add b1
for line in '{"endpoint":[]}|endpoint: unknown' '{"endpoints":["192.0.2.1:2379"]}|is not a URL' '{|' '{"endpoints":["http://192.0.2.1:1"]}|store cannot be reached' \
    '{"endpoints":["http://192.0.2.1:2379"],"vtep":"eth9"}|there is no interface eth9' '{"endpoints":["https://192.0.2.1:2379"],"ca":"/none"}|/none'; do
    netd_kill 2 2>/dev/null
    jq -c --arg state "$scratch/h2/state" '. + {state: $state}' <<<"${line%%|*}" >"$scratch/h2/overlay.json" 2>/dev/null || echo "${line%%|*}" >"$scratch/h2/overlay.json"
    netd_at 2
    plugin 2 ADD b1
    if [ "$code" = 1 ] && [[ $out == *"${line#*|}"* ]]; then ok "told: ${line%%|*}"; else not_ok "told: ${line%%|*}" <<<"$out"; fi
done
finish
