# shellcheck shell=bash
# What the suites of this folder share. A suite sources it, calls `begin`, makes its checks, and calls `finish`.
#
# Everything happens in namespaces of the suite's own: "the host" is a network namespace with nothing but lo, and /run,
# /var/lib/cni and /etc/cni are empty. PLUGINS is the folder with the plugins under test.
#
#   call PLUGIN VERB CONFIGURATION [NAME=VALUE...]   sets $out, $err and $code; the variables change or empty those of the call
#   through="PROGRAM WORD..."                        calls start the plugin through a program until it is emptied
#   failing CALL ERROR [OPTION...]                   the words for `through` that have a system call fail (strace)
#   conf VERSION PLUGIN [MEMBERS]                    a configuration
#   expect NAME CODE OUTPUT                          the last call ended with CODE and answered OUTPUT, byte for byte
#   refused NAME CODE TEXT                           the last call ended with 1 and one error object: code CODE, TEXT in msg or details
#   same NAME GOT WANT                               two texts are equal
#   untouched NAME SHELL                             SHELL leaves links, addresses, routes, rules and files as they were
#   container NAME                                   an empty network namespace at /run/netns/NAME
#
# contract.sh has the rows of the contract which hold for every plugin.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
PLUGINS=$(realpath -m "${PLUGINS:-$top/.build/release}")
export PLUGINS here top
. "$top/Tests/Support/tap.sh"

# begin NAME PLUGIN...: enters the enclosure; the plugins have to be there.
begin() {
    local name
    suite=$1
    shift
    if [ "$(id -u)" != 0 ]; then
        count=1
        echo "ok 1 - $suite # SKIP needs root" && echo "1..1"
        exit 0
    fi
    if [ -z "${ENCLOSED-}" ]; then
        ENCLOSED=1 exec unshare --net --mount --pid --ipc --uts --fork --kill-child --mount-proc --propagation private bash "$0"
    fi
    for name in "$@"; do
        [ -x "$PLUGINS/$name" ] || { echo "not ok 1 - $suite: $PLUGINS/$name is not a program" && echo "1..1"; exit 1; }
    done
    mount -t tmpfs -o mode=755 run /run && mkdir -p /run/netns /var/lib/cni /etc/cni || exit 2
    mount -t tmpfs cni /var/lib/cni && mount -t tmpfs cni /etc/cni || exit 2
    # The host's settings are not the enclosure's to change: /sys shows the new network, /proc/sys/net is per namespace.
    # An engine's suite comes with cgroups of its own, which have to be there afterwards.
    if [ -n "${with_cgroups-}" ]; then mkdir /run/cgroup && mount --rbind /sys/fs/cgroup /run/cgroup; fi
    mount -t sysfs sysfs /sys 2>/dev/null
    if [ -n "${with_cgroups-}" ]; then mount --rbind /run/cgroup /sys/fs/cgroup && umount -R /run/cgroup && rmdir /run/cgroup; fi
    hostname enclosure
    ip link set lo up
    scratch=$(mktemp -d /tmp/plugins.XXXXXX)
    trap 'rm -rf "$scratch"' EXIT
    export scratch
}

finish() { finish_tap; }

# Once up, lo keeps its addresses: it has been up before anything is compared.
container() { ip netns add "$1" && ip -n "$1" link set lo up && ip -n "$1" link set lo down; }

failing() { echo "strace -o $scratch/trace -e trace=$1 -e inject=$1:error=$2${3+ ${*:3}}"; }

conf() { printf '{"cniVersion":"%s","name":"net","type":"%s"%s}' "$1" "$2" "${3:+,$3}"; }

call() {
    local plugin=$1 verb=$2 input=$3
    shift 3
    env -i PATH="$PATH" CNI_COMMAND="$verb" CNI_CONTAINERID=test CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" "$@" \
        timeout -k 1 30 ${through-} "$PLUGINS/$plugin" <<<"$input" >"$scratch/out" 2>"$scratch/err"
    code=$?
    out=$(<"$scratch/out") err=$(<"$scratch/err")
}

same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" < <(printf 'got:  %s\nwant: %s\n' "$2" "$3"); fi; }

expect() { same "$1" "$code $out" "$2 $3"; }

# An error object as ours write it: what reads every document (jq) takes 30 ms to start, and is asked only about what looks otherwise.
json_string='"([^"\\[:cntrl:]]|\\["\\/bfnrtu])*"'
error_object="^\{\"cniVersion\":$json_string,\"code\":([0-9]+),\"msg\":($json_string)(,\"details\":($json_string))?\}\$"

refused() {
    local text=${3//\\/\\\\}
    text=${text//\"/\\\"}
    if [[ $code = 1 && $out =~ $error_object && ${BASH_REMATCH[2]} = "$2" && "${BASH_REMATCH[3]} ${BASH_REMATCH[6]}" = *"$text"* ]]; then
        ok "$1"
    elif [ "$code" = 1 ] && jq -s -e --argjson code "$2" --arg text "$3" \
        'length == 1 and (.[0] | .code == $code and (.msg + " " + (.details // "") | contains($text)) and (.cniVersion | type == "string"))' \
        "$scratch/out" >/dev/null 2>&1; then
        ok "$1"
    else
        not_ok "$1" < <(printf 'status %s, wanted an error %s with: %s\n%s\n%s\n' "$code" "$2" "$3" "$out" "$err")
    fi
}

# What a plugin may change, of this namespace and of all in /run/netns. Counters, indexes and what takes a moment are left out:
# the kernel's own address of a link (fe80::) comes and goes with it.
state() {
    local name spaces=("")
    for name in /run/netns/*; do [ ! -f "$name" ] || spaces+=("$name"); done
    for name in "${spaces[@]}"; do
        echo "== ${name:-host}"
        ${name:+nsenter --net="$name"} ip -o -batch - <<<$'link show\naddress show\nroute show table all'
    # The kernel joins a router's anycast groups a moment after it has the address, and may do so when that has gone.
    done | sed -E '/fe80::|^anycast /d; s/^[0-9]+: //; s/@[^:]*:/:/; s/ state [A-Z]+//; s/NO-CARRIER,|,LOWER_UP//g; s/ tentative//; s/valid_lft.*//'
    for name in "${spaces[@]}"; do
        echo "== rules of ${name:-host}"
        ${name:+nsenter --net="$name"} nft -s list ruleset 2>/dev/null
    done | grep -v fe80::
    find /run /var/lib/cni /etc/cni -mindepth 1 | sort
}

untouched() {
    state >"$scratch/before"
    eval "$2"
    state >"$scratch/after"
    if [ "$(<"$scratch/before")" = "$(<"$scratch/after")" ]; then ok "$1"; else not_ok "$1" < <(diff -u "$scratch/before" "$scratch/after"); fi
}

