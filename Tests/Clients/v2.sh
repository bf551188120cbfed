#!/bin/bash
# cgroup v2: the life cycle where the v2 tree of this machine is alone, the limits under a kernel whose v2 tree has the controllers.
# With an argument it is the part which runs inside: `tree` or `limits`.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${V2_PART-}" = "" ]; then
    # Both parts print their own checks; they are numbered anew here.
    [ "$(id -u)" = 0 ] || { echo "ok 1 - v2 # SKIP needs root"; echo 1..1; exit 0; }
    parts() {
        V2_PART=tree "$top/Tests/Support/v2-mount" env V2_PART=tree bash "$0"
        if command -v linux.uml >/dev/null; then "$top/Tests/Support/v2-guest" env V2_PART=limits ENCLOSED=1 bash "$0"; else
            echo "ok 1 - limits under cgroup v2 # SKIP the package user-mode-linux is not installed"
        fi || echo "part ended with $?"
    }
    parts 2>&1 | awk '/^(not )?ok [0-9]+ - / { n++; sub(/ok [0-9]+/, "ok " n) } /^not ok/ { bad = 1 } /^1\.\./ { next } /^part ended/ { bad = 1; print "# " $0; next } { print } END { print "1.." n; exit bad }'
    exit
fi

file() { cat "/sys/fs/cgroup/suite-$side-$1/$2"; }
# vanished NAME: says whether the container's cgroup goes away; the kernel may need a moment.
vanished() { for _ in {1..30}; do [ -e "/sys/fs/cgroup/suite-$side-$1" ] || { echo "no cgroup"; return; }; sleep 0.1; done; echo "a cgroup is left"; }
export -f file vanished

begin "v2 $V2_PART"
if [ "$V2_PART" = tree ]; then
    compare "run, and the cgroup is gone" 'made c "$(run_args sh -c "cut -d: -f 3 /proc/self/cgroup; exit 3") | .linux.namespaces |= map(select(.type != \"cgroup\")) + [{type: \"cgroup\"}]"; r run -b c c; echo $?; ls -d /sys/fs/cgroup/suite-$side-c 2>/dev/null; true'
    compare "create, start, exec, kill, delete" 'made c "$(run_args sleep 100)"; r create -b c c </dev/null >/dev/null 2>&1; r start c; p=$(r state c | jq .pid); cut -d: -f 3 /proc/$p/cgroup | sed "s/$side/side/"; r exec -d --pid-file q c sleep 50 </dev/null >/dev/null 2>&1; diff /proc/$p/cgroup /proc/$(cat q)/cgroup && echo same; r kill c KILL; sleep 0.3; r delete c; echo $?; vanished c'
    compare "pause and resume" 'sleeping c; r pause c; file c cgroup.freeze; r state c | jq -r .status; r resume c; file c cgroup.freeze; r delete -f c'
    check "delete --force ends every process of a container in the host's pid namespace" 'sleeping c ".linux.namespaces |= map(select(.type != \"pid\")) | .process.args = [\"sh\", \"-c\", \"sleep 101 & sleep 102 & wait\"]"; sleep 0.3; [ "$(pgrep -fx "sleep 10[12]" | wc -l)" = 2 ] && r delete -f c && vanished c | grep "no cgroup" && ! pgrep -fx "sleep 10[12]"'
    compare "delete removes the cgroups the container made" 'sleeping c; mkdir /sys/fs/cgroup/suite-$side-c/below; r delete -f c; echo $?; vanished c'
    compare "kill --all" 'sleeping c; r exec -d c sleep 50 </dev/null >/dev/null 2>&1; r kill -a c KILL; sleep 0.3; r state c | jq -r .status; r delete c'
    compare "device rules are a program" 'made c "$(run_args sh -c "mknod /dev/x c 1 11; cat /dev/x; echo \$?; head -c 1 /dev/zero | wc -c") | .process.capabilities.bounding += [\"CAP_MKNOD\"] | .process.capabilities.effective += [\"CAP_MKNOD\"] | .process.capabilities.permitted += [\"CAP_MKNOD\"]"; r run -b c c 2>/dev/null'
    compare "/sys/fs/cgroup is the container's own tree, read-only" 'made c "$(run_args sh -c "grep /sys/fs/cgroup /proc/self/mountinfo | cut -d \" \" -f 4-6; mkdir /sys/fs/cgroup/x 2>/dev/null; echo \$?; ls /sys/fs/cgroup | grep -c cgroup.procs") | .linux.namespaces |= map(select(.type != \"cgroup\")) + [{type: \"cgroup\"}]"; r run -b c c'
    # Delegation as cgroups(7) means it: with user and cgroup namespaces of its own and a writable mount, the container's root makes cgroups.
    check "the root of a user namespace may make cgroups below its own" 'chmod 755 "$work" "$scratch"; cp -a "$scratch/rootfs" r; chown -R 100000:100000 r; made c "$(run_args sh -c "mkdir /sys/fs/cgroup/x && echo made; cat /sys/fs/cgroup/x/cgroup.procs && rmdir /sys/fs/cgroup/x; echo 1 >/sys/fs/cgroup/cgroup.freeze || echo kept") | .root.path = \"$work/r\" | .mounts |= map(if .type == \"cgroup\" then .options -= [\"ro\"] else . end) | .linux.namespaces |= map(select(.type != \"cgroup\")) + [{type: \"cgroup\"}, {type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings"; r run -b c c >out 2>&1; cat out; grep -q made out && grep -q kept out && vanished c | grep "no cgroup"'
    check "the process is born in its cgroup or moved there before anything of it runs" 'sleeping c; [ "$(file c cgroup.procs | wc -l)" = 1 ]; s=$?; r delete -f c; exit $s'
    finish
fi

# limits
compare "memory, swap, cpu, pids are written" 'sleeping c ".linux.resources = {memory: {limit: 67108864, reservation: 33554432}, cpu: {shares: 512, quota: 50000, period: 100000}, pids: {limit: 33}}"; for f in memory.max memory.low cpu.max pids.max; do echo "$f $(file c $f)"; done; r delete -f c'
check "cpu shares become a weight on the curve which keeps 1024 at 100" 'for n in 1024 512 2 262144; do sleeping c ".linux.resources.cpu = {shares: $n}"; file c cpu.weight; r delete -f c; done >out; cat out; [ "$(tr "\n" " " <out)" = "100 59 1 10000 " ]'
compare "update" 'sleeping c; r update --memory 67108864 --pids-limit 44 --cpu-quota 20000 --cpu-period 100000 c; for f in memory.max cpu.max pids.max; do echo "$f $(file c $f)"; done; r delete -f c'
compare "unified" 'sleeping c ".linux.resources.unified = {\"memory.high\": \"50331648\", \"pids.max\": \"22\"}"; file c memory.high; file c pids.max; r delete -f c'
compare "a memory limit kills who goes over it" 'made c "$(run_args sh -c "head -c 200000000 /dev/zero | tail >/dev/null; echo \$?") | .linux.resources.memory = {limit: 20971520}"; r run -b c c 2>/dev/null'
compare "a pids limit stops fork" 'made c "$(run_args sh -c "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait; echo all") | .linux.resources.pids = {limit: 5}"; r run -b c c 2>/dev/null; echo $?'
check "a cpu quota slows" 'l="$(run_args sh -c "i=0; while [ \$i -lt 200000 ]; do i=\$((i+1)); done")"; made f "$l"; made s "$l | .linux.resources.cpu = {period: 100000, quota: 10000}"
    a=$(date +%s%N); r run -b f f; b=$(date +%s%N); r run -b s s; c=$(date +%s%N); echo "free $((b - a)) ns, a tenth of one processor $((c - b)) ns"; [ $((c - b)) -gt $((3 * (b - a))) ]'
compare "events --stats" 'sleeping c ".linux.resources.memory = {limit: 67108864}"; r events --stats c | jq -c "[.data.memory.usage.limit, (.data.memory.usage.usage > 0), .data.pids.current, (.data.cpu.usage.total > 0)]"; r delete -f c'
check "an out-of-memory event is told" 'made c "$(run_args sh -c "sleep 1; head -c 200000000 /dev/zero | tail >/dev/null; sleep 1") | .linux.resources.memory = {limit: 20971520}"; r run -d -b c c </dev/null >/dev/null 2>&1; timeout 4 "$runtime" --root state events --interval 10s c >events; cat events; r delete -f c; grep -q "\"type\":\"oom\"" events'
compare "delete --force of a frozen container" 'sleeping c; r pause c; r delete -f c; echo $?; vanished c'
finish
