#!/bin/bash
# Debian's containerd and its runc shim over the runtime.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin containerd
command -v containerd ctr >/dev/null || { skip "containerd" "not installed"; finish without-leak-check; }

. "$top/Tests/Support/containerd.bash"
start_containerd

# An image as `docker save` writes it: one layer, made here.
busybox_root "$scratch/rootfs"
mkdir "$scratch/image"
tar -C "$scratch/rootfs" -cf "$scratch/image/layer.tar" .
layer=$(sha256sum "$scratch/image/layer.tar" | cut -d ' ' -f 1)
arch=$(dpkg --print-architecture)
jq -n --arg layer "sha256:$layer" --arg arch "$arch" '{architecture: $arch, os: "linux", config: {Cmd: ["/bin/sh"],
    Env: ["PATH=/usr/bin:/bin"]}, rootfs: {type: "layers", diff_ids: [$layer]}}' >"$scratch/image/config.json"
echo '[{"Config": "config.json", "RepoTags": ["local/busybox:latest"], "Layers": ["layer.tar"]}]' >"$scratch/image/manifest.json"
tar -C "$scratch/image" -cf "$scratch/image.tar" manifest.json config.json layer.tar
export image=local/busybox:latest
ctr image import --snapshotter native "$scratch/image.tar" >"$scratch/err" 2>&1 || { not_ok "an image can be imported" < <(cat "$scratch/err"; tail -n 5 "$scratch/log"); kill $daemon; finish; }
image=$(ctr image ls -q | head -n 1)
remember "$scratch/before"

run() { ctr run --snapshotter native --runc-binary "$runtime" "$@"; }
d() { local name=$1; shift; run -d "$@" "$image" "$name" sleep 100 </dev/null; }
gone() { ctr task kill -s KILL "$1" >/dev/null 2>&1; for _ in {1..50}; do ctr task rm "$1" >/dev/null 2>&1 && break; sleep 0.1; done; ctr container rm "$1" >/dev/null 2>&1; ctr snapshot --snapshotter native rm "$1" >/dev/null 2>&1; true; }
status() { ctr task ls | awk -v n="$1" '$1 == n { print $3 }'; }
export -f run d gone status

compare "run prints and passes the exit code on" 'run --rm $image a echo hello; run --rm $image b sh -c "exit 42"; echo $?'
compare "run -t has a terminal" 'script -qec "ctr run --snapshotter native --runc-binary $runtime --rm -t $image a tty" /dev/null </dev/null; echo $?'
compare "run -d, list, exec" 'd a; status a; ctr task exec --exec-id x a echo in; ctr task exec --exec-id y a sh -c "exit 3"; echo $?; gone a'
compare "exec with a terminal, a user, a folder" 'd a; script -qec "ctr task exec -t --exec-id x a tty" /dev/null </dev/null | grep -v "resize pty"; ctr task exec --user 1000:1000 --exec-id y a id; ctr task exec --cwd /tmp --exec-id z a pwd; gone a'
compare "exec -d and of what does not exist" 'd a; ctr task exec -d --exec-id x a sleep 77; sleep 0.5; ctr task ps a | wc -l; ctr task exec --exec-id y a /nowhere 2>/dev/null; echo $?; gone a'
compare "pause and resume" 'd a; ctr task pause a; status a; ctr task exec --exec-id x a true 2>/dev/null; echo $?; ctr task resume a; status a; ctr task exec --exec-id y a echo again; gone a'
compare "kill, wait, delete" 'd a; ctr task kill -s KILL a; sleep 0.5; status a; ctr task rm a 2>/dev/null; echo $?; ctr container rm a; echo $?; ctr snapshot --snapshotter native rm a; ctr container ls -q | wc -l'
compare "kill of every process" 'd a; ctr task exec -d --exec-id x a sleep 99; ctr task kill -a -s KILL a; sleep 0.7; status a; gone a'
compare "the task of a program which does not exist fails" 'run --rm $image a /nowhere 2>/dev/null; echo $?; gone a; ctr container ls -q | wc -l'
compare "limits, mounts, environment, privileges" 'mkdir d; echo data >d/f; run --rm --memory-limit 67108864 --env A=b --mount type=bind,src=$work/d,dst=/m,options=rbind:ro --read-only $image a sh -c "cat /m/f; echo \$A; touch /x 2>/dev/null; echo \$?; cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true"; run --rm --privileged $image b grep CapEff /proc/self/status; run --rm --seccomp $image c grep Seccomp: /proc/self/status'
compare "metrics" 'd a; ctr task metrics a | awk "{ print \$1 }" | grep -c -i memory.usage; gone a'
compare "a container of its own cgroup and runtime root" 'd a --cgroup /suite-$side; grep -c suite-$side /proc/$(ctr task ls | awk "\$1 == \"a\" { print \$2 }")/cgroup | sed "s/[0-9]*/n/"; gone a'
check "checkpoint is refused clearly" 'd a; ctr task checkpoint --checkpoint-path $work/cp --work-path $work/wp a >out 2>&1; s=$?; cat out; status a; gone a; [ $s != 0 ] && grep -i checkpoint out'

kill $daemon; wait $daemon 2>/dev/null
leaks '/run/(containerd|lock)(/|$)|^/run/runc$|^/run/apus-runtime(/.cache.*)?$|/sys/fs/cgroup/[^/]*/default$'
finish without-leak-check
