#!/bin/bash
# The runtime's own commands on bundles, with no engine: equal to the reference's wherever the answer is determined.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin lifecycle

# cgroup_file CONTROLLER NAME FILE: reads a control file of the container, in either layout.
cgroup_file() { cat "/sys/fs/cgroup/$1/suite-$side-$2/$3" 2>/dev/null || cat "/sys/fs/cgroup/suite-$side-$2/$3"; }
export -f cgroup_file

# The five operations of the specification, and run.
compare "create makes a created container, start runs it, delete removes it" '
    made c "$(run_args sh -c "echo started; sleep 100")" && r create -b c c >out 2>&1 </dev/null; echo "create $?"
    r state c | jq -c "[.ociVersion != \"\", .id, .status, (.pid > 0), .bundle == \"$work/c\", .rootfs != \"\"]"
    r start c; echo "start $?"; until_status c running && cat out
    r kill c KILL; echo "kill $?"; until_status c stopped; r state c | jq -c "[.status, .pid]"
    r delete c; echo "delete $?"; r state c >/dev/null 2>&1; echo "state $?"; ls state 2>/dev/null; true'
compare "run prints and passes the exit code on" 'made c "$(run_args sh -c "echo out; echo err >&2; exit 42")"; r run -b c c 2>err; echo $?; cat err; ls state; true'
compare "run of a program which a signal ends gives 128 + signal" 'made c "$(run_args sh -c "kill -TERM \$\$")"; r run -b c c; echo $?'
compare "run reads standard input" 'made c "$(run_args cat)"; echo hello | r run -b c c'
compare "run --keep keeps the container" 'made c "$(run_args true)"; r run --keep -b c c; r state c | jq -r .status; r delete c; echo $?'
compare "run -d goes on alone" 'sleeping c; echo $?; r state c | jq -r .status; r delete -f c; echo $?; ls state; true'
compare "a bundle is the working directory when none is named" 'made c "$(run_args echo here)"; cd c && r run c'
compare "the pid file holds the pid" 'sleeping c; made d "$(run_args sleep 100)"; r run -d --pid-file p -b d d </dev/null >/dev/null
    [ "$(cat p)" = "$(r state d | jq .pid)" ]; echo $?; r delete -f c; r delete -f d'

# Wrong calls. What is said may differ; that it is refused may not.
compare "create twice with one ID is refused" 'sleeping c; r create -b c c >/dev/null 2>&1; echo $?; r delete -f c'
compare "wrong IDs are refused" 'made c; for id in "" . .. a/b "a b" "ü" "a:b"; do r run -b c -- "$id" >/dev/null 2>&1; echo "$id $?"; done'
compare "odd but right IDs are accepted" 'made c "$(run_args true)"; for id in a.b _ a+b A-1 0; do r run -b c "$id"; echo "$id $?"; done'
compare "operations on a container which is not there fail" 'for c in state start kill pause resume delete ps "events --stats"; do
    r $c nobody >/dev/null 2>&1; echo "$c $?"; done; r exec nobody true 2>/dev/null; echo $?; r delete -f nobody; echo $?'
compare "start needs a created container" 'sleeping c; r start c 2>/dev/null; echo $?; r delete -f c'
compare "delete needs a stopped container" 'sleeping c; r delete c 2>/dev/null; echo $?; r state c | jq -r .status; r delete -f c'
check "a start which was killed when the program ran: the next one says so, and the container runs" 'made c "$(run_args sleep 100)"; r create -b c c </dev/null >/dev/null 2>&1; strace -f -o /dev/null -e inject=unlink,unlinkat:signal=KILL "$runtime" --root state start c; r start c 2>err; [ $? = 1 ] && grep -q "runs already" err && until_status c running; s=$?; r delete -f c; exit $s'
compare "kill of a stopped container fails" 'made c "$(run_args true)"; r run --keep -b c c; r kill c 2>/dev/null; echo $?; r delete c'
# The container's process is made by one in between, which tells the runtime its number; on a busy machine the process itself spoke first.
check "a process that is faster than the one that made it is waited for" 'made c "$(run_args true) | .linux.namespaces += [{type: \"time\"}]"
    slow() { strace -f -qq -o trace -e trace=clone3 -e inject=clone3:delay_exit=100000 "$runtime" --root state "$@" && grep -q "CLONE_PARENT.*DELAYED" trace; }
    slow run -b c c && sleeping d ".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings" && slow exec d true; s=$?; r delete -f d; exit $s'
# The new process holds the channel on which the one in between would have spoken: no end of it tells the runtime.
check "a process in between that is killed is missed" 'made c "$(run_args true) | .linux.namespaces += [{type: \"time\"}]"
    strace -D -f -qq -o trace -e trace=clone3 -e inject=clone3:delay_exit=1000000 timeout 20 "$runtime" --root state run -b c c 2>err & slow=$!
    for _ in {1..300}; do made=($(pgrep -P "$(pgrep -P $slow | head -1)")); [ ${#made[@]} = 2 ] && break; sleep 0.02; done
    kill -9 ${made[0]}; wait $slow; [ $? = 1 ] && grep "namespaces ended: signal 9" err && [ -z "$(ls state)" ] && ! kill -0 ${made[1]} 2>/dev/null; s=$?; cat err; exit $s'
# A time may be any: two of these programs multiplied it by a thousand million.
check "a file dated 2400 ends nobody: passwd at exec, and the directory of a mount" 'busybox_root "$work/r"; mkdir -p r/etc r/tmp; echo "root:x:0:0::/root:/bin/sh" >r/etc/passwd; touch -d "2400-01-01 00:00:00" r/etc/passwd r/tmp
    made c "$(run_args sleep 100) | .root.path = \"$work/r\" | .mounts += [{destination: \"/tmp\", type: \"tmpfs\", source: \"tmpfs\"}] | .process.env = [\"PATH=/bin\"]"; r run -d -b c c </dev/null >/dev/null && r exec c true; s=$?; r delete -f c; exit $s'
check "tmpcopyup takes names of any bytes" 'busybox_root "$work/r"; mkdir -p r/data/$'"'"'caf\xe9'"'"'; echo in >r/data/$'"'"'caf\xe9'"'"'/$'"'"'\xff'"'"'; made c "$(run_args sh -c "cat /data/*/*") | .root.path = \"$work/r\" | .mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"tmpfs\", options: [\"tmpcopyup\"]}]"; [ "$(r run -b c c)" = in ]'
check "a program that reads nothing of a terminal does not hold its own output" 'made c "$(run_args sh -c "stty raw -echo; sleep 1; echo done; exit 5") | .process.terminal = true"
    (head -c 300000 /dev/zero; sleep 20) | timeout 15 "$runtime" --root state run -b c c >out; s=${PIPESTATUS[1]}; head -c 100 out; [ $s = 5 ] && grep -q done out'
check "run answers the code of a program whose container somebody else deletes" 'made c "$(run_args sleep 100)"; ("$runtime" --root state run -b c c 2>err; echo $? >code) & until_status c running; r delete -f c; wait; cat code err; [ "$(cat code)" = 137 ] && [ ! -s err ]'
# A name that was had before the wait for its lock may be that of another container after it.
check "create waits for who looks at its directory" 'made c "$(run_args true)"; strace -D -f -qq -o trace -e trace=mkdir,mkdirat -e inject=mkdir,mkdirat:delay_exit=300000 "$runtime" --root "$work/state" create -b c c </dev/null >/dev/null 2>err & k=$!
    until [ -d state/c ]; do sleep 0.01; done; flock state/c sleep 1; wait $k; s=$?; cat err; r delete -f c; exit $s'
# Trying again until it worked went on for ever, with the signals blocked that would have ended it.
check "a state directory that cannot be made is an error, and at once" 'ln -s /nowhere/at/all gone; made c "$(run_args true)"; timeout -s KILL 10 "$runtime" --root "$work/gone" run -b c c </dev/null 2>err; s=$?; cat err; [ $s = 1 ] && grep -q "cannot make the state directory of c" err'
check "delete waits for the container that has the name, not for one that has gone" 'mkdir -p state/c; flock state/c sleep 1 & f=$!; sleep 0.2; r delete -f c & d=$!; sleep 0.3; rmdir state/c
    made c "$(run_args true) | .hooks = {createRuntime: [{path: \"/bin/sleep\", args: [\"sleep\", \"2\"]}]}"; r create -b c c </dev/null >/dev/null 2>err; s=$?; cat err; wait $d; wait $f; [ $s = 0 ] && [ -z "$(ls state)" ]'
check "a created container that is paused is paused: start says so, resume gives it back, delete removes it" 'made c "$(run_args sleep 100)"; r create -b c c </dev/null >/dev/null 2>&1; r pause c; r state c | jq -r .status >got
    timeout 5 "$runtime" --root state start c 2>>got; echo $? >>got; r resume c && r state c | jq -r .status >>got; r pause c; timeout 10 "$runtime" --root state delete -f c; cat got; [ "$(sed 2d got | xargs)" = "paused 1 created" ] && [ -z "$(ls state)" ]'
check "pause waits for a start" 'made c "$(run_args sleep 100)"; r create -b c c </dev/null >/dev/null 2>&1; strace -D -f -qq -o trace -e trace=write -e inject=write:delay_enter=700000 timeout 10 "$runtime" --root "$work/state" start c & s=$!; sleep 0.4; timeout 10 "$runtime" --root state pause c; p=$?; wait $s; s=$?; r state c | jq -r .status >got; r resume c; r delete -f c; echo "$p $s $(cat got)"; [ "$p$s$(cat got)" = 00paused ]'
check "KILL ends a container that is paused at that moment" 'sleeping c; strace -D -f -qq -o trace -e trace=pidfd_send_signal -e inject=pidfd_send_signal:delay_enter=700000 "$runtime" --root "$work/state" kill c KILL & k=$!; sleep 0.3; r pause c; wait $k; until_status c stopped; s=$?; r delete -f c; exit $s'
# Each reads what is in force, changes its part and writes all of it.
check "two updates at once: both last" 'sleeping c; for i in {1..8}; do r update --cpu-share $((300 + i)) c & p=$!; r update --pids-limit $((50 + i)) c & q=$!; wait $p && wait $q || { echo "one failed"; s=1; break; }; want="$((300 + i)) $((50 + i))"; got=$(jq -r "[.cpu.shares, .pids.limit] | join(\" \")" state/c/resources.json); [ "$got" = "$want" ] || { echo "$got, not $want"; s=1; break; }; done; r delete -f c; exit ${s:-0}'
check "an update is not lost to one that read before it" 'sleeping c; strace -D -f -qq -o trace -e trace=openat -P "$work/state/c/config.json" -e inject=openat:delay_exit=800000 "$runtime" --root "$work/state" update --cpu-share 444 c & k=$!; sleep 0.3; r update --pids-limit 77 c; wait $k; got=$(jq -r "[.cpu.shares, .pids.limit] | join(\" \")" state/c/resources.json); r delete -f c; echo "$got"; [ "$got" = "444 77" ]'
check "a start whose container is killed before it hears of it" 'made c "$(run_args true)"; r create -b c c </dev/null >/dev/null 2>&1; p=$(r state c | jq .pid); kill -STOP $p; r start c 2>err & s=$!; sleep 0.3; kill -KILL $p; wait $s; s=$?; cat err; r delete -f c; [ $s = 1 ] && grep -q "ended before it was started" err'
# config.md, "process": required when start is called. A trap ended create.
check "a configuration without a process is created, and start says what is missing" 'made c "del(.process)"; r create -b c c </dev/null 2>err && [ "$(r state c | jq -r .status)" = created ] && ! r start c 2>err && grep "process.args: missing" err; s=$?; cat err; r delete -f c; exit $s'
check "an error names the file that was given" 'made c "del(.root)"; mv c/config.json other.json; r run -b c --config other.json c 2>err; cat err; grep -q "other.json: root: missing" err'
# A process may end between two looks at it: seen as a `delete --force` which failed once in a hundred times.
check "kill and delete --force of a process that ends at that moment" 'sleeping c; strace -f -o /dev/null -e inject=pidfd_send_signal:error=ESRCH "$runtime" --root state kill c KILL 2>err; [ $? = 1 ] && grep -q "not running" err && strace -f -o /dev/null -e inject=pidfd_send_signal:error=ESRCH:when=1 "$runtime" --root state delete --force c 2>>err; s=$?; cat err; ls state; [ $s = 0 ] && [ -z "$(ls state)" ]'
compare "signals by name, by number and with SIG" 'for s in KILL SIGKILL 9 kill; do sleeping c$s && r kill c$s $s; echo "$s $?"; until_status c$s stopped; r delete c$s; done
    sleeping c; r kill c NOSUCH 2>/dev/null; echo $?; r delete -f c'
compare "the default signal is TERM" 'made c "$(run_args sh -c "trap \"exit 7\" TERM; while :; do sleep 0.05; done")"; (r run -b c c; echo $?) & until_status c running; sleep 0.3; r kill c; wait'
compare "a missing bundle, a missing and a broken configuration" 'r run -b nowhere c 2>/dev/null; echo $?; mkdir e; r run -b e c 2>/dev/null; echo $?
    echo "{" >e/config.json; r run -b e c 2>/dev/null; echo $?; ls state 2>/dev/null; true'
compare "a program which is not there, not executable, a directory" 'for p in /nowhere /etc/passwd /etc nowhere; do made c "$(run_args $p)"; r run -b c c 2>/dev/null; echo "$p $?"; done; ls state; true'
compare "unknown commands and flags" 'for c in nosuch "run --nosuch c" create "state a b" "exec a"; do r $c >/dev/null 2>&1 || echo "$c refused"; done; true'
compare "errors go to the log, as text and as JSON" 'r --log l state nobody 2>/dev/null; grep -c "level=error" l
    r --log j --log-format json state nobody 2>/dev/null; jq -c "[.level, (.msg | length > 0), (.time | length > 0)]" j'
check "an error is one line which names the container" 'r state nobody 2>err; [ "$(wc -l <err)" = 1 ] && grep nobody err'

# exec.
compare "a variable which is given twice has its last value" 'made c "$(run_args env) | .process.env += [\"A=1\", \"AB=3\", \"A=2\", \"B=\", \"B=x=y\"]"; r run -b c c; sleeping d; r exec -e PATH=/bin -e Z=1 -e Z=2 d env; r delete -f d'
compare "exec runs a further process and passes its exit code on" 'sleeping c; r exec c echo hi; r exec c sh -c "exit 3"; echo $?; r exec c nowhere 2>/dev/null; echo $?; r exec c /etc/passwd 2>/dev/null; echo $?; r delete -f c'
compare "exec --cwd --env --user --additional-gids --cap" 'sleeping c; r exec --cwd /tmp c pwd; r exec -e A=b -e C=d c sh -c "echo \$A \$C"; r exec -u 1000:1000 c id; r exec -u 1000 c id -u; r exec -u 1000 -g 2000 c id -G
    r exec --cap CAP_SYS_TIME c grep Cap /proc/self/status; r exec c grep NoNewPrivs /proc/self/status; r exec --no-new-privs c grep NoNewPrivs /proc/self/status; r delete -f c'
# Seen as a program which ran in / instead.
closed='.process.cwd = "/closed" | .linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings'
export closed
compare "a working directory neither root nor the user may enter is refused" 'made c; mkdir -p -m 700 "$scratch/rootfs/closed"; chmod 755 "$scratch"; made c "$(run_args pwd) | $closed"; r run -b c c 2>/dev/null; echo $?
    sleeping d "$closed | .process.cwd = \"/\""; r exec --cwd /closed d pwd 2>/dev/null; echo $?; r delete -f d; rmdir "$scratch/rootfs/closed"'
compare "a missing working directory is made, also in a root that is read-only then" 'made c "$(run_args sh -c "pwd; stat -c %a,%u . ..") | .process.cwd = \"/new/below\" | .root.readonly = true"; r run -b c c; echo $?; rmdir "$scratch/rootfs/new/below" "$scratch/rootfs/new"'
compare "a working directory for its user alone" 'made c; mkdir -p -m 700 "$scratch/rootfs/own"; chown 1000 "$scratch/rootfs/own"; made c "$(run_args pwd) | .process.cwd = \"/own\" | .process.user.uid = 1000 | .process.capabilities = {}"; r run -b c c; echo $?; rmdir "$scratch/rootfs/own"'
compare "exec --process takes everything from a file" 'sleeping c; jq ".process | .args = [\"sh\", \"-c\", \"pwd; id -u; echo \$A\"] | .cwd = \"/tmp\" | .user.uid = 1000 | .env += [\"A=1\"]" c/config.json >p.json; r exec --process p.json c; echo $?; r delete -f c'
compare "exec -d with a pid file" 'sleeping c; r exec -d --pid-file p c sleep 50 </dev/null >/dev/null 2>&1; echo $?; tr "\0" " " </proc/$(cat p)/cmdline; r ps -f json c | jq length; r delete -f c'
compare "exec joins every namespace and the cgroup" 'sleeping c; p=$(r state c | jq .pid); r exec -d --pid-file q c sleep 50 </dev/null >/dev/null 2>&1; for n in cgroup ipc mnt net pid uts; do [ "$(readlink /proc/$p/ns/$n)" = "$(readlink /proc/$(cat q)/ns/$n)" ]; echo "$n $?"; done
    diff /proc/$p/cgroup /proc/$(cat q)/cgroup && echo same; r delete -f c'
compare "exec into a created container" 'made c "$(run_args sleep 100)"; r create -b c c </dev/null >/dev/null 2>&1; r exec c echo hi; r delete -f c'
compare "exec into a paused container is refused" 'sleeping c; r pause c; timeout 5 "$runtime" --root state exec c true 2>/dev/null; [ $? != 0 ] && echo refused; r resume c; r delete -f c'
compare "--preserve-fds hands descriptors on" 'made c "$(run_args cat /proc/self/fd/3)"; echo three >f; r run --preserve-fds 1 -b c c 3<f; sleeping d; r exec --preserve-fds 1 d cat /proc/self/fd/3 3<f; r delete -f d'

# pause, resume, ps, list, events, update, features, spec.
compare "pause and resume" 'sleeping c; r pause c; echo $?; r state c | jq -r .status; r pause c 2>/dev/null; echo $?; r resume c; echo $?; r state c | jq -r .status; r resume c 2>/dev/null; echo $?; r delete -f c'
compare "delete --force of a paused container" 'sleeping c; r pause c; r delete -f c; echo $?; ls state; true'
compare "ps as table and JSON" 'sleeping c; r exec -d c sleep 51 </dev/null >/dev/null 2>&1; r ps c | awk "{print (NF > 6), \$NF}"; r ps c -o pid,args | sed -E "s/^ *[0-9]+//"; r ps -f json c | jq -c "[.[] > 0]"; r delete -f c'
compare "list as table, JSON and IDs" 'r list; r list -f json; r list -q; sleeping a; made b "$(run_args true)"; r run --keep -b b b; r list -q
    r list | awk "{print \$1, \$3, NF}"; r list | head -n 1; r list -f json | jq -c ".[] | [keys, .id, .status, .owner, .bundle | tostring | sub(\"/run.*/\"; \"\")]"; r delete -f a; r delete b'
compare "state's members" 'sleeping c ".annotations = {\"a.b\": \"c\"}"; r state c | jq -c "[keys, .annotations]"; r delete -f c'
compare "events --stats has every member of the reference's" 'sleeping c ".linux.resources = {memory: {limit: 67108864}, pids: {limit: 44}}"; r events --stats c >out; jq -r "[paths(scalars) | map(if type == \"number\" then \"n\" else . end) | join(\".\")] | unique | .[]" out
    jq -c "[.type, .id, .data.memory.usage.limit, .data.pids.limit, (.data.cpu.usage.total > 0), (.data.cpu.usage.percpu | length), (.data.memory.usage.usage > 0)]" out; r delete -f c'
compare "events prints statistics at intervals" 'sleeping c; timeout -s KILL 2 "$runtime" --root state events --interval 500ms c >out 2>/dev/null; jq -c "[.type, .id, (.data.cpu.usage.total > 0)]" out | head -n 2; [ "$(wc -l <out)" -ge 2 ] && [ "$(wc -l <out)" -le 5 ]; echo $?; r delete -f c'
compare "events tells of running out of memory" 'made c "$(run_args sh -c "sleep 1; head -c 200000000 /dev/zero | tail >/dev/null; sleep 2") | .linux.resources.memory = {limit: 20971520}"; r run -d -b c c </dev/null >/dev/null 2>&1; timeout -s KILL 3 "$runtime" --root state events --interval 60s c >out 2>/dev/null; sort -u out; r delete -f c'
compare "events of a stopped container, of none, and at no interval" 'made c "$(run_args true)"; r run --keep -b c c; r events c 2>/dev/null; echo $?; r events --stats c 2>/dev/null; echo $?; r delete c; r events c 2>/dev/null; echo $?; sleeping d; for i in 0 0s -5s x; do r events --interval $i d >/dev/null 2>&1; echo $?; done; r delete -f d'
# runc goes on until its container is deleted.
check "events ends with the container" 'made c "$(run_args sleep 1)"; r run -d -b c c </dev/null >/dev/null 2>&1; timeout -s KILL 10 "$runtime" --root state events --interval 60s c >out; s=$?; cat out; r delete c; [ $s = 0 ] && [ ! -s out ]'
# Alone: in runc 1.1 its own process may still be counted.
check "events counts the processes" 'sleeping c; n=$(r events --stats c | jq .data.pids.current); r delete -f c; echo "$n"; [ "$n" = 1 ]'
compare "update by flags and from a file" 'sleeping c; r update --memory 64M c; echo $?; cgroup_file memory c memory.limit_in_bytes; r update --pids-limit 33 c; cgroup_file pids c pids.max
    r update --cpu-period 100000 --cpu-quota 50000 --cpu-share 512 c; cgroup_file cpu c cpu.cfs_quota_us; cgroup_file cpu c cpu.shares
    echo "{\"memory\": {\"limit\": 50331648}, \"cpu\": {\"shares\": 256}, \"pids\": {\"limit\": 44}}" | r update -r - c; echo $?; cgroup_file memory c memory.limit_in_bytes; cgroup_file cpu c cpu.shares; cgroup_file pids c pids.max
    r update --cpuset-cpus 0 c; cgroup_file cpuset c cpuset.cpus; r update --memory nonsense c 2>/dev/null; echo $?; r delete -f c'
compare "spec writes a configuration and refuses to overwrite it" 'r spec; echo $?; jq -S "del(.ociVersion, .hostname, .linux.maskedPaths, .linux.readonlyPaths, .process.capabilities.ambient)" config.json; r spec 2>/dev/null; echo $?; mkdir b; r spec -b b --rootless; jq -S "del(.ociVersion, .hostname, .linux.maskedPaths, .linux.readonlyPaths, .process.capabilities.ambient)" b/config.json'
check "spec --file names the file, and nothing else is written" 'r spec --file other.json && jq -e .process other.json >out && [ "$(ls *.json)" = other.json ] && ! r spec -f other.json 2>err && cat err'
check "completion completes commands, options and containers" 'sleeping c1; sleeping d1; PATH=$work:$PATH; ln -s "$runtime" apus-runtime; . <(r completion bash); complete_words() { COMP_WORDS=(apus-runtime "$@") COMP_CWORD=$#; COMPREPLY=(); _apus_runtime; echo "${COMPREPLY[*]}"; }
    complete_words st >out; complete_words --root "$work/state" kill "" >>out; complete_words --root "$work/state" exec d >>out; complete_words run --b >>out; r delete -f c1; r delete -f d1; cat out; [ "$(paste -sd, out)" = "start state,c1 d1,d1,--bundle" ]'
check "features is what features.md asks for" 'r features | jq -e "(.ociVersionMin | length > 0) and (.ociVersionMax | length > 0) and (.hooks | length == 6) and (.mountOptions | index(\"rro\")) and
    (.linux.namespaces | index(\"time\")) and (.linux.capabilities | length > 30) and .linux.cgroup.v2 and .linux.seccomp.enabled and (.linux.seccomp.actions | index(\"SCMP_ACT_NOTIFY\"))"'
compare "--version names the specification" 'r --version | grep -c "^spec: "; r --help >/dev/null; echo $?'

# What the container sees.
compare "namespaces, host name, mounts, devices, masks" 'made c "$(run_args sh -c "hostname; ls /dev; ls /proc/self/ns; cut -d \" \" -f 5 /proc/self/mountinfo | grep -v unified | sort; grep -v -e /sys/firmware -e /proc/acpi -e /proc/keys -e /proc/t -e unified -e \"^[^ ]* /sys/fs/cgroup \" /proc/self/mounts | cut -d \" \" -f 2- | sort; touch /x; echo \$?; cat /proc/kcore | head -c 1 | wc -c; echo 1 >/proc/sys/kernel/hostname; id; pwd; env | sort; ls -ld /dev/shm /dev/pts/ptmx; for l in fd ptmx stdin core; do readlink /dev/\$l; done; true")"; r run -b c c 2>err; cat err'
compare "capabilities, limits, no_new_privs, umask, oom score" 'made c "$(run_args sh -c "grep -E \"Cap|NoNew|Umask|Seccomp:\" /proc/self/status; ulimit -n; cat /proc/self/oom_score_adj") | .process.oomScoreAdj = 100 | .process.user.umask = 63"; r run -b c c'
compare "sysctl and user" 'made c "$(run_args sh -c "cat /proc/sys/net/ipv4/ip_forward; id") | .linux.sysctl = {\"net.ipv4.ip_forward\": \"1\"} | .process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}"; r run -b c c'
compare "bind, read-only bind, tmpfs with a size" 'mkdir d; echo data >d/f; made c "$(run_args sh -c "cat /mnt/f; echo more >/mnt/g; echo x >/ro/f; echo \$?; df -k /t | tail -n 1 | awk \"{print \\\$2}\"; touch /t/x; echo \$?")
    | .mounts += [{destination: \"/mnt\", type: \"bind\", source: \"$work/d\", options: [\"rbind\", \"rw\"]}, {destination: \"/ro\", type: \"bind\", source: \"$work/d\", options: [\"bind\", \"ro\"]}, {destination: \"/t\", type: \"tmpfs\", source: \"tmpfs\", options: [\"size=1m\"]}]
    | .root.path = \"$work/r\""; cp -a "$scratch/rootfs" r; r run -b c c 2>/dev/null; cat d/g'
compare "a user namespace with maps" 'chmod 755 "$work" "$scratch"; cp -a "$scratch/rootfs" r; chown -R 100000:100000 r; made c "$(run_args sh -c "id; cat /proc/self/uid_map; ls -ld /etc; mount -t tmpfs t /tmp 2>/dev/null; echo \$?")
    | .root.path = \"$work/r\" | .linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings"; r run -b c c 2>err; cat err'
compare "joining a network namespace by path" 'unshare -n sleep 100 & sleep 0.3; made c "$(run_args readlink /proc/self/ns/net) | .linux.namespaces |= map(if .type == \"network\" then .path = \"/proc/$!/ns/net\" else . end)"; [ "$(r run -b c c)" = "$(readlink /proc/$!/ns/net)" ]; echo $?; kill $!'
compare "seccomp: errno, and what is allowed" 'made c "$(run_args sh -c "mkdir /tmp/x; echo \$?; ls / >/dev/null; echo \$?; grep Seccomp: /proc/self/status") | .linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", architectures: [\"SCMP_ARCH_X86_64\"], syscalls: [{names: [\"mkdir\", \"mkdirat\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 95}]}"; r run -b c c 2>err; cat err'

# Hooks: the order, the state on standard input, a failure.
compare "six kinds of hooks run in order with the state on standard input" '
    for k in prestart createRuntime createContainer startContainer poststart poststop; do hooks="${hooks-}${hooks:+,} \"$k\": [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"s=\$(cat); echo $k \$s >>$work/log\"]}]"; done
    made c "$(run_args sh -c "echo program >>$work/log") | .hooks = {$hooks} | .root.readonly = false | .mounts += [{destination: \"$work\", type: \"bind\", source: \"$work\", options: [\"rbind\"]}]
        | .root.path = \"$work/r\""; cp -a "$scratch/rootfs" r; mkdir -p "r$work"
    r run -b c c; echo $?; sed -E "s/^([a-zA-Z]*).*\"id\":\"c\".*\"status\":\"([a-z]*)\".*/\1 \2/" log >order
    # The program does not wait for poststart: where that line stands is chance.
    grep -v poststart order; grep -c poststart order'
# runc has them in create until 1.5.
check "poststart hooks run one after the other before start returns, when the program runs" 'hook() { jq -cn --arg line "$1" "{path: \"/bin/sh\", args: [\"sh\", \"-c\", \$line], env: [\"A=of the hook\"]}"; }
    made c "$(run_args sleep 100) | .hooks = {poststart: [$(hook "cat >$work/told; cat /proc/\$(sed \"s/.*\\\"pid\\\"://; s/,.*//\" $work/told)/cmdline | tr \"\\\\0\" \" \" >>$work/log; echo \$A >>$work/log"), $(hook "sleep 0.3; echo second >>$work/log")]}"
    r create -b c c </dev/null >/dev/null 2>&1; [ ! -e log ] || s=1; r start c || s=1; cat log; jq -c . told; [ "$(cat log)" = "$(printf "sleep 100 of the hook\nsecond")" ] || s=1; [ "$(jq -c "[.id, .status, .pid, .bundle]" told)" = "[\"c\",\"running\",$(r state c | jq .pid),\"$work/c\"]" ] || s=1; r delete -f c; exit ${s-0}'
compare "a poststart hook which fails ends the container" 'made c "$(run_args sleep 4243) | .hooks = {poststart: [{path: \"/bin/false\"}, {path: \"/usr/bin/touch\", args: [\"touch\", \"$work/reached\"]}], poststop: [{path: \"/usr/bin/touch\", args: [\"touch\", \"$work/stopped\"]}]}"; r run -d -b c c </dev/null >/dev/null 2>&1; echo $?; ls; ls state; pgrep -fx "sleep 4243"; made d "$(run_args sleep 4243) | .hooks = {poststart: [{path: \"/bin/sleep\", args: [\"sleep\", \"20\"], timeout: 1}]}"; r run -b d d </dev/null >/dev/null 2>&1; echo $?; ls state; pgrep -fx "sleep 4243"; true'
check "start fails with a poststart hook, and leaves a stopped container" 'made c "$(run_args sleep 4243) | .hooks = {poststart: [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo no >&2; exit 3\"]}]}"; r create -b c c </dev/null >/dev/null 2>&1; r start c 2>err; s=$?; cat err; [ $s = 1 ] && grep -q "poststart hook /bin/sh: exit code 3: no" err && [ "$(r state c | jq -r .status)" = stopped ] && ! pgrep -fx "sleep 4243" && r delete c'
compare "what hooks print is not the container's" 'made c "$(run_args echo mine) | .hooks = (reduce (\"prestart\", \"createRuntime\", \"createContainer\", \"startContainer\", \"poststart\", \"poststop\") as \$kind ({}; .[\$kind] = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo hook\"]}]))"; r run -b c c 2>err; echo $?; cat err'
compare "a hook which fails makes create fail and leaves nothing" 'made c "$(run_args true) | .hooks = {createRuntime: [{path: \"/bin/false\"}]}"; r create -b c c >/dev/null 2>&1; echo $?; ls state; ls -d /sys/fs/cgroup/*/suite-$side-c /sys/fs/cgroup/suite-$side-c 2>/dev/null; true'
compare "a hook which takes too long is ended" 'made c "$(run_args true) | .hooks = {createRuntime: [{path: \"/bin/sleep\", args: [\"sleep\", \"20\"], timeout: 1}]}"; s=$SECONDS; r create -b c c >/dev/null 2>&1; echo $?; [ $((SECONDS - s)) -lt 10 ]; echo $?'
compare "a failing poststop hook does not stop delete" 'made c "$(run_args true) | .hooks = {poststop: [{path: \"/bin/false\"}]}"; r run --keep -b c c; r delete c 2>/dev/null; echo $?; ls state; true'

# Limits, by what they do.
compare "a memory limit kills who goes over it" 'made c "$(run_args sh -c "head -c 200000000 /dev/zero | tail >/dev/null; echo \$?") | .linux.resources.memory = {limit: 20971520}"; r run -b c c 2>/dev/null'
compare "a pids limit stops fork" 'made c "$(run_args sh -c "for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done; wait; echo all") | .linux.resources.pids = {limit: 5}"; r run -b c c 2>/dev/null; echo $?'
check "a cpu quota slows: ten seconds for one of work, however busy the machine is" 'made s "$(run_args sh -c "i=0; while [ \$i -lt 200000 ]; do i=\$((i+1)); done; times") | .linux.resources.cpu = {period: 100000, quota: 10000}"
    a=$(date +%s%N); r run -b s s >out; b=$(date +%s%N); work=$(head -n 1 out | tr ms "  " | awk "{ print int(1000 * (60 * (\$1 + \$3) + \$2 + \$4)) }"); took=$(((b - a) / 1000000)); echo "$work ms of work took $took ms"; [ "$work" -gt 50 ] && [ $took -gt $((5 * work)) ]'
compare "device rules: what is not allowed cannot be opened" 'made c "$(run_args sh -c "mknod /dev/x c 1 11; cat /dev/x; echo \$?; head -c 1 /dev/zero | wc -c") | .process.capabilities.bounding += [\"CAP_MKNOD\"] | .process.capabilities.effective += [\"CAP_MKNOD\"] | .process.capabilities.permitted += [\"CAP_MKNOD\"]"; r run -b c c 2>/dev/null'

finish
