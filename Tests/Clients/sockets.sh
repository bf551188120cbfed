#!/bin/bash
# What the runtime hands over and is told through descriptors and sockets: sockets of a service manager, its word of readiness, terminals, pidfds, the
# calls of a seccomp profile. At the other end is a real receiver, Tests/Support/endpoint.c.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin sockets
if ! endpoint_tool; then
    skip "sockets" "gcc is not installed"
    finish
fi

# activated COMMAND...: r, with descriptor 3 as a socket of its service manager.
activated() { (LISTEN_FDS=${fds-1} LISTEN_PID=$BASHPID LISTEN_FDNAMES=web exec "$runtime" --root "$work/state" "$@"); }
# Sends what it is told in words of its own: $1 says how long the program takes and what it says.
speaker() { run_args sh -c "$1"; }
# heard PID: what the manager was told; PID is whom it should watch.
heard() { sleep 0.2; sed "s/^\[MAINPID=$1\$/[MAINPID=right/" heard; }
# elapsed COMMAND...: says whether the command took as long as the program takes to get ready.
elapsed() { local s=${EPOCHREALTIME/./}; "$@"; local code=$?; [ $((${EPOCHREALTIME/./} - s)) -ge 900000 ] && echo "waited, $code" || echo "did not wait, $code"; }
ready='sleep 1; endpoint say $NOTIFY_SOCKET READY=1; sleep 60'
# received KIND: a receiver at ./KIND, in the background; its output is ./KIND.out.
received() { endpoint "$1" "$work/$1" "${@:2}" >"$work/$1.out" 2>&1 & receiver=$!; until_there "$work/$1"; }
export ready
export -f activated speaker heard elapsed received

# Socket activation: sd_listen_fds(3).
compare "sockets come before the descriptors of --preserve-fds, and the program is told" 'echo one >f; echo two >g
    made c "$(run_args sh -c "env | grep LISTEN_[FP][^N]*=; cat <&3; cat <&4; cat <&5; true")"; activated run --preserve-fds 1 -b c c 3<f 4<g 5<f 2>err'
compare "sockets are handed over by create" 'echo one >f; made c "$(run_args sh -c "cat <&3; cat <&4")"; activated create -b c c 3<f 4<f >out 2>/dev/null </dev/null; r start c; until_status c stopped; cat out; r delete c'
compare "sockets of another process, and what is no number, are nobody's" 'echo one >f; made c "$(run_args sh -c "env | grep LISTEN; cat <&3")"
    LISTEN_FDS=1 LISTEN_PID=1 r run -b c c 3<f 2>/dev/null; echo $?; LISTEN_FDS=1 r run -b c c 3<f 2>/dev/null; echo $?; for fds in 0 x ""; do activated run -b c c 3<f 2>/dev/null; echo $?; done'
compare "exec has no sockets" 'echo one >f; sleeping c; activated exec c sh -c "env | grep LISTEN; cat <&3" 3<f 2>/dev/null; activated exec --preserve-fds 1 c cat /proc/self/fd/3 3<f; r delete -f c'
compare "what the document says of them does not count" 'echo one >f; made c "$(run_args env) | .process.env += [\"LISTEN_FDS=7\", \"LISTEN_PID=8\"]"; activated run -b c c 3<f | grep LISTEN_[FP][^N]*='
check "the sockets' names are handed on" 'echo one >f; made c "$(run_args env)"; activated run -b c c 3<f | tee out; grep -qx LISTEN_FDNAMES=web out'
# runc hands over what it happens to have open there itself.
check "a socket which is not there is named" 'echo one >f; made c "$(run_args true)"; fds=2 activated run -b c c 3<f 2>err; s=$?; cat err; [ $s = 1 ] && grep -q "LISTEN_FDS=2: descriptor 4 is not open" err && [ -z "$(ls state)" ]'
check "a descriptor of the runtime's own is not taken for one of the caller" 'echo one >f; made c "$(run_args true)"; r --log "$work/log" run --preserve-fds 1 -b c c 2>err; s=$?; cat err; [ $s = 1 ] && grep -q "descriptor 3 is not open" err'

# Readiness: sd_notify(3).
compare "start returns when the container is ready, and the manager knows its pid" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "$ready")"; r create -b c c </dev/null >/dev/null 2>&1; pid=$(r state c | jq .pid)
    elapsed r start c; heard $pid; r delete -f c; ls state; kill $manager'
compare "run -d returns when the container is ready" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "$ready")"; elapsed r run -d -b c c </dev/null >out 2>&1; cat out; heard $(r state c | jq .pid); r delete -f c; ls state; kill $manager'
compare "run names itself as the process to watch" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "endpoint say \$NOTIFY_SOCKET READY=1; sleep 1; exit 5")"; "$runtime" --root state run -b c c </dev/null >/dev/null 2>&1 & p=$!; wait $p; echo $?; heard $p; ls state; kill $manager'
compare "what the container sees of it" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "env | grep NOTIFY; grep /run/notify /proc/self/mounts; ls -l /run/notify | cut -c 1-10; touch /run/notify/x 2>&1; endpoint say \$NOTIFY_SOCKET READY=1")"; r run -b c c </dev/null; kill $manager'
compare "any user of the container may say it" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "id -u; endpoint say \$NOTIFY_SOCKET READY=1") | .process.user = {uid: 1000, gid: 1000}"; "$runtime" --root state run -b c c </dev/null & p=$!; wait $p; heard $p; kill $manager'
compare "from a user namespace, too" 'chmod 711 "$work" "$scratch"; cp -a "$scratch/rootfs" r; chown -R 100000:100000 r; manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "id -u; endpoint say \$NOTIFY_SOCKET READY=1") | .root.path = \"$work/r\" | .linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings"
    mkdir -m 711 state; "$runtime" --root state run -b c c </dev/null & p=$!; wait $p; heard $p; kill $manager'
compare "a manager whose name is in no file system" 'manager "@suite-$side"; export NOTIFY_SOCKET=@suite-$side; made c "$(speaker "endpoint say \$NOTIFY_SOCKET READY=1; sleep 1")"; r run -d -b c c </dev/null >/dev/null 2>&1; heard $(r state c | jq .pid); r delete -f c; kill $manager'
compare "start of a container which ends without a word" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "sleep 1; exit 3")"; r create -b c c </dev/null >/dev/null 2>&1; elapsed r start c; until_status c stopped; r delete c; heard 1; kill $manager'
compare "exec is not asked" 'manager "$work/m"; sleeping c; NOTIFY_SOCKET=$work/m r exec c env | grep NOTIFY; r delete -f c; heard 1; kill $manager'
# runc 1.1 waits for ever here.
check "run of a container which ends without a word ends, too" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "exit 3")"; timeout -s KILL 10 "$runtime" --root state run -b c c </dev/null; [ $? = 3 ] || s=1; timeout -s KILL 10 "$runtime" --root state run -d -b c c </dev/null >/dev/null; [ $? = 0 ] || s=1; r delete -f c; kill $manager; [ ! -s heard ] && exit ${s-0}'
# runc 1.1 looks at the first line only, and waits for ever.
check "readiness is found among other lines, and nothing else gets out" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(speaker "endpoint say \$NOTIFY_SOCKET STATUS=soon; endpoint say \$NOTIFY_SOCKET READY=0; endpoint say \$NOTIFY_SOCKET \"MAINPID=1\\nREADY=1\\nSTATUS=now\"; sleep 60")"
    timeout -s KILL 10 "$runtime" --root state run -d -b c c </dev/null >/dev/null || s=1; heard $(r state c | jq .pid) | tee told; r delete -f c; kill $manager; [ "$(tr -d "\n" <told)" = "[READY=1][MAINPID=right]" ] && exit ${s-0}'
check "a manager that is not there is warned of, and the container runs" 'export NOTIFY_SOCKET=/nowhere; made c "$(run_args sleep 60)"; r create -b c c </dev/null >/dev/null 2>&1; timeout -s KILL 5 "$runtime" --root state start c 2>err; s=$?; cat err; until_status c running || s=1; r delete -f c; [ $s = 0 ] && grep -q "level=warning.*NOTIFY_SOCKET.*/nowhere" err'
check "a container created without a manager starts at once" 'manager "$work/m"; made c "$(run_args sleep 60)"; r create -b c c </dev/null >/dev/null 2>&1; NOTIFY_SOCKET=$work/m timeout -s KILL 5 "$runtime" --root state start c 2>err; s=$?; cat err; r delete -f c; kill $manager; [ $s = 0 ] && grep -q "created without it" err'
check "delete --force goes by a start which waits" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; made c "$(run_args sleep 60)"; r create -b c c </dev/null >/dev/null 2>&1; r start c & p=$!; until_status c running; timeout -s KILL 10 "$runtime" --root state delete --force c; s=$?; wait $p || s=1; kill $manager; [ -z "$(ls state)" ] && exit $s'
check "an ID longer than a socket's address" 'manager "$work/m"; export NOTIFY_SOCKET=$work/m; id=$(printf "x%.0s" {1..150}); made c "$(speaker "$ready")"; timeout -s KILL 10 "$runtime" --root state run -d -b c $id </dev/null >/dev/null 2>err; s=$?; cat err; heard $(r state $id | jq .pid) | tee told; r delete -f $id; kill $manager; grep -q MAINPID=right told && exit $s'

# Terminals.
compare "create hands the terminal to the console socket" 'received console "typed
"; made c "$(run_args sh -c "tty >/dev/null && echo a terminal; stty size; read line; echo got \$line") | .process.terminal = true | .process.consoleSize = {height: 33, width: 99}"
    r create --console-socket "$work/console" -b c c >/dev/null 2>&1 </dev/null; echo $?; r start c; wait $receiver; echo "receiver $?"; cat console.out; until_status c stopped; r delete c'
compare "run -d hands the terminal to the console socket" 'received console; made c "$(run_args sh -c "echo hello; sleep 0.3") | .process.terminal = true"; r run -d --console-socket "$work/console" -b c c >/dev/null 2>&1 </dev/null; echo $?; wait $receiver; echo "receiver $?"; cat console.out; until_status c stopped; r delete c'
compare "exec -d -t hands the terminal to the console socket" 'received console; sleeping c; r exec -d -t --console-socket "$work/console" c sh -c "tty >/dev/null && echo a terminal; sleep 0.3" >/dev/null 2>&1 </dev/null; echo $?; wait $receiver; echo "receiver $?"; cat console.out; r delete -f c'
compare "a terminal without a socket, a socket without a terminal, a socket nobody listens at" 'made c "$(run_args true) | .process.terminal = true"; r create -b c c >/dev/null 2>&1 </dev/null; echo $?; r create --console-socket nowhere -b c c >/dev/null 2>&1 </dev/null; echo $?
    made d "$(run_args true)"; received console; r create --console-socket "$work/console" -b d d >/dev/null 2>&1 </dev/null; echo $?; kill $receiver; ls state; r delete -f c; r delete -f d'

# pidfds. runc has them from 1.2.
check "create hands over a pidfd of the first process" 'received pidfd; made c "$(run_args sleep 60)"; r create --pidfd-socket "$work/pidfd" -b c c >/dev/null 2>&1 </dev/null; s=$?; p=$(r state c | jq .pid); r start c; r delete -f c; wait $receiver || s=1; cat pidfd.out
    [ $s = 0 ] && grep -qx "descriptor: anon_inode:\[pidfd\]" pidfd.out && grep -qx "pid: $p" pidfd.out && grep -qx "alive: 1" pidfd.out && grep -qx "ended: 1" pidfd.out'
check "exec hands over a pidfd of its process" 'received pidfd; sleeping c; r exec -d --pid-file p --pidfd-socket "$work/pidfd" c sleep 61 >/dev/null 2>&1 </dev/null; s=$?; kill -KILL $(cat p); wait $receiver || s=1; cat pidfd.out; r delete -f c; [ $s = 0 ] && grep -qx "pid: $(cat p)" pidfd.out && grep -qx "ended: 1" pidfd.out'
check "a pidfd socket nobody listens at is a failure which leaves nothing" 'made c "$(run_args true)"; r create --pidfd-socket "$work/nowhere" -b c c 2>err </dev/null; s=$?; cat err; sleeping d; r exec --pidfd-socket "$work/nowhere" d true 2>err; [ $? = 255 ] || s=9; cat err; r delete -f d; [ $s = 1 ] && [ -z "$(ls state)" ]'

# seccomp notifications.
profile='.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $listener, listenerMetadata: "for the agent", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_NOTIFY"}]}'
# told: what the agent was sent, in one line, with what differs between two containers taken out.
told() { sed -n 's/^state: //p' agent.out | jq -Sc --arg pid "$1" 'del(.ociVersion, .state.ociVersion) | .pid |= (tostring == $pid) | .state.pid |= (tostring == $pid) | .state.bundle |= sub(".*/"; "")'; grep -v ^state: agent.out; }
export profile
export -f told
compare "a seccomp agent gets the descriptor and the state, and answers a call" 'received agent 95; made c "($(run_args sh -c "mkdir /tmp/x; echo \$?; sleep 1")) | ${profile/\$listener/\"$work/agent\"}"; r create -b c c >out 2>&1 </dev/null; echo $?; p=$(r state c | jq .pid); r start c; until_status c stopped; wait $receiver; echo "agent $?"; cat out; told $p; r delete c'
compare "exec reports to the agent, too" 'received agent 95; made c "($(run_args sleep 60)) | ${profile/\$listener/\"$work/agent\"}"; r run -d -b c c >/dev/null 2>&1 </dev/null; echo $?; kill $receiver; rm agent; received agent 61; r exec --pid-file p c sh -c "mkdir /tmp/x; echo \$?; exit 4" 2>&1; echo $?; wait $receiver; echo "agent $?"; told $(cat p); r delete -f c'
compare "without an agent the container is refused" 'made c "($(run_args true)) | ${profile/\$listener/\"$work/nowhere\"}"; r create -b c c >/dev/null 2>&1 </dev/null; echo $?; ls state; r delete -f c'
finish
