#!/bin/bash
# Two commands at once, in the one order that hurts: strace stops the first right behind a certain call, the second comes, the first goes on.
# And commands killed at such a point.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin ordering
command -v strace >/dev/null || { skip "ordering" "strace is not installed"; finish_tap; }
image busybox
image two '.config.Labels = {"two": "2"}'
# hold CALL NUMBER PATH COMMAND...: starts the command, and stops it right behind that call, of those about PATH where it is not empty.
hold() {
    rm -f trace
    strace -D -qq -o trace ${3:+-P "$3"} -e trace="$1" -e inject="$1:signal=STOP:when=$2" "${@:4}" >held.out 2>&1 &
    held=$!
    soon 'grep -qs "stopped by SIGSTOP" trace' || soon 'grep -qs "stopped by SIGSTOP" trace'
}
# go: the held one goes on to its end. "waits COMMAND...": it does not come to its end as long as the other is held.
go() { kill -CONT $held; wait $held; }
waits() { timeout -k 1 1 "$@" >/dev/null 2>&1; same $? 124; }
id() { apus inspect -f '{{.Id}}' "$1"; }
a=$BUILD/apus
export a
export -f hold go waits id
apus run -d --name steady --network none busybox sleep 1000 >/dev/null

check "a create that is killed leaves a whole container or none, and no start has the host's network" '
    for n in 1 2; do
        hold renameat2 $n "" $a create --name killed busybox sleep 100; kill -9 $held; wait $held 2>/dev/null
        [ -z "$(apus ps -aq -f name=killed)" ] && continue
        apus start killed >/dev/null || exit; pid=$(apus inspect -f "{{.State.Pid}}" killed); ! same "$(readlink /proc/$pid/ns/net)" "$(readlink /proc/self/ns/net)" >/dev/null && apus rm -f killed >/dev/null || exit
    done'
check "a container whose network.json is missing is not started, and can be removed" '
    apus create --name lost busybox true >/dev/null; rm state/containers/$(id lost)/network.json; apus start lost 2>err; same $? 1 && grep -q "network.json, which says what its network is, is missing; remove the container and create it anew" err && apus rm lost >/dev/null'
check "what a killed create left is found, and taken away by the repair" '
    hold renameat2 1 "" $a create --name killed busybox true; kill -9 $held; wait $held 2>/dev/null; same "$(apus ps -aq -f name=killed)" "" && apus system check >found; same $? 1 && grep -q "^container .*: it was never finished, or not wholly removed" found && apus system check --repair >/dev/null && same "$(ls state/containers)" "$(id steady)" && apus system check'
check "container prune during a create" '
    hold renameat2 1 "" $a create --name new busybox true; apus container prune -f >/dev/null; go && same "$(apus ps -a --format "{{.Names}}" -f name=new)" new && apus start -a new && apus rm new >/dev/null'
for verb in "rmi two" "image prune -a -f"; do
    verb=$verb check "$verb during a run leaves the image to the container" '
        hold openat 1 "$APUS_ROOT/images/names.lock" $a $verb; apus run -d --name user --network none two sleep 100 >/dev/null || exit; go
        apus exec user ls / >/dev/null && apus image inspect two >/dev/null; code=$?; apus rm -f user >/dev/null; exit $code'
done
check "rmi waits for a create which has found the image" '
    hold renameat2 1 "" $a create --name user two true; waits apus rmi two; waited=$?; go && [ $waited = 0 ] && ! apus rmi two 2>/dev/null && apus start -a user && apus rm user >/dev/null'
for verb in "volume rm data" "volume prune -a -f"; do
    verb=$verb check "$verb during a run leaves the volume to the container" '
        apus run --rm --network none -v data:/data busybox sh -c "echo kept >/data/file"; hold openat 1 "$APUS_ROOT/volumes/.lock" $a $verb; apus run -d --name user --network none -v data:/data busybox sleep 100 >/dev/null || exit; go
        same "$(apus exec user cat /data/file)" kept; code=$?; apus rm -f user >/dev/null; apus volume rm data >/dev/null; exit $code'
done
check "two containers which start at once fill a new volume once" '
    for n in 1 2; do apus create --name v$n --network none -v fresh:/etc busybox test -s /etc/group >/dev/null; done; hold openat 1 "$APUS_ROOT/volumes/fresh/volume.json.new" $a start -a v1; timeout -k 1 1 apus start -a v2 >/dev/null 2>&1; go && apus start -a v2; code=$?
    apus rm -f v1 v2 >/dev/null; apus volume rm fresh >/dev/null; exit $code'
check "network rm during a start: the container has its network" '
    apus network create net >/dev/null; apus create --name user --network net busybox sleep 100 >/dev/null; hold openat 1 "$APUS_ROOT/containers/$(id user)/network.json.new" $a start user; waits apus network rm net; waited=$?; go && [ $waited = 0 ] &&
    ! apus network rm net 2>err && grep -q "has active endpoints" err; code=$?; apus rm -f user >/dev/null; apus network rm net >/dev/null && exit $code'
check "network rm during a connect" '
    apus network create net >/dev/null; apus run -d --name user busybox sleep 100 >/dev/null; hold openat 1 "$APUS_ROOT/containers/$(id user)/network.json.new" $a network connect net user; waits apus network rm net; waited=$?; go && [ $waited = 0 ] &&
    ! apus network rm net 2>/dev/null && apus exec user ip -o link show eth1 >/dev/null; code=$?; apus rm -f user >/dev/null; apus network rm net >/dev/null && exit $code'
check "pause during a start waits for it" '
    apus create --name user --network none busybox sleep 100 >/dev/null; hold renameat2 1 "$APUS_RUN/containers/$(id user)/started.json.new" $a start user; waits apus pause user; waited=$?; go && [ $waited = 0 ] && apus pause user >/dev/null && apus unpause user >/dev/null; code=$?; apus rm -f user >/dev/null; exit $code'
check "pause during a kill: the container ends" '
    apus run -d --name user --network none busybox sleep 100 >/dev/null; hold pidfd_open 1 "" $a kill user; timeout -k 1 1 apus pause user >/dev/null 2>&1; go; soon "same \"\$(apus inspect -f {{.State.Status}} user)\" exited"; code=$?; apus rm -f user >/dev/null; exit $code'
# ended_under INJECTION: the container "user" is killed, and strace does that to the clone3(2) of what deals with its end.
ended_under() {
    local monitor
    rm -f trace
    monitor=$(cat "$APUS_RUN/containers/$(id user)/conmon.pid")
    strace -f -p "$monitor" -o trace -e trace=clone3 -e inject="clone3:$1" 2>/dev/null &
    soon "grep -q TracerPid:.[1-9] /proc/$monitor/status" && kill -9 "$(apus inspect -f '{{.State.Pid}}' user)"
}
export -f ended_under
check "what deals with an end is killed before it has a restarter: the repair restarts" '
    apus run -d --name user --network none --restart always busybox sleep 100 >/dev/null; ended_under signal=KILL:when=1; soon "grep -qs \"killed by SIGKILL\" trace" && soon "! kill -0 $! 2>/dev/null" &&
    apus system check >found; same $? 1 && same "$(grep -v attached found)" "container user: it has ended, and nobody has dealt with that" && apus system check --repair >/dev/null && soon "same \"\$(apus inspect -f {{.State.Status}} user)\" running" && apus system check; code=$?; apus rm -f user >/dev/null; exit $code'
check "and right behind: the restarter knows what to do" '
    apus run -d --name user --network none --restart always busybox sleep 100 >/dev/null; ended_under delay_exit=3000000:when=1; soon "[ \$(pids_of apus | wc -l) = 2 ]" && kill -9 "$(pids_of apus | sort -n | head -n 1)" || exit
    runs="same \"\$(apus inspect -f {{.State.Status}} user)\" running"; { soon "$runs" || soon "$runs" || soon "$runs"; } >/dev/null && apus system check; code=$?; apus rm -f user >/dev/null; exit $code'
check "a restart nobody waits for any more is found, and made by the repair" '
    apus run -d --name user --network none --restart always busybox sh -c "[ -e /stay ] && sleep 100" >/dev/null; here=state/containers/$(id user); note=$APUS_RUN/containers/$(id user)/restarting.json
    due="jq -e \".restartDelay >= 800\" $here/outcome.json >/dev/null && [ -e $note ]"; soon "$due" || soon "$due" || exit; kill -9 "$(jq -r .supervisor "$note" | cut -d" " -f1)"; touch "$here/upper/stay"
    apus system check >found; same $? 1 && same "$(cat found)" "container user: it was to start again, and nobody is there to do that" && apus system check --repair >/dev/null && same "$(apus inspect -f "{{.State.Status}}" user)" running && apus system check; code=$?; apus rm -f user >/dev/null; exit $code'
check "between two starts a container is restarting, and its log goes on" '
    apus run -d --name user --network none --restart always busybox sh -c "echo begin; sleep 0.3" >/dev/null; timeout 3 apus logs -f user >log & log=$!
    for n in {1..40}; do apus inspect -f "{{.State.Status}}" user; done | sort | uniq -c >states; wait $log; same $? 124 && [ "$(wc -l <log)" -gt 2 ] && ! grep -E "exited|created" states; code=$?; apus rm -f user >/dev/null; exit $code'
check "all of it can be removed" 'apus rm -f steady >/dev/null; same "$(apus ps -aq)$(ls state/containers)" "" && apus system check && stop_daemon'
finish '^apus0$|^br_?'
