# shellcheck shell=bash
# What the suites of this folder share. A suite sources it, calls `begin NAME`, makes its checks, and calls `finish`.
#
# Everything happens in namespaces, cgroups and directories of the suite's own. "The host" has one uplink, 10.0.2.15/24; the namespace
# `outside` is the machine beside it, 10.0.2.2, with a web server that tells who asks and a name server for example.test. BUILD is
# the folder with the programs under test; RUNTIME is the OCI runtime when it is not ours, NETWORK_PLUGINS a folder of plugins that
# stand before ours.
#
#   apus ...                     the engine, on directories of the suite's own
#   check NAME SHELL             SHELL runs in a process of its own; passes with status 0, what it printed is shown when it does not
#   same GOT WANT                two texts are equal; says how they differ
#   soon SHELL                   waits until SHELL succeeds, three seconds at most
#   get ADDRESS [PORT]           what a web server answers the host; `outside get ...` asks from the machine beside
#   image NAME [JQ]              an image `NAME` on the root file system of image_root; JQ changes its configuration
#
# A check may be run alone: ONLY=PATTERN (extended).
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
BUILD=$(realpath -m "${BUILD:-$top/.build/release}")
export BUILD here top
. "$top/Tests/Support/tap.sh"

begin() {
    suite=$1
    if [ "$(id -u)" != 0 ]; then
        echo "ok 1 - $suite # SKIP needs root" && echo "1..1"
        exit 0
    fi
    if [ -z "${ENCLOSED-}" ]; then exec "$top/Tests/Support/enclosure" bash "$0"; fi
    [ -x "$BUILD/apus" ] || { echo "not ok 1 - $suite: $BUILD/apus is not a program" && echo "1..1"; exit 1; }
    umask 022
    scratch=$(mktemp -d /run/suite.XXXXXX)
    mount -t tmpfs -o mode=755 engine "$scratch" || exit 2
    mkdir -p "$scratch/plugins" "$scratch/state" "$scratch/etc" /run/netns
    sh "$top/plugins/install" "$BUILD" "$scratch/plugins" >/dev/null || exit 2
    export CNI_PATH=${NETWORK_PLUGINS:+$NETWORK_PLUGINS:}$scratch/plugins APUS_ROOT=$scratch/state APUS_RUN=$scratch/run PATH=$BUILD:$PATH scratch
    [ -z "${RUNTIME-}" ] || export APUS_RUNTIME=$RUNTIME
    world
    cd "$scratch" || exit 2
    remember "$scratch/before"
    trap leave EXIT
}

# The host's uplink, the machine beside, and what the host's files say about names.
world() {
    ip netns add outside
    ip link add uplink type veth peer name eth0 netns outside
    ip address add 10.0.2.15/24 dev uplink && ip link set uplink up
    ip -n outside address add 10.0.2.2/24 dev eth0 && ip -n outside link set eth0 up && ip -n outside link set lo up
    ip address add fd00:2::15/64 dev uplink nodad && ip -n outside address add fd00:2::2/64 dev eth0 nodad
    ip route add default via 10.0.2.2
    echo 1 >/proc/sys/net/ipv4/ip_forward
    mkdir -p "$scratch/www/cgi-bin"
    printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\nclient=$REMOTE_ADDR\\n"\n' >"$scratch/www/cgi-bin/who"
    chmod +x "$scratch/www/cgi-bin/who"
    nsenter --net=/run/netns/outside busybox httpd -f -p 80 -h "$scratch/www" &
    nsenter --net=/run/netns/outside dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --bind-interfaces --interface=eth0 \
        --pid-file= --user=root --local=/#/ --host-record=www.example.test,10.0.2.2 --log-queries --log-facility="$scratch/questions" &
    # The host has a name server which only it can reach, as with systemd-resolved, and another.
    printf 'nameserver 127.0.0.53\nnameserver 10.0.2.2\nsearch example.test\n' >"$scratch/etc/resolv.conf"
    mount --bind "$scratch/etc/resolv.conf" /etc/resolv.conf
}

leave() {
    cd / || exit 2
    stop_daemon
    umount -R -l "$scratch" 2>/dev/null
    rmdir "$scratch" 2>/dev/null
}
# Ends apus-netd, if one runs here.
stop_daemon() {
    local pid
    for pid in $(pids_of apus-netd); do kill "$pid"; done
    soon '[ -z "$(pids_of apus-netd)" ]'
}
pids_of() {
    local folder
    for folder in /proc/[0-9]*; do
        [ "$(readlink "$folder/exe" 2>/dev/null)" = "$BUILD/$1" ] && echo "${folder#/proc/}"
    done
    true
}

check() {
    local status
    [[ $1 =~ ${ONLY-} ]] || return 0
    (cd "$scratch" && timeout -k 5 "${CHECK_LIMIT:-60}" bash -uc "$2") >"$scratch/shown" 2>&1 </dev/null
    status=$?
    if [ $status = 0 ]; then ok "$1"; else not_ok "$1" < <(echo "status $status"; tail -n 30 "$scratch/shown"); fi
}
same() { [ "$1" = "$2" ] || { printf 'got:  %s\nwant: %s\n' "$1" "$2"; return 1; }; }
soon() {
    local _
    for _ in {1..60}; do eval "$1" && return; sleep 0.05; done
    echo "not within three seconds: $1"
    return 1
}
# A web server's answer, or "nothing".
get() { curl -sgf -m 2 "http://$1:${2:-80}/${3-}" || echo nothing; }
outside() { nsenter --net=/run/netns/outside bash -c '"$@"' - "$@"; }
# address CONTAINER NETWORK: its IPv4 address.
address() { apus inspect "$1" | jq -r --arg network "$2" '.[0].NetworkSettings.Networks[$network].IPAddress'; }
export -f same soon get outside address pids_of stop_daemon

# Images.

# with PROGRAM...: puts programs of this machine, and the libraries they need, into the root file system $scratch/rootfs.
with() {
    local program library
    for program in "$@"; do
        program=$(readlink -f "$(command -v "$program")") || return
        install -D -m 755 "$program" "$scratch/rootfs/$program"
        for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do
            [ -e "$scratch/rootfs$library" ] || install -D -m 755 "$(readlink -f "$library")" "$scratch/rootfs$library"
        done
    done
}
# image_root: busybox, and what a person tries a network with.
image_root() {
    local name
    mkdir -p "$scratch/rootfs"/{bin,dev,etc,proc,root,sys,tmp,var/www,usr/bin,run}
    chmod 1777 "$scratch/rootfs/tmp"
    cp "$(command -v busybox)" "$scratch/rootfs/bin/busybox"
    for name in $("$scratch/rootfs/bin/busybox" --list); do [ "$name" = busybox ] || ln -sf busybox "$scratch/rootfs/bin/$name"; done
    rm -f "$scratch/rootfs"/bin/{ping,ping6,getent,ip}
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n' >"$scratch/rootfs/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\n' >"$scratch/rootfs/etc/group"
    echo 'hosts: files dns' >"$scratch/rootfs/etc/nsswitch.conf"
    with ping getent curl dig ip
    for name in ping getent curl dig ip; do
        name=$(command -v "$name")
        [ -e "$scratch/rootfs/$name" ] || { mkdir -p "$scratch/rootfs/$(dirname "$name")" && ln -sf "$(readlink -f "$name")" "$scratch/rootfs/$name"; }
    done
    for name in libnss_files.so.2 libnss_dns.so.2 libresolv.so.2; do
        name=$(ldconfig -p | sed -n "s/.*$name .*x86-64.* => //p" | head -n 1)
        [ -z "$name" ] || install -D -m 755 "$(readlink -f "$name")" "$scratch/rootfs$name"
    done
}
image() {
    [ -d "$scratch/rootfs" ] || image_root
    tar -C "$scratch/rootfs" -c . >"$scratch/$1.tar" || return
    if ! { python3 "$top/Tests/Engine/image.py" "$scratch/$1.tar" "$1" "${2:-.}" "$scratch/$1.image" && apus load -q -i "$scratch/$1.image"; } >"$scratch/shown" 2>&1; then
        not_ok "the image $1 is loaded" <"$scratch/shown"
        finish_tap
    fi
    rm -f "$scratch/$1.tar" "$scratch/$1.image"
}

# Leftovers: what was not there when the suite began. The enclosure hides everything else.

remember() {
    awk '{ print $5, $(NF - 2) }' /proc/self/mountinfo | sort >"$1.mounts"
    find /sys/fs/cgroup -mindepth 1 -type d 2>/dev/null | sort >"$1.cgroups"
    ip -o link show | sed -E 's/^[0-9]+: //; s/[@:].*//' | sort >"$1.links"
    ls /run/netns | sort >"$1.namespaces"
    # Chains and sets stay; what is about a container is an element.
    nft list ruleset 2>/dev/null | grep -A 100 'elements = {' | grep -oE 'elements = .*|comment "[^"]* eth[^"]*"' | sort >"$1.rules"
    # Compiled seccomp profiles stay on purpose: the next container needs them.
    find /run /dev/shm -mindepth 1 -path "$scratch" -prune -o -print 2>/dev/null | grep -vE '^/run/apus-runtime(/\.cache(/.*)?)?$|^/run/apus(/ipam)?$' | sort >"$1.files"
}
# leaks [ALLOWED]: one check for each kind; ALLOWED is a pattern (extended) of what may stay.
leaks() {
    local kind allowed=${1:-nothing-is-allowed}
    remember "$scratch/after"
    for kind in mounts cgroups links namespaces rules files; do
        comm -13 "$scratch/before.$kind" "$scratch/after.$kind" | grep -vE "$allowed" >"$scratch/leaks"
        if [ -s "$scratch/leaks" ]; then not_ok "$suite leaves no $kind behind" <"$scratch/leaks"; else ok "$suite leaves no $kind behind"; fi
    done
}
finish() { leaks "$@"; finish_tap; }
