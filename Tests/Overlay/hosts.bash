# shellcheck shell=bash
# Several hosts for the suites of this folder, each a network namespace, joined by a bridge which stands for the network between them.
#
#   hosts_begin N                 hosts h1 ... hN at 192.0.2.1 ... N; the bridge is 192.0.2.254
#   at N COMMAND...               runs COMMAND on host N
#   etcd_at N [FLAG...]           a member of the cluster on host N; etcd_kill N
#   netd_at N                     the daemon of host N; netd_kill N [SIGNAL]
#   ask N CALL                    a call to it, its answer in $out
#   attach N NAME [MEMBERS]       container NAME on host N; $out is the result, $code the exit code
#   detach N NAME
#   address NAME                  its IPv4 address
#   unplug N / heal N              takes host N off the network, and back
#   tables N                      host N's neighbours and FDB of the network's VXLAN, a line each: ADDRESS MAC HOST
#   wanted N                      what they should be, worked out of the containers attached
#   settled [N...]                waits until tables are what they should be on all hosts named (all); $ms is how long that took
# The system's own python3: others put shims in front of it which take longer than the checks.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
declare -gA etcd=() netd=() home=()
HOSTS=3
TTL=${TTL:-3}

hosts_begin() {
    local i
    HOSTS=$1
    mount -t tmpfs -o mode=755 run /run && mkdir /run/netns || exit 2
    mount -t sysfs sysfs /sys 2>/dev/null
    ip link add under type bridge && ip addr add 192.0.2.254/24 dev under && ip link set under up || exit 2
    for ((i = 1; i <= HOSTS; i++)); do
        ip netns add "h$i" && ip link add "under$i" type veth peer name eth0 netns "h$i" || exit 2
        ip link set "under$i" master under up
        ip -n "h$i" link set lo up && ip -n "h$i" link set eth0 up && ip -n "h$i" addr add "192.0.2.$i/24" dev eth0 || exit 2
        ip -n "h$i" route add default via 192.0.2.254
        mkdir -p "$scratch/h$i" "/run/h$i"
    done
}

at() { local i=$1; shift; nsenter --net="/run/netns/h$i" "$@"; }
# The same for what goes on in the background: $! is the program itself, not a shell around it.
become() { local i=$1; shift; exec nsenter --net="/run/netns/h$i" "$@"; }

members() { local i; for ((i = 1; i <= ${MEMBERS:-$HOSTS}; i++)); do printf 'e%s=http://192.0.2.%s:2380,' "$i" "$i"; done | sed 's/,$//'; }
etcd_urls() { local i; for ((i = 1; i <= ${MEMBERS:-$HOSTS}; i++)); do printf 'http://192.0.2.%s:2379,' "$i"; done | sed 's/,$//'; }

etcd_at() {
    local i=$1
    shift
    become "$i" etcd --name "e$i" --data-dir "$scratch/e$i" --log-level error --heartbeat-interval 100 --election-timeout 1000 \
        --listen-client-urls "http://192.0.2.$i:2379,http://127.0.0.1:2379" --advertise-client-urls "http://192.0.2.$i:2379" \
        --listen-peer-urls "http://192.0.2.$i:2380" --initial-advertise-peer-urls "http://192.0.2.$i:2380" \
        --initial-cluster "$(members)" "$@" >"$scratch/e$i.log" 2>&1 &
    etcd[$i]=$!
    disown
}
etcd_kill() { kill -9 "${etcd[$1]}"; until_true 20 gone "${etcd[$1]}"; }
etcd_healthy() { at "$1" curl -sf -m 2 http://127.0.0.1:2379/health | grep -q '"true"'; }
# The host whose member leads.
leader() {
    local i
    for ((i = 1; i <= HOSTS; i++)); do
        at "$i" etcdctl --command-timeout=2s --endpoints http://127.0.0.1:2379 endpoint status -w json 2>/dev/null |
            jq -e '.[0].Status | .leader == .header.member_id' >/dev/null && echo "$i" && return
    done
}
# All keys of the store below a prefix.
keys() { at "${from:-1}" etcdctl --command-timeout=3s --endpoints "${urls:-$(etcd_urls)}" get --prefix --keys-only "/apus/v1/$1" | grep .; }

settings() {
    local i=$1
    printf '{"endpoints":%s,"node":"host%s","ttl":%s,"state":"%s"}' \
        "${ENDPOINTS:-$(etcd_urls | jq -Rc 'split(",")')}" "$i" "$TTL" "$scratch/h$i/state" >"$scratch/h$i/overlay.json"
}
netd_at() {
    local i=$1
    [ -s "$scratch/h$i/overlay.json" ] || settings "$i"
    become "$i" "$BUILD/apus-netd" --foreground --run "/run/h$i" --overlay "$scratch/h$i/overlay.json" >>"$scratch/h$i/netd.log" 2>&1 &
    netd[$i]=$!
    disown
    until_true 10 test -S "/run/h$i/netd.sock"
}
netd_kill() {
    kill "-${2:-9}" "${netd[$1]}"
    until_true 20 gone "${netd[$1]}"
    rm -f "/run/h$1/netd.sock"
}
ask() { out=$(python3 "$here/ask.py" "/run/h$1/netd.sock" "$2" 2>&1); }

conf() {
    printf '{"cniVersion":"1.0.0","name":"%s","type":"overlay","runDir":"/run/h%s","netd":"%s","subnet":"%s"%s}' \
        "${NETWORK:-blue}" "$1" "$BUILD/apus-netd" "${SUBNET:-10.20.0.0/16}" "${2:+,$2}"
}
plugin() {
    local i=$1 verb=$2 name=$3
    out=$(conf "$i" "${4-}" | at "$i" env CNI_COMMAND="$verb" CNI_CONTAINERID="$name" CNI_IFNAME=eth0 CNI_NETNS="/run/netns/$name" \
        CNI_PATH="$BUILD" APUS_OVERLAY="$scratch/h$i/overlay.json" ${CNI_ARGS:+CNI_ARGS="$CNI_ARGS"} timeout 20 "$BUILD/overlay" 2>"$scratch/err")
    code=$?
}
attach() {
    [ -e "/run/netns/$2" ] || { ip netns add "$2" && ip -n "$2" link set lo up; }
    plugin "$1" ADD "$2" "${3-}"
    [ "$code" = 0 ] || return
    home[$2]=$1
    jq -r '.ips[0].address' <<<"$out" | cut -d/ -f1 >"$scratch/$2.ip"
}
detach() {
    plugin "$1" DEL "$2"
    unset "home[$2]"
    ip netns del "$2" 2>/dev/null
}
address() { cat "$scratch/$1.ip"; }

unplug() { ip link set "under$1" down; }
heal() { ip link set "under$1" up; }

vxlan() { ip -n "h$1" -o link show type vxlan 2>/dev/null | sed -n '1s/^[0-9]*: \([^:@]*\).*/\1/p'; }
tables() {
    local link
    link=$(vxlan "$1")
    [ -n "$link" ] || return 0
    join -1 2 -2 1 -o 1.1,0,2.2 \
        <(ip -n "h$1" -4 neigh show dev "$link" nud permanent | awk '{ print $1, $3 }' | sort -k2) \
        <(bridge -n "h$1" fdb show dev "$link" self | awk '{ for (i = 2; i < NF; i++) if ($i == "dst") print $1, $(i + 1) }' | sort) | sort
}
mac() { local IFS=.; # shellcheck disable=SC2086
    printf '02:42:%02x:%02x:%02x:%02x' $1; }
# Without the hosts named by $dead, which the others have given up.
wanted() {
    local name ip own=
    for name in "${!home[@]}"; do [ "${home[$name]}" = "$1" ] && own=1; done
    [ -n "$own" ] || return 0
    for name in "${!home[@]}"; do
        [ "${home[$name]}" = "$1" ] && continue
        [[ " ${dead-} " == *" ${home[$name]} "* ]] && continue
        ip=$(address "$name")
        echo "$ip $(mac "$ip") 192.0.2.${home[$name]}"
    done | sort
}
right() { local i; for i in "$@"; do [ "$(tables "$i")" = "$(wanted "$i")" ] || return 1; done; }
settled() {
    local begun=${EPOCHREALTIME/./}
    [ $# -gt 0 ] || set -- $(seq "$HOSTS")
    until_true "${within:-30}" right "$@"
    local result=$?
    ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
    return $result
}
# What is wrong, for a person.
difference() { local i; for i in ${*:-1 2 3}; do echo "host $i:"; diff <(tables "$i") <(wanted "$i"); tail -n 5 "$scratch/h$i/netd.log"; done; }
