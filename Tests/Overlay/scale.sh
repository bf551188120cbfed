#!/bin/bash
# One real daemon in a large cluster: a real etcd with everything that many nodes and endpoints leave there, but no nodes.
#
# $SCALE_NODES nodes (40) with 50 endpoints each, all on one network, then spread over $SCALE_NETWORKS (8). The figures of
# docs/overlay-scale.md are SCALE_NODES=1000 SCALE_NETWORKS=100 SCALE_SECONDS=20.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.bash"
begin scale
for name in curl jq; do command -v $name >/dev/null || { skip scale "$name is not installed"; finish; }; done
nodes=${SCALE_NODES:-40} each=50 networks=${SCALE_NETWORKS:-8} seconds=${SCALE_SECONDS:-5} rate=${SCALE_RATE:-1000}
url=http://127.0.0.1:2379
hosts_begin 1
simulate() { at 1 python3 "$here/scale.py" "$@"; }
ticks() { awk '{ print $14 + $15 }' "/proc/${netd[1]}/stat"; }
memory() { awk -v what="$1:" '$1 == what { printf "%.0f MB", $2 / 1024 }' "/proc/${netd[1]}/status"; }
figure() { echo "# $(printf '%-58s' "$1") $2"; }
id() { ask 1 "{\"do\":\"overlay\",\"act\":\"create-network\",\"with\":{\"name\":\"$1\",\"subnet\":\"$2\"}}"; jq -r .network.id <<<"$out"; }
asking_begin() { coproc asker { nsenter --net=/run/netns/c1 python3 "$here/scale.py" ask home; }; }
# What the container's questions for a name met with meanwhile.
asking_end() {
    local input=${asker[1]} output=${asker[0]}
    exec {input}>&-
    read -r -t 20 delays <&"$output"
    same "$1: every question for a name is answered" "$(jq -c '[.missing, .without_answer]' <<<"$delays")" "[0,0]"
    figure "$1: questions for names" "$(jq -c 'del(.missing, .without_answer)' <<<"$delays")"
}
# The name service of the container, so that there is somebody to ask.
named() { printf '{"cniVersion":"1.0.0","name":"%s","type":"dns","runDir":"/run/h1","netd":"%s","names":["home"],"prevResult":%s}' "$NETWORK" "$BUILD/apus-netd" "$1"; }

correct() { tables 1 | cmp -s - wanted; }

# measure WHAT PEERS ID=SUBNET...: the container c1 is on the first network, PEERS of the others are to be in its tables.
measure() {
    local what=$1 peers=$2 network=${3%=*} before
    shift 2
    export SCALE_NETWORK=$network
    netd_kill 1
    figure "$what: filling etcd" "$(simulate fill $url "$nodes" $each "$@")"
    figure "$what: etcd's file" "$(at 1 etcdctl --endpoints $url endpoint status -w json | jq '.[0].Status.dbSize / 1e6 | round') MB"
    simulate wanted | sort >wanted
    figure "$what: the list this node asks for" "$(at 1 curl -s $url/v3/kv/range -d "{\"key\":\"$(printf %s "/apus/v1/eps/$network/" | base64 -w 0)\",\"range_end\":\"$(printf %s "/apus/v1/eps/${network}0" | base64 -w 0)\"}" | wc -c) bytes"

    simulate tables >tables.out &
    local listener=$!
    until_true 20 grep -q ready tables.out
    netd_at 1
    wait $listener
    figure "$what: from start until tables are right" "$(sed -n 2p tables.out)"
    figure "$what: processor time for that" "$(($(ticks) * 10)) ms"
    same "$what: $peers entries, exactly" "$(tables 1 | diff - wanted | head -n 3)$(wc -l <wanted)" "$peers"
    figure "$what: memory" "$(memory VmRSS), at most $(memory VmHWM)"
    before=$(ticks)
    sleep 15
    figure "$what: at rest" "$((($(ticks) - before) * 10 / 15)) ms of processor time a second"

    asking_begin
    before=$(ticks)
    simulate events $url "$seconds" "$rate" >events
    figure "$what: changes" "$(<events)"
    figure "$what: processor time meanwhile" "$((($(ticks) - before) * 10 / (seconds + 3))) ms a second"
    if until_true 20 correct; then ok "$what: all of them come into the tables"; else not_ok "$what: all of them come into the tables" < <(tables 1 | diff - wanted | head -n 5); fi
    asking_end "$what"
    attach 1 c2 && figure "$what: another container here" "$( { time attach 1 c2; } 2>&1 | awk '/real/ { print $2 }')"
    same "$what: another container here" "$code" 0
    detach 1 c2
    simulate leave $url >leave
    figure "$what: a node with $each endpoints dies (its lease has ended)" "$(<leave)"
    same "$what: its entries go" "$(jq .entries leave)" $each
    figure "$what: memory at the end" "$(memory VmRSS), at most $(memory VmHWM)"
}

etcd_at 1
until_true 60 etcd_healthy 1 || { not_ok "etcd starts" <"$scratch/e1.log"; finish; }
start() {
    netd_at 1 || { not_ok "apus-netd starts" <"$scratch/h1/netd.log"; finish; }
    big=$(id $NETWORK $SUBNET)
    attach 1 c1
    [ "$code" = 0 ] || { not_ok "a container" < <(echo "$out"; cat "$scratch/err" "$scratch/h1/netd.log"); finish; }
    named "$out" | at 1 env CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_IFNAME=eth0 CNI_NETNS=/run/netns/c1 CNI_PATH="$BUILD" "$BUILD/dns" >dns.out 2>&1 || not_ok "the plugin dns" <dns.out
}
echo "# load $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors, $nodes nodes with $each endpoints each"
NETWORK=one SUBNET=10.64.0.0/15
start
measure "one network" $((nodes * each)) "$big=$SUBNET"
detach 1 c1
netd_kill 1
etcd_kill 1
rm -rf "${scratch:?}/e1" "${scratch:?}/h1/state" /run/h1/*

etcd_at 1
until_true 60 etcd_healthy 1
NETWORK=n0 SUBNET=10.128.0.0/20
start
all=("$big=$SUBNET")
for ((i = 1; i < networks; i++)); do
    subnet=10.$((128 + i / 16)).$((i % 16 * 16)).0/20
    all+=("$(id n$i $subnet)=$subnet")
done
measure "$networks networks" $((nodes / networks * each)) "${all[@]}"
echo "# load $(cut -d ' ' -f 1-3 /proc/loadavg)"
finish
