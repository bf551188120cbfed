#!/bin/bash
# What a tired administrator, a full disk and a broken bundle do to the runtime: it says what is wrong in one line, and leaves nothing.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin hostile

# nothing: no container, cgroup or process is left of a check; what is, is told. A dying cgroup needs a moment.
nothing() {
    local _ left
    for _ in {1..40}; do
        left=$(ls "$work/state" 2>/dev/null; ls -d /sys/fs/cgroup/*/suite-ours-* /sys/fs/cgroup/suite-ours-* 2>/dev/null; pgrep -fx "sleep 4244")
        [ -z "$left" ] && return 0
        sleep 0.05
    done
    echo "left: $left"
    return 1
}
# refused WORDS COMMAND...: it ends with 1 and one line which has the words.
refused() {
    local words=$1 status
    shift
    "$@" </dev/null >out 2>err
    status=$?
    [ $status = 1 ] && [ "$(wc -l <err)" = 1 ] && grep -qE -- "$words" err && return 0
    echo "$* ends with $status and says, where '$words' is wanted:"
    head -c 2000 err
    return 1
}
waiting='.process.args = ["sleep", "4244"]'
export waiting
export -f nothing refused

# The state directory.
check "a full disk: create says so and leaves nothing" 'made c "$waiting"; mkdir small; s=1; for kib in 4 8 12 16 20 24 28 32; do mount -t tmpfs -o size=${kib}k small small
        if "$runtime" --root small create -b c c </dev/null >out 2>err; then s=0; "$runtime" --root small delete -f c; else [ "$(wc -l <err)" = 1 ] && grep -q "No space left" err || { echo "$kib: $(cat err)"; exit 1; }; fi
        [ -z "$(ls small | grep -v .cache)" ] || { ls small; exit 1; }; nothing || exit 1; umount small; done; [ $s = 0 ]'
check "no inodes left: the same" 'made c "$waiting"; mkdir small; s=1; for n in 2 3 4 5 6 7 8 9 12; do mount -t tmpfs -o nr_inodes=$n small small
        if "$runtime" --root small create -b c c </dev/null >out 2>err; then s=0; "$runtime" --root small delete -f c; else [ "$(wc -l <err)" = 1 ] && grep -q "No space left" err || { echo "$n: $(cat err)"; exit 1; }; fi
        [ -z "$(ls small | grep -v .cache)" ] || { ls small; exit 1; }; nothing || exit 1; umount small; done; [ $s = 0 ]'
check "delete of a container whose disk is full" 'made c "$waiting"; mkdir state; mount -t tmpfs -o size=64k small state; r create -b c c </dev/null >out 2>err; s=$?; cat /dev/zero >state/full 2>/dev/null; r start c && r delete -f c || s=1; rm state/full; umount state; [ $s = 0 ] && nothing'
check "a state directory that is read-only" 'made c "$waiting"; mkdir state; mount -t tmpfs -o ro small state; refused "Read-only file system" r create -b c c; s=$?; umount state; [ $s = 0 ] && nothing'
check "a state directory that is a file, or below one" 'made c "$waiting"; : >file; s=0; for root in file file/below; do refused "Not a directory" "$runtime" --root $root create -b c c || s=1; refused "Not a directory" "$runtime" --root $root list || s=1; done; nothing && exit $s'
check "a directory of somebody else is no container: it is not listed, and delete leaves it" 'mkdir -p home/alice/letters; echo dear >home/alice/letters/mother; echo x >home/alice/file; mkdir home/bob; "$runtime" --root home list -q | tee ids; "$runtime" --root home delete -f alice; "$runtime" --root home state alice 2>err; cat err; [ -s home/alice/letters/mother ] && [ -s home/alice/file ] && ! grep -q alice ids && grep -q "does not exist" err'
check "delete of a container takes only what the runtime wrote" 'made c "$waiting"; r create -b c c </dev/null >out 2>&1; mkdir state/c/mine; echo x >state/c/mine/file; refused "Directory not empty" r delete -f c; s=$?; [ -s state/c/mine/file ] || s=1; rm -r state/c/mine; r delete -f c || s=1; [ $s = 0 ] && nothing'
for text in "" "{" "[]" "{\"id\": 7}" "null" "$(head -c 70000 /dev/zero | tr '\0' '[')"; do
    export text
    check "a record which is ${text:0:10}: others go on, delete --force removes it with its process and cgroup" 'made c "$waiting"; made d "$waiting"; for i in c d; do r create -b $i $i </dev/null >out 2>&1; done; s=0; printf %s "$text" >state/c/state.json
        refused "state.json" r state c || s=1; refused "state.json" r start c || s=1; refused "state.json" r delete c || s=1
        r list -q >ids 2>err || s=1; [ "$(cat ids)" = d ] && grep -q "container c" err || { cat ids err; s=1; }
        r delete -f c 2>err || s=1; [ -e state/c ] && s=1; r delete -f d || s=1; cat err; [ $s = 0 ] && nothing'
done
check "a first process which is nonsense is none" 's=0; for text in "" x "1" "-1 5" "99999999999 1" "1 1"; do made c "$waiting"; r create -b c c </dev/null >out 2>&1; p=$(r state c | jq .pid); printf %s "$text" >state/c/init; [ "$(r state c | jq -r .status)" = stopped ] || { echo "$text: $(r state c)"; s=1; }
    r delete c || { echo "$text"; s=1; }; nothing || s=1; done; exit $s'

# Killed at any time, wherever it was; the kinds of namespaces change who is there at that moment.
for kind in plain user joined; do
    export kind
    check "create is killed after a while ($kind): delete --force removes everything" 'chmod 711 "$work" "$scratch"; case $kind in plain) jq=.; esac
        unshare --net --fork --kill-child sleep 300 & p=$!; until q=$(pgrep -P $p -x sleep); do sleep 0.02; done
        case $kind in user) jq=".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings" ;; joined) jq=".linux.namespaces |= map(if .type == \"pid\" then .path = \"/proc/$q/ns/pid\" elif .type == \"network\" then .path = \"/proc/$q/ns/net\" else . end) + [{type: \"time\"}] | .linux.timeOffsets = {boottime: {secs: 9}}" ;; esac
        [ $kind = user ] && cp -a "$scratch/rootfs" r && chown -R 100000:100000 r && jq="$jq | .root.path = \"$work/r\""
        made c "$waiting | $jq"; s=0; for i in {1..40}; do "$runtime" --root state create -b c c </dev/null >/dev/null 2>&1 & k=$!; sleep 0.00$((i / 4))$((i % 4 * 2)); kill -9 $k 2>/dev/null; wait $k 2>/dev/null; r delete -f c >out 2>&1 || { cat out; s=1; }; nothing || { s=1; break; }; done; kill -9 $p; exit $s'
done
check "create is killed while a hook runs" 'made c "$waiting | .hooks = {createRuntime: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo >$work/there; exec sleep 3\"]}]}"; "$runtime" --root state create -b c c </dev/null >/dev/null 2>&1 & k=$!; until_there there; kill -9 $k; wait $k 2>/dev/null; r delete -f c; s=$?; pkill -fx "sleep 3"; [ $s = 0 ] && nothing'
check "the container dies while it is created: create says so" 'made c "$waiting | .hooks = {createRuntime: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"kill -9 \$(sed \\\"s/.*pid\\\\\\\":\\\\([0-9]*\\\\).*/\\\\1/\\\")\"]}]}"; refused "killed by signal 9" r create -b c c; s=$?; cat err; [ $s = 0 ] && nothing'

# Many, long and large.
check "1,000 mounts" 'mkdir d; made c "$(run_args sh -c "grep -c /many/ /proc/self/mountinfo") | .root.readonly = false | .root.path = \"$work/r\" | .mounts += [range(1000) | {destination: \"/many/\\(.)\", type: \"bind\", source: \"$work/d\", options: [\"bind\"]}]"; cp -a "$scratch/rootfs" r; [ "$(r run -b c c)" = 1000 ] && nothing'
check "4,096 variables and an argument of 100 kB" 'made c "$(run_args sh -c "env | grep -c ^V; echo \${#1}" sh @) | .process.args[4] = \"x\" * 100000 | .process.env += [range(4096) | \"V\\(.)=\\(.)\"]"; r run -b c c | tee out; [ "$(paste -sd, out)" = 4096,100000 ] && nothing'
check "more than the kernel takes is an error, told by start and by run" 'made c "$(run_args true) | .process.args += [\"x\" * 200000]"; s=0; refused "Argument list too long" r run -b c c || s=1; nothing && exit $s'
check "a document of 20 MB" 'made c "$(run_args echo hi)"; jq ".annotations = {a: (\"x\" * 20000000)}" c/config.json >new && mv new c/config.json; [ "$(r run -b c c)" = hi ] && nothing'

# The root file system.
check "a root file system which is missing, a file, a link to nothing" 's=0; : >file; ln -s nowhere link; for root in nowhere file link; do made c "$waiting | .root.path = \"$work/$root\""; refused "root file system $work/$root: .*(No such file|Not a directory)" r create -b c c || s=1; done; nothing && exit $s'
check "a root file system which is a link to one" 'ln -s "$scratch/rootfs" link; made c "$(run_args echo hi) | .root.path = \"$work/link\""; [ "$(r run -b c c)" = hi ] && nothing'
check "a root file system with nothing in it but the program" 'mkdir -p r; cp "$(command -v busybox)" r/busybox; made c "$(run_args /busybox ls /proc/1/exe /dev/null /sys/kernel) | .root = {path: \"$work/r\"}"; r run -b c c >out; s=$?; cat out; [ $s = 0 ] && nothing'
check "a read-only root file system with nothing in it" 'mkdir r; made c "$waiting | .root = {path: \"$work/r\", readonly: true}"; mount --bind r r; mount -o remount,bind,ro r; refused "mounts\[0\].*Read-only file system" r create -b c c; s=$?; umount r; [ $s = 0 ] && nothing'
check "a root file system whose every directory is a file" 'mkdir r; for name in dev proc sys etc bin; do : >r/$name; done; made c "$waiting | .root = {path: \"$work/r\"}"; refused "mounts\[0\]" r create -b c c && nothing'

# Names.
check "a cgroup path which leads out is refused" 's=0; for path in .. ../x /../x /a/../../b a/..; do made c "$waiting"; jq --arg path "$path" ".linux.cgroupsPath = \$path" c/config.json >new && mv new c/config.json; refused "linux.cgroupsPath" r create -b c c || s=1; done; nothing && exit $s'
check "long values are cut in the middle, and their place and the reason are said" 'made c "$waiting"; s=0; head -c 100000 /dev/zero | tr "\0" a >long; while read -r words change; do jq --rawfile long long "$change" c/config.json >new && mkdir -p d && mv new d/config.json; refused "$words" r create -b d c || s=1; [ "$(wc -c <err)" -lt 1500 ] || { wc -c err; s=1; }; done <<JQ
mounts\\[0\\].*File.name.too.long .mounts[0].destination = "/" + \$long
mounts\\[1\\].*(such.device|Invalid) .mounts[1].type = \$long
mounts\\[1\\].options .mounts[1].options += [\$long]
process.rlimits\\[0\\].type.*allowed .process.rlimits[0].type = \$long
root.file.system.*File.name.too.long .root.path = "/" + \$long
process.cwd.*File.name.too.long .process.cwd = "/" + \$long
JQ
    nothing && exit $s'
check "a misspelt mount option is named, with its place" 's=0; made c "$waiting | .mounts[1].options += [\"nosiud\"]"; refused "mounts\[1\].*nosiud: Invalid argument.*mounts\[1\].options" r create -b c c || s=1; made c "$waiting | .mounts[1].options += [\"size=banana\"]"; refused "mounts\[1\].*size=banana.*mounts\[1\].options" r create -b c c || s=1; nothing && exit $s'
check "hooks start in the bundle, those inside in the root file system" 'made c "$(run_args true) | .hooks = ([\"prestart\", \"createRuntime\", \"createContainer\", \"poststart\", \"poststop\"] | map({key: ., value: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo \\(.) \$(pwd -P) >>$work/log\"]}]}) | from_entries)"; r run -b c c; sort log | tee got; [ "$(cat got)" = "$(printf "%s\n" "createContainer $scratch/rootfs" "createRuntime $work/c" "poststart $work/c" "poststop $work/c" "prestart $work/c")" ]'
check "an ID of the longest length, and one longer" 'made c "$(run_args true)"; s=0; r run -b c "$(printf "x%.0s" {1..255})" || s=1; refused "File name too long|invalid container ID" r run -b c "$(printf "x%.0s" {1..256})" || s=1; nothing && exit $s'
finish
