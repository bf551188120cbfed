#!/bin/bash
# Attacks on the runtime from the side of the container, through the program itself. Those on the root file system are in Tests/RootfsTests.
# Each fails when its defence is taken out; docs/security.md names the defence.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin security

# An open descriptor of the file a process runs from outlives the process; then nothing but the mount keeps a writer out.
check "CVE-2019-5736: the runtime's file cannot be written through a waiting container" 'cp "$runtime" victim; made c "$(run_args true)"
    ./victim --root state create -b c c </dev/null >/dev/null 2>&1; exec 9<"/proc/$(r state c | jq .pid)/exe"; r delete -f c; sleep 0.2
    (echo overwritten >>/proc/self/fd/9) 2>err; cat err; cmp victim "$runtime" && grep -q "Read-only file system" err'
check "CVE-2019-5736: nor by a container whose program is /proc/self/exe" 'cp "$runtime" victim; made c "$(run_args /proc/self/exe events c)"
    ./victim --root state run -b c c </dev/null >out 2>&1; made d "$(run_args sh -c "exec 9</proc/self/exe; sleep 0.2; echo overwritten >>/proc/self/fd/9")"
    ./victim --root state run -b d d >out 2>&1 </dev/null; cmp victim "$runtime"'
check "CVE-2024-21626: a working directory behind a descriptor of the host is refused, by create" 'echo secret >"$work/secret"; s=0
    for fd in {3..40}; do made c "$(run_args cat "../../../../../../../$work/secret") | .process.cwd = \"/proc/self/fd/$fd\""
        r run -b c c >out 2>/dev/null </dev/null && { echo "fd $fd was accepted"; s=1; }; ! grep -q secret out || s=1; done; exit $s'
check "CVE-2024-21626: and by exec" 'echo secret >"$work/secret"; sleeping c; s=0
    for fd in {3..40}; do r exec --cwd /proc/self/fd/$fd c cat "../../../../../../../$work/secret" >out 2>/dev/null && { echo "fd $fd was accepted"; s=1; }; ! grep -q secret out || s=1; done
    r delete -f c; exit $s'
check "CVE-2024-21626: the program holds its standard streams and nothing else" 'made c "$(run_args sh -c "ls /proc/self/fd | sort -n | paste -sd,")"
    exec 7</etc/passwd 8</; r run -b c c >out </dev/null; cat out; [ "$(cat out)" = 0,1,2,3 ]'
check "the program of exec holds its standard streams and nothing else" 'sleeping c; exec 7</etc/passwd 8</; r exec c sh -c "ls /proc/self/fd | sort -n | paste -sd," >out </dev/null; r delete -f c; cat out; [ "$(cat out)" = 0,1,2,3 ]'
check "CVE-2022-29162: exec --cap leaves the inheritable set empty" 'sleeping c; r exec --cap CAP_NET_RAW c grep CapInh /proc/self/status >out; r delete -f c; cat out; [ "$(cut -f 2 out)" = 0000000000000000 ]'
check "CVE-2022-29162: spec writes no inheritable capabilities" 'r spec; [ "$(jq ".process.capabilities.inheritable // [] | length" config.json)" = 0 ]'
check "CVE-2026-30892: exec --user 1 is user 1" 'sleeping c; r exec --user 1 c sh -c "id -u; id -g" >out; r delete -f c; cat out; [ "$(head -n 1 out)" = 1 ]'
check "an id that would mean \"stay root\" is refused" 's=0; for who in "{uid: 4294967295, gid: 0}" "{uid: 1, gid: 4294967295}" "{uid: 1, gid: 1, additionalGids: [4294967295]}"; do
        made c "$(run_args id) | .process.user = $who"; r run -b c c </dev/null 2>err && s=1; cat err; grep -q "process.user" err || s=1; done
    sleeping d; r exec --user 4294967295 d id 2>err && s=1; cat err; r delete -f d; exit $s'
check "nobody in a shared pid namespace may look into the process that waits" 'made c "$(run_args true)"; r create -b c c </dev/null >/dev/null 2>&1; p=$(r state c | jq .pid)
    setpriv --reuid 12345 --regid 12345 --clear-groups readlink "/proc/$p/exe" 2>err && s=1 || s=0; r delete -f c; exit $s'
check "an ID cannot leave the state directory" 's=0; for id in ../x . .. a/b "" "a b" .cache; do made c "$(run_args true)"; r create -b c "$id" </dev/null >/dev/null 2>err && { echo "$id was accepted"; s=1; }; done; [ ! -e x ] && exit $s'
check "a passwd of the image that is a pipe does not hold the runtime" 'busybox_root "$work/root"; rm -f root/etc/passwd; mkdir -p root/etc; mkfifo root/etc/passwd
    made c "$(run_args true) | .process.env = [\"PATH=/bin\"] | .root = {path: \"$work/root\"}"; timeout 5 "$runtime" --root state run -b c c'
finish
