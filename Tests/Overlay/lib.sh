# shellcheck shell=bash
# What the suites of this folder share. A suite sources it, calls `begin NAME`, makes its checks, and calls `finish`.
#
# Everything happens in namespaces of the suite's own: etcd listens on loopback addresses there, its data is on a tmpfs.
#
#   etcd_begin NAME [FLAG...]     starts the member NAME of $members (one where nothing is said), its data in $scratch/NAME
#   etcd_end NAME                 ends it as a failure would
#   until_true SECONDS COMMAND... waits for a condition; false when it never came
#   tool ARGUMENT...              store-tool on $to (all members); sets $out, $code, and $ms, how long it took
#   says NAME WANT ARGUMENT...    it prints just that
#   fails NAME KIND ARGUMENT...   it fails in this way
#   within NAME MILLISECONDS      the last one took no longer
#   watching FILE ARGUMENT...     store-tool in the background, which writes into FILE; its process is $watch
#   saw NAME FILE TEXT [SECONDS]  it has written TEXT
#   same NAME GOT WANT            two texts are equal
#   has NAME GOT WANT             WANT is a part of GOT
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
BUILD=$(realpath -m "${BUILD:-$top/.build/release}")
STORE_TOOL=$(realpath -m "${STORE_TOOL:-$BUILD/store-tool}")
export BUILD STORE_TOOL here top ETCDCTL_API=3
. "$top/Tests/Support/tap.sh"

begin() {
    suite=$1
    if [ "$(id -u)" != 0 ]; then
        echo "ok 1 - $suite # SKIP needs root" && echo "1..1"
        exit 0
    fi
    if [ -z "${ENCLOSED-}" ]; then
        ENCLOSED=1 exec unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private bash "$0"
    fi
    for name in etcd etcdctl openssl python3; do
        command -v $name >/dev/null || { skip "$suite" "$name is not installed" && finish; }
    done
    [ -x "$STORE_TOOL" ] || { echo "not ok 1 - $suite: $STORE_TOOL is not a program" && echo "1..1"; exit 1; }
    umask 022
    ip link set lo up
    scratch=$(mktemp -d /tmp/overlay.XXXXXX)
    mount -t tmpfs -o mode=755 overlay "$scratch" || exit 2
    cd "$scratch" || exit 2
    trap 'cd /; umount -l "$scratch"; rmdir "$scratch"' EXIT
    declare -gA etcd=()
    members=(one) options=()
}

finish() { finish_tap; }

until_true() { local end=$((SECONDS + $1)); shift; until "$@" 2>/dev/null; do [ $SECONDS -lt $end ] || return 1; sleep 0.05; done; }
same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" < <(printf 'got:  %s\nwant: %s\n' "$2" "$3"); fi; }
has() { if [[ $2 == *"$3"* ]]; then ok "$1"; else not_ok "$1" < <(printf 'got: %s\nwant a part: %s\n' "$2" "$3"); fi; }

# Members stand at 127.0.0.1, 127.0.0.2, ... in the order of $members.
place() { local i; for i in "${!members[@]}"; do [ "${members[$i]}" = "$1" ] && echo "127.0.0.$((i + 1))"; done; }
cluster() { local name; for name in "${members[@]}"; do printf '%s=http://%s:2380,' "$name" "$(place "$name")"; done | sed 's/,$//'; }
endpoints() { local name; for name in "${members[@]}"; do printf '%s://%s:2379,' "${scheme:-http}" "$(place "$name")"; done | sed 's/,$//'; }

etcd_begin() {
    local name=$1 at
    at=$(place "$1")
    shift
    etcd --name "$name" --data-dir "$scratch/$name" --log-level error \
        --listen-client-urls "${scheme:-http}://$at:2379" --advertise-client-urls "${scheme:-http}://$at:2379" \
        --listen-peer-urls "http://$at:2380" --initial-advertise-peer-urls "http://$at:2380" \
        --initial-cluster "$(cluster)" "$@" >"$scratch/$name.log" 2>&1 &
    etcd[$name]=$!
    disown
}

etcd_end() { kill -9 "${etcd[$1]}" && until_true 20 gone "${etcd[$1]}"; }
gone() { ! kill -0 "$1" 2>/dev/null; }
# Answers the health question, and so has a leader.
healthy() { curl -sf -m 2 "http://$(place "$1"):2379/health" | grep -q '"true"'; }
# Has a leader, whatever else may be wrong with it.
leads() { curl -sf -m 2 -d '{}' "http://$(place "$1"):2379/v3/maintenance/status" | grep -q '"leader":"[1-9]'; }

tool() {
    local begun=${EPOCHREALTIME/./}
    timeout -k 1 120 "$STORE_TOOL" --endpoints "${to:-$(endpoints)}" "${options[@]}" "$@" >out 2>err </dev/null
    code=$?
    ms=$(((${EPOCHREALTIME/./} - begun) / 1000))
    out=$(<out)
}
says() { local name=$1 want=$2; shift 2; tool "$@"; same "$name" "$out" "$want"; }
fails() {
    local name=$1 want=$2
    shift 2
    tool "$@"
    if [ "$code" = 1 ] && [[ $out == "failed $want"* ]]; then ok "$name"; else not_ok "$name" < <(echo "status $code, wanted: failed $want"; cat out err); fi
}
within() { if [ "$ms" -le "$2" ]; then ok "$1 ($ms ms)"; else not_ok "$1" <<<"$ms ms"; fi; }
watching() { local file=$1; shift; "$STORE_TOOL" --endpoints "${to:-$(endpoints)}" --patience "${patience:-15000}" "${options[@]}" "$@" >"$file" 2>"$file.err" & watch=$!; }
seen() { grep -qF -- "$2" "$1"; }
saw() { if until_true "${4:-20}" seen "$2" "$3"; then ok "$1"; else not_ok "$1" < <(echo "wanted: $3"; cat "$2" "$2.err"); fi; }
