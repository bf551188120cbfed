#!/bin/bash
# Attacks on the runtime from the side of the container, through the program itself. Those on the root file system are in Tests/RootfsTests.
# Each fails when its defence is taken out; docs/security.md names the defence.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin security

# An open descriptor of the file a process runs from outlives the process; then nothing but the mount keeps a writer out.
check "CVE-2019-5736: the runtime's file cannot be written through a waiting container" 'cp "$runtime" victim; made c "$(run_args true)"
    ./victim --root state create -b c c </dev/null >/dev/null 2>&1; exec 9<"/proc/$(r state c | jq .pid)/exe"; r delete -f c; sleep 0.2
    (echo overwritten >>/proc/self/fd/9) 2>err; cat err; cmp victim "$runtime" && grep -q "Read-only file system" err'
# The program executed as /proc/self/exe is the runtime's own file, and nothing hides this process: it waits for its standard input. The
# file is busy until the runtime, too, has ended.
check "CVE-2019-5736: nor by a container which executes /proc/self/exe" 'cp "$runtime" victim; mkfifo hold; sleeping c; ./victim --root state exec c /proc/self/exe update -r - c <hold >out 2>&1 & p=$!; exec 8>hold; until [ "$(r ps -f json c | jq length)" = 2 ]; do sleep 0.05; done
    r exec c sh -c "until grep -q update /proc/2/cmdline; do sleep 0.05; done; exec 9</proc/2/exe || exit 1; echo open; while [ -e /proc/2 ]; do sleep 0.05; done; while said=\$({ echo overwritten >>/proc/self/fd/9; } 2>&1); [ \"\${said%busy}\" != \"\$said\" ]; do sleep 0.05; done; echo \"\$said\"" >got 2>&1 8>&- & q=$!
    for _ in {1..200}; do grep -q open got && break; sleep 0.05; done; exec 8>&-; wait $p; wait $q; r delete -f c; cat got; cmp victim "$runtime" && grep -q "Read-only file system" got'
# Descriptor 8 is the leak: a directory of the host which the caller of the runtime has open.
check "CVE-2024-21626: a working directory behind a descriptor of the host is refused, by create" 'echo secret >"$work/secret"; s=0; exec 8</
    for fd in {3..40}; do made c "$(run_args cat "../../../../../../../$work/secret") | .process.cwd = \"/proc/self/fd/$fd\""
        r run -b c c >out 2>/dev/null </dev/null && { echo "fd $fd was accepted"; s=1; }; ! grep -q secret out || s=1; done; exit $s'
check "CVE-2024-21626: nor is a directory made there" 'mkdir host; s=0; for fd in {3..40}; do made c "$(run_args true) | .process.cwd = \"/proc/self/fd/$fd/made\""; r run --preserve-fds 0 -b c c 30<host >out 2>&1 </dev/null && { echo "fd $fd was accepted"; s=1; }; done; find host /sys/fs/cgroup "$work" -name made 2>/dev/null | grep . && s=1; exit $s'
check "CVE-2024-21626: nor is a program behind one run, by create and by exec" 'mkdir host; cp "$(command -v busybox)" host/sh; s=0; exec 30<host
    for fd in {3..40}; do for p in /proc/self/fd/$fd/sh "/proc/self/fd/$fd/../../../../../../../$work/host/sh"; do made c "$(run_args "$p" -c "echo out")"; r run -b c c >out 2>&1 </dev/null; ! grep -x out out || { echo "run: fd $fd"; s=1; }; done; done
    sleeping d; for fd in {3..40}; do for p in /proc/self/fd/$fd/sh "/proc/self/fd/$fd/../../../../../../../$work/host/sh"; do r exec d "$p" -c "echo out" >out 2>&1 </dev/null; ! grep -x out out || { echo "exec: fd $fd"; s=1; }
        printf "#!%s\necho out\n" "$p" >"$scratch/rootfs/script"; chmod +x "$scratch/rootfs/script"; r exec d /script >out 2>&1 </dev/null; ! grep -x out out || { echo "exec of a script: fd $fd"; s=1; }; done; done; rm "$scratch/rootfs/script"; r delete -f d; exit $s'
check "CVE-2024-21626: nor is its passwd read" 'mkdir host etc; echo "root:x:0:0::/leaked:/bin/sh" >host/passwd; s=0; exec 30<host; for fd in {3..40}; do ln -sf /proc/self/fd/$fd/passwd etc/passwd; made c "$(run_args sh -c "echo \$HOME") | .process.env = [\"PATH=/bin\"] | .mounts += [{destination: \"/etc\", type: \"bind\", source: \"$work/etc\", options: [\"bind\"]}]"; r run -b c c 2>&1 </dev/null | grep leaked && { echo "fd $fd"; s=1; }; done; exit $s'
check "CVE-2024-21626: and by exec" 'echo secret >"$work/secret"; sleeping c; s=0; exec 8</
    for fd in {3..40}; do r exec --cwd /proc/self/fd/$fd c cat "../../../../../../../$work/secret" >out 2>/dev/null && { echo "fd $fd was accepted"; s=1; }; ! grep -q secret out || s=1; done
    r delete -f c; exit $s'
check "CVE-2024-21626: the program holds its standard streams and nothing else" 'made c "$(run_args sh -c "ls /proc/self/fd | sort -n | paste -sd,")"
    exec 7</etc/passwd 8</; r run -b c c >out </dev/null; cat out; [ "$(cat out)" = 0,1,2,3 ]'
check "the program of exec holds its standard streams and nothing else" 'sleeping c; exec 7</etc/passwd 8</; r exec c sh -c "ls /proc/self/fd | sort -n | paste -sd," >out </dev/null; r delete -f c; cat out; [ "$(cat out)" = 0,1,2,3 ]'
# runc wrote such lengths into 16 bits; what did not fit was read as further messages.
long_values() { cat <<JQ
.linux.namespaces += [{type: "user", path: ("/" + \$long)}]
.linux.namespaces |= map(if .type == "network" then .path = ("/" + \$long) else . end)
.linux.netDevices = {(\$long): {}}
.mounts += [{destination: ("/" + \$long), type: "tmpfs", source: "tmpfs"}]
.mounts += [{destination: "/x", type: "bind", source: ("/" + \$long), options: ["bind"]}]
.process.cwd = "/" + \$long
.process.args = [\$long]
.hostname = \$long
.linux.sysctl = {("net." + \$long): "1"}
.linux.cgroupsPath = "/" + \$long
JQ
}
export -f long_values
check "CVE-2021-43784: a text longer than a message is an error, told in one line" 's=0; head -c 70000 /dev/zero | tr "\0" a >long; made c "$(run_args true)"; mkdir d
    while read -r change; do jq --rawfile long long "$change" c/config.json >d/config.json || exit 1; timeout 10 "$runtime" --root state run -b d c </dev/null >out 2>err && { echo "accepted: $change"; s=1; }
        [ "$(wc -l <err)" = 1 ] && grep -q "level=error" err || { echo "$change:"; cut -c 1-300 err; s=1; }; [ -z "$(ls state 2>/dev/null)" ] || { echo "left: $change"; s=1; r delete -f c; }; done < <(long_values); exit $s'
# crun wrote a file into the image by its path. Ours mounts the directory of the notify socket, and makes cwd.
check "CVE-2025-24965: what the runtime itself puts into an image stays inside" 'busybox_root "$work/root"; mount -t tmpfs outside /mnt; rm -rf root/run root/tmp; ln -s /mnt root/run; ln -s ../../../mnt root/tmp
    made c "$(run_args true) | .process.cwd = \"/tmp/made/here\" | .root = {path: \"$work/root\"}"; NOTIFY_SOCKET=$work/m r run -b c c </dev/null; s=$?; find /mnt root/mnt; [ $s = 0 ] && [ -z "$(ls /mnt)" ] && [ -d root/mnt/made/here ] && [ -d root/mnt/notify ] || s=1; umount /mnt; exit $s'
check "CVE-2022-29162: exec --cap leaves the inheritable set empty" 'sleeping c; r exec --cap CAP_NET_RAW c grep CapInh /proc/self/status >out; r delete -f c; cat out; [ "$(cut -f 2 out)" = 0000000000000000 ]'
check "CVE-2022-29162: spec writes no inheritable capabilities" 'r spec; [ "$(jq ".process.capabilities.inheritable // [] | length" config.json)" = 0 ]'
check "CVE-2026-30892: exec --user 1 is user 1" 'sleeping c; r exec --user 1 c sh -c "id -u; id -g" >out; r delete -f c; cat out; [ "$(head -n 1 out)" = 1 ]'
check "an id that would mean \"stay root\" is refused" 's=0; for who in "{uid: 4294967295, gid: 0}" "{uid: 1, gid: 4294967295}" "{uid: 1, gid: 1, additionalGids: [4294967295]}"; do
        made c "$(run_args id) | .process.user = $who"; r run -b c c </dev/null 2>err && s=1; cat err; grep -q "process.user" err || s=1; done
    sleeping d; r exec --user 4294967295 d id 2>err && s=1; cat err; r delete -f d; exit $s'
check "nobody in a shared pid namespace may look into the process that waits" 'made c "$(run_args true)"; r create -b c c </dev/null >/dev/null 2>&1; p=$(r state c | jq .pid)
    setpriv --reuid 12345 --regid 12345 --clear-groups readlink "/proc/$p/exe" 2>err && s=1 || s=0; r delete -f c; exit $s'
# The draft of the pid file has a name that can be guessed, and --pid-file may stand in a directory of everybody's.
check "a link in the place of the pid file's draft is not followed" 'echo kept >victim; ln -s victim .c.pid; made c "$(run_args true)"; r run --pid-file c.pid -b c c </dev/null 2>err; cat err; [ "$(cat victim)" = kept ]'
if endpoint_tool; then
    # The caller's session keyring may hold the keys of file systems and of other hosts.
    keyrings() { made c "$(run_args sh -c "endpoint keyring; sleep 100") | $1"; r run -d "${@:2}" -b c c </dev/null >first 2>&1; until [ -s first ]; do sleep 0.02; done; echo "$(cat first) $(r exec c endpoint keyring) $(r exec --user 1000 c endpoint keyring)"; r delete -f c; }
    export -f keyrings
    check "a process of exec has the container's session keyring, and not its caller's" 'keyrings . >got; keyrings ".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings" >>got; cat got; [ "$(sort -u got)" = "_ses.c _ses.c _ses.c" ]'
    check "with --no-new-keyring both keep the caller's" 'keyrings . --no-new-keyring >got; cat got; ! grep -q "_ses.c" got'
else
    skip "the session keyring of exec" "gcc is not installed"
fi
check "an ID cannot leave the state directory" 's=0; for id in ../x . .. a/b "" "a b" .cache; do made c "$(run_args true)"; r create -b c "$id" </dev/null >/dev/null 2>err && { echo "$id was accepted"; s=1; }; done; [ ! -e x ] && exit $s'
check "a passwd of the image that is a pipe does not hold the runtime" 'busybox_root "$work/root"; rm -f root/etc/passwd; mkdir -p root/etc; mkfifo root/etc/passwd
    made c "$(run_args true) | .process.env = [\"PATH=/bin\"] | .root = {path: \"$work/root\"}"; timeout 5 "$runtime" --root state run -b c c'
finish
