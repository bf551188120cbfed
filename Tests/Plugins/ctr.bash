# shellcheck shell=bash disable=SC2154 # $scratch is set by begin
# Two containers which ctr connects to a network (ctr run --cni). A suite sources it instead of lib.sh.
#
#   begin_ctr NAME PLUGIN...   enters the enclosure; the plugins and apus-netd are where ctr looks for them
#   run_containers             starts containerd, and the containers one and two on the network in /etc/cni/net.d
#   inside NAME COMMAND...     runs COMMAND in the network of a container
#   remove_containers          takes the containers away; nobody calls DEL for what `ctr run -d` has attached
#   collect PLUGIN NETWORK     GC with nothing valid; what it says is printed
#   finish_ctr                 ends containerd, apus-netd and the suite
[ -n "${ENCLOSED-}" ] || [ "$(id -u)" != 0 ] || exec "$(dirname "$0")/../Support/enclosure" bash "$0"
unset TMPDIR
# shellcheck disable=SC2034 # for lib.sh
with_cgroups=1
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
. "$(dirname "$0")/lib.sh"
. "$top/Tests/Support/containerd.bash"

begin_ctr() {
    local name
    begin "$@" apus-netd
    for name in containerd ctr dig jq "${REFERENCE:-runc}"; do
        command -v "$name" >/dev/null || { skip "containerd" "$name is not installed"; finish; }
    done
    # ctr has no option for its plugins.
    mkdir -p /opt /etc/cni/net.d /run/lock /run/apus && mount -t tmpfs opt /opt && mkdir -p /opt/cni/bin
    for name in "${@:2}" apus-netd; do cp "$PLUGINS/$name" /opt/cni/bin/; done
}

run_containers() {
    local name
    start_containerd
    mkdir -p "$scratch/rootfs/bin" && cp /bin/busybox "$scratch/rootfs/bin/" && ln -s busybox "$scratch/rootfs/bin/sleep"
    for name in one two; do
        ctr run --cni -d --rootfs --runc-binary "$(command -v "${REFERENCE:-runc}")" "$scratch/rootfs" $name /bin/sleep 1000 >"$scratch/out" 2>&1 </dev/null ||
            not_ok "ctr run --cni $name" <"$scratch/out"
    done
}

inside() { nsenter -t "$(ctr task list | awk -v name="$1" '$1 == name { print $2 }')" -n "${@:2}"; }

remove_containers() {
    local name
    for name in one two; do
        ctr task kill -s KILL $name >/dev/null 2>&1
        for _ in {1..100}; do ctr task rm $name >/dev/null 2>&1 && break; sleep 0.1; done
        ctr container rm $name >/dev/null 2>&1
    done
}

collect() {
    env -i PATH="$PATH" CNI_COMMAND=GC CNI_PATH=/opt/cni/bin "/opt/cni/bin/$1" \
        <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"$2\",\"type\":\"$1\",\"cni.dev/valid-attachments\":[]}"
}

finish_ctr() {
    local process
    kill "$daemon"
    wait "$daemon" 2>/dev/null
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/exe")" = /opt/cni/bin/apus-netd ] && kill "${process#/proc/}"
    done
    finish
}
