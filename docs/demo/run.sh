#!/bin/bash
# run.sh RUNTIME: makes a bundle around busybox, runs containers from it and shows what is in them. Every command is shown before its
# output. Nothing is left behind.
set -euo pipefail
runtime=$(realpath "$1")
[ "$(id -u)" = 0 ] || { echo 'the demo makes a container with all its limits: call it as root (sudo make demo)' >&2; exit 1; }
id=demo-$$
place=$(mktemp -d)
leave() {
    "$runtime" --root "$place/state" delete --force "$id" 2>/dev/null || true
    rm -rf "$place"
}
trap leave EXIT
cd "$place"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# show COMMAND: what is typed, then what it prints; apus-runtime stands for the program with the demo's own state directory.
apus-runtime() { "$runtime" --root "$place/state" "$@"; }
show() {
    printf '$ %s\n' "$*"
    eval "$*"
}

say 'A bundle: a root file system with busybox, and a config.json'
show mkdir -p rootfs/bin rootfs/etc rootfs/proc rootfs/sys rootfs/dev rootfs/tmp volume
show cp "$(command -v busybox)" rootfs/bin/busybox
for name in $(busybox --list); do [ "$name" = busybox ] || ln -sf busybox "rootfs/bin/$name"; done
printf 'root:x:0:0:root:/:/bin/sh\nguest:x:1000:1000:guest:/:/bin/sh\n' >rootfs/etc/passwd
printf 'root:x:0:\nguest:x:1000:\n' >rootfs/etc/group
chown 1000:1000 volume
show apus-runtime spec
cat >change.jq <<'JQ'
.hostname = "swift-nest"
| .process.terminal = false | .process.args = ["sleep", "600"] | .process.user = {uid: 1000, gid: 1000}
| .mounts += [{destination: "/volume", type: "bind", source: "volume", options: ["rbind", "rw", "nosuid", "nodev"]}]
| .linux.resources.memory = {limit: 33554432} | .linux.resources.pids = {limit: 20}
| .linux.resources.cpu = {quota: 50000, period: 100000}
JQ
show cat change.jq
show "jq -f change.jq config.json >new.json && mv new.json config.json"

say 'Create, then start: the two steps an engine takes'
show apus-runtime create "$id" "</dev/null"
show apus-runtime state "$id"
show apus-runtime start "$id"
show apus-runtime list

say 'Inside: its own processes, name, user, mounts'
show apus-runtime exec "$id" ps
show apus-runtime exec "$id" hostname
show apus-runtime exec "$id" id
show apus-runtime exec "$id" sh -c "'cut -d \" \" -f 1-4 /proc/self/mounts | head -n 12'"
show apus-runtime exec "$id" grep -e CapEff -e NoNewPrivs /proc/self/status

say 'Limits, and what happens at them'
show "apus-runtime events --stats $id | jq -c '{memory: .data.memory.usage.limit, pids: .data.pids}'"
show apus-runtime exec "$id" sh -c "'for i in \$(seq 30); do sleep 1 & done; wait' 2>&1 | tail -n 1" || true
show apus-runtime exec "$id" sh -c "'head -c 100000000 /dev/zero | tail | wc -c' 2>&1 | tail -n 1" || true

say 'A volume keeps its file'
show apus-runtime exec "$id" sh -c "'echo written by the first container >/volume/note'"
show apus-runtime delete --force "$id"
show "jq '.process.args = [\"cat\", \"/volume/note\"]' config.json >new.json && mv new.json config.json"
show apus-runtime run "$id" "</dev/null"

say 'Nothing is left'
show apus-runtime list -q
show "find /sys/fs/cgroup -type d -name '$id' | wc -l"
