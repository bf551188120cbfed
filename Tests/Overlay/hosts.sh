#!/bin/bash
# Three hosts and an etcd of three: containers reach each other, and whatever fails, each host's tables end up right; what that took is printed.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.bash"
# Long enough for an agent that is started anew on a busy machine.
TTL=8
begin hosts
for name in dig nft jq; do command -v $name >/dev/null || { skip hosts "$name is not installed"; finish; }; done
hosts_begin 3
for i in 1 2 3; do etcd_at $i; done
for i in 1 2 3; do until_true 60 etcd_healthy $i || { not_ok "etcd starts" <"$scratch/e$i.log"; finish; }; done
for i in 1 2 3; do netd_at $i || { not_ok "apus-netd starts" <"$scratch/h$i/netd.log"; finish; }; done

table=()
# row WHAT: the last `settled` took $ms.
row() { table+=("$1|$ms"); }
# became NAME [N...]: tables are right, and how long that took is a row.
became() {
    local name=$1
    shift
    if settled "$@"; then ok "$name ($ms ms)"; else not_ok "$name" < <(difference "${@:-}"); fi
    row "$name"
}
reaches() { timeout 5 nsenter --net="/run/netns/$1" ping -c 1 -W 2 "$2" >/dev/null; }
pings() { if reaches "$2" "$(address "$3")"; then ok "$1"; else not_ok "$1" < <(ip -n "$2" addr; ip -n "$2" neigh; difference 1 2 3); fi; }
# Pings all the time, so that every interruption shows.
watch_begin() { nsenter --net="/run/netns/$1" ping -q -i 0.02 -W 1 "$(address "$2")" >"$scratch/watch" & watch=$!; }
watch_end() {
    kill -INT "$watch"
    wait "$watch"
    local lost
    lost=$(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*received.*/\1 \2/p' "$scratch/watch" | awk '{ print $1 - $2 }')
    if [ "${lost:-99}" -le 1 ]; then ok "$1"; else not_ok "$1" <"$scratch/watch"; fi
}

for i in 1 2 3; do
    for n in a b; do
        attach $i "c$i$n"
        [ "$code" = 0 ] || { not_ok "container c$i$n on host $i" < <(echo "$out"; cat "$scratch/err" "$scratch/h$i/netd.log"); finish; }
    done
done
ok "two containers on each host"
became "containers attached"
same "addresses are of the nodes' own blocks" "$(for n in c1a c2a c3a; do address $n | cut -d. -f1-3; done | sort -u) $(for n in "${!home[@]}"; do address "$n"; done | sort -u | wc -l)" "10.20.0 6"
for pair in "c1a c1b" "c1a c2a" "c2b c3a" "c3b c1b"; do pings "ping ${pair/ / to }" $pair; done
same "the largest packet goes, and no larger one" \
    "$(nsenter --net=/run/netns/c1a ping -c 1 -W 2 -M do -s 1422 "$(address c2a)" >/dev/null; echo $?) $(nsenter --net=/run/netns/c1a ping -c 1 -W 1 -M do -s 1423 "$(address c2a)" >/dev/null 2>&1; echo $?)" "0 1"
nsenter --net=/run/netns/c2a timeout 20 python3 -c 'import socket; s = socket.create_server(("", 5000)); c = s.accept()[0]; n = 0
while d := c.recv(1 << 16): n += len(d)
print(n)' >"$scratch/tcp" &
until_true 10 eval '[ -n "$(ip netns exec c2a ss -Hlnt)" ]'
nsenter --net=/run/netns/c3a timeout 20 python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], 5000)).sendall(b"x" * 8000000)' "$(address c2a)"
wait $!
same "TCP" "$(<"$scratch/tcp")" 8000000
same "the gateway is the same everywhere" "$(for n in c1a c2a c3a; do reaches $n 10.20.0.1; ip -n $n neigh show 10.20.0.1 | grep -o 'lladdr [^ ]*'; done | sort -u)" "lladdr 02:42:0a:14:00:01"
pings "the way out is each host's own" c1a c3b
if reaches c2a 192.0.2.254; then ok "outside is reached"; else not_ok "outside is reached" < <(ip -n c2a route; at 2 nft list ruleset); fi

# Who asks for an address gets the answer at home.
for n in "${!home[@]}"; do ip -n "$n" neigh flush dev eth0; done
python3 "$here/sniff.py" under1 3 >"$scratch/sniff" &
until_true 5 grep -q ready "$scratch/sniff"
for pair in "c1a c2a" "c2a c1b" "c3b c1a" "c1b c3a"; do set -- $pair; reaches "$1" "$(address "$2")"; done
reaches c1a 10.20.0.200
wait $!
same "no broadcast on the underlay" "$(sed -n 2p "$scratch/sniff" | awk '{ print ($1 >= 8) ? "packets" : $1, $2 }')" "packets 0"

# Names: the same chain as anywhere else.
named() { printf '{"cniVersion":"1.0.0","name":"blue","type":"dns","runDir":"/run/h%s","netd":"%s","names":["%s"],"prevResult":%s}' "$1" "$BUILD/apus-netd" "$2" "$3"; }
for n in c1a c2a c3a; do
    i=${home[$n]}
    plugin "$i" ADD $n # As it is: nothing is given twice.
    named "$i" "web-$n" "$out" | at "$i" env CNI_COMMAND=ADD CNI_CONTAINERID=$n CNI_IFNAME=eth0 CNI_NETNS=/run/netns/$n CNI_PATH="$BUILD" "$BUILD/dns" >"$scratch/dns.out" 2>&1 ||
        { not_ok "the plugin dns behind overlay" <"$scratch/dns.out"; }
done
lookup() { nsenter --net="/run/netns/$1" dig +short +tries=1 +time=2 @127.0.0.11 "$2"; }
finds() { [ "$(lookup "$1" "$2")" = "$3" ]; }
if until_true 5 finds c1a web-c3a "$(address c3a)"; then ok "by name, across hosts"; else not_ok "by name, across hosts" < <(lookup c1a web-c3a; keys eps/; cat "$scratch"/h?/netd.log); fi
same "and by the network" "$(lookup c2a web-c1a.blue)" "$(address c1a)"

# A host is cut off from everything: its member of etcd, too.
watch_begin c1a c2a
unplug 3
dead=3 became "a host cut off: the others give it up (lease of $TTL s)" 1 2
same "its names are gone" "$(lookup c1a web-c3a | grep -c "$(address c3a)")" 0
pings "its own containers go on" c3a c3b
watch_end "nobody else's traffic is interrupted"
attach 1 c1c
same "attaching goes on with two members of three" "$code" 0
heal 3
became "a host comes back"
if until_true 5 finds c1a web-c3a "$(address c3a)"; then ok "with its names"; else not_ok "with its names" < <(lookup c1a web-c3a); fi
pings "and is reached" c1c c3a

# etcd's leader.
watch_begin c1a c3a
lead=$(leader)
etcd_kill "$lead"
begun=${EPOCHREALTIME/./}
until_true 20 eval 'attach 2 c2c && [ "$code" = 0 ]'
ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
row "etcd's leader killed: until the next container is attached"
became "and its peers know it"
etcd_at "$lead"
until_true 30 etcd_healthy "$lead"
watch_end "traffic is not interrupted"

# A member loses its disk and joins anew.
etcd_kill 2
rm -rf "${scratch:?}/e2"
# etcd takes no change of its members before it has seen the others for a while.
member() { at 1 etcdctl --command-timeout=3s --endpoints http://192.0.2.1:2379,http://192.0.2.3:2379 member "$@" 2>/dev/null; }
id=$(member list | awk -F', ' '$3 == "e2" { print $1 }')
until_true 60 eval 'member remove "$id" >/dev/null'
until_true 60 eval 'member add e2 --peer-urls http://192.0.2.2:2380 >/dev/null'
etcd_at 2 --initial-cluster-state existing
until_true 30 etcd_healthy 2
attach 2 c2d
same "a member wiped and joined anew" "$code" 0
became "and everybody knows the next container"

# The agent.
watch_begin c1b c2b
netd_kill 1
same "killed, the tables stay" "$(tables 1)" "$(wanted 1)"
detach 2 c2d
netd_at 1
became "the agent killed -9 and started again"
watch_end "traffic is not interrupted"
attach 1 c1d
same "no address is given twice" "$(for n in "${!home[@]}"; do address "$n"; done | sort | uniq -d)" ""
became "and what is attached next is known"

# Somebody's hands.
link=$(vxlan 1)
entry=$(tables 1 | head -n 1)
ip -n h1 neigh del "${entry%% *}" dev "$link"
bridge -n h1 fdb del "$(cut -d' ' -f2 <<<"$entry")" dev "$link" self
ip -n h1 neigh add 10.20.0.250 lladdr 02:42:0a:14:00:fa dev "$link" nud permanent
bridge -n h1 fdb add 02:42:0a:14:00:fa dev "$link" dst 192.0.2.2 self permanent
became "tables changed by hand are mended" 1
ip -n h2 link del "$(vxlan 2)"
became "and a tunnel that was deleted" 2
pings "through which containers are reached again" c2a c1a

# A host starts anew: nothing of it is left but its disk.
netd_kill 3
etcd_kill 3
for n in c3a c3b; do ip netns del $n; unset "home[$n]"; done
for link in $(ip -n h3 -o link | sed -n 's/^[0-9]*: \(ov-[^:@]*\|vx-[^:@]*\).*/\1/p'); do ip -n h3 link del "$link"; done
rm -rf /run/h3 && mkdir /run/h3
became "a host gone: the others give it up" 1 2
etcd_at 3
netd_at 3
attach 3 c3a
same "back, it attaches" "$code" 0
became "and is known"
same "with the same node ID" "$(ask 3 '{"do":"status"}'; jq -r .overlay.node <<<"$out")" "$(cat "$scratch/h3/state/node")"

# No etcd at all.
for i in 1 2 3; do etcd_kill $i; done
watch_begin c1a c2a
pings "without etcd containers talk" c2a c3a
begun=${EPOCHREALTIME/./}
attach 1 c1e
ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
same "a container of a known network gets an address of its host's block" "$code" 0
row "no etcd: a container attached"
pings "and talks to those it finds at home" c1e c1a
begun=${EPOCHREALTIME/./}
ip netns add red1
SUBNET=10.30.0.0/16 NETWORK=red plugin 1 ADD red1
ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
same "a new network is refused with the reason" "$code $(jq .code <<<"$out") $(grep -c 'store cannot be reached' <<<"$out")" "1 11 1"
if [ "$ms" -lt 4000 ]; then ok "at once ($ms ms)"; else not_ok "at once" <<<"$ms ms"; fi
row "no etcd: a new network refused"
detach 2 c2c
same "a container leaves" "$code" 0
netd_kill 2
netd_at 2
same "an agent started without etcd leaves the tables" "$(tables 2 | wc -l)" "$(($(wanted 2 | wc -l) - 1))"
for i in 1 2 3; do etcd_at $i; done
for i in 1 2 3; do until_true 60 etcd_healthy $i; done
became "etcd back: what happened meanwhile is everywhere"
watch_end "traffic is not interrupted"

# The network between the hosts falls apart and comes together; meanwhile history is thrown away.
unplug 1
attach 2 c2e
attach 3 c3c
revision=$(at 2 etcdctl --endpoints http://192.0.2.2:2379 endpoint status -w json | jq '.[0].Status.header.revision')
at 2 etcdctl --endpoints http://192.0.2.2:2379 compaction "$revision" >/dev/null
dead=1 became "the network in two parts" 2 3
heal 1
became "and in one, history compacted meanwhile"

# Whoever writes into the store may write anything.
# Members which have just found together do not answer at once.
network_key() { net=$(from=2 keys nets/ | sed 's|.*/||'); [ -n "$net" ]; }
until_true 30 network_key
put() { at 2 etcdctl --endpoints "$(etcd_urls)" put "$1" "$2" >/dev/null; }
node=$(cat "$scratch/h3/state/node")
put "/apus/v1/eps/$net/$node/evil:eth0" '{"ip":'
put "/apus/v1/eps/$net/$node/thief:eth0" "{\"ip\":\"$(address c1a)\",\"mac\":\"$(mac "$(address c1a)")\"}"
put "/apus/v1/eps/$net/$node/gate:eth0" '{"ip":"10.20.0.1","mac":"02:42:0a:14:00:01"}'
put "/apus/v1/eps/$net/ffffffffffffffff/ghost:eth0" '{"ip":"10.20.0.9","mac":"02:42:0a:14:00:09"}'
put "/apus/v1/eps/$net/x" '{}'
put "/apus/v1/nodes/zz" '{}'
put "/apus/v1/nodes/ffffffffffffffff" '{"name":"evil","vtep":"224.0.0.1","port":4789}'
put "/apus/v1/blocks/$net/0.0.0.0/0" '{"node":"ffffffffffffffff"}'
put "/apus/v1/nets/evil" 'x'
put "/apus/v1/eps/$net/$node/long:eth0" "$(head -c 100000 /dev/zero | tr '\0' x)"
sleep 1
became "hostile keys change nothing"
pings "and nobody is cut off" c2a c1a
untold() { for word in evil: thief gate: ghost 'eps/[0-9a-f]*/x' nodes/zz 'nodes/ffff' 'blocks/.*0.0.0.0/0' long:; do grep -q "overlay: .*$word" "$scratch/h2/netd.log" || echo "$word"; done; }
all_told() { [ -z "$(untold)" ]; }
until_true 20 all_told
same "each is told of" "$(untold)" ""
at 2 etcdctl --endpoints "$(etcd_urls)" del --prefix "/apus/v1/eps/$net/$node/" >/dev/null
for i in 1 2 3; do same "the agent of host $i lives" "$(kill -0 "${netd[$i]}" && echo yes)" yes; done
TTL=$TTL until_true 40 right 1 2 3

# The end: nothing is left.
for n in "${!home[@]}"; do detach "${home[$n]}" "$n"; done
same "no devices are left" "$(for i in 1 2 3; do ip -n h$i -o link | grep -E 'ov-|vx-|veth'; done)" ""
same "no endpoints are left" "$(keys eps/ | grep -v ghost | grep -v '/x$')" ""
ask 1 '{"do":"overlay","act":"remove-network","with":{"name":"blue"}}'
at 2 etcdctl --endpoints "$(etcd_urls)" del --prefix "/apus/v1/eps/$net/" >/dev/null
ask 1 '{"do":"overlay","act":"remove-network","with":{"name":"blue"}}'
same "the network goes" "$out $(keys blocks/ | grep -v 0.0.0.0)$(keys netnames/)$(keys vni/)" '{"ok":true} '
netd_kill 3 TERM
until_true 20 eval '! keys nodes/ | grep -q "$node"'
same "a node which ends leaves" "$(keys nodes/ | grep -c "$node")" 0

echo "# until the tables of all hosts are right, in milliseconds:"
for line in "${table[@]}"; do printf '# %8s  %s\n' "${line##*|}" "${line%|*}"; done
finish
