#!/bin/bash
# A container's life, without a network: states, exit codes, streams, logs, restarts, names, and kills at any moment.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin containers
root=$scratch/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev}
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true sleep echo cat ls touch stty env head seq tty id grep; do ln -sf busybox "$root/bin/$name"; done
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n' >"$root/etc/passwd"
image box || { echo "not ok 1 - the image box is loaded" && echo "1..1"; exit 1; }
sleeper() { apus run -d --network none --name "$@" box sleep 1000 >/dev/null; }
state() { apus inspect -f '{{.State.Status}}' "$1"; }
empty() { same "$(apus ps -aq)" "" && same "$(ls "$APUS_RUN/containers" 2>/dev/null)" ""; }
# A debug build on a busy machine takes its time.
eventually() { local _; for _ in {1..400}; do eval "$1" && return; sleep 0.05; done; echo "not within twenty seconds: $1"; return 1; }
export -f sleeper state empty eventually

check "the exit code of the program is that of run" '
    apus run --rm --network none box sh -c "exit 7"; same $? 7'
check "a program that is missing gives 127, one that may not be executed 126, a wrong flag 125" '
    apus run --rm --network none box nosuch; same $? 127 || exit
    apus run --rm --network none box /etc/passwd; same $? 126 || exit
    apus run --rm --network none --restart always box true; same $? 125'
check "a program killed by a signal gives 128 and its number" '
    apus run --network none --name victim box sleep 1000 & pid=$!
    eventually "[ \"\$(state victim)\" = running ]" && apus kill victim >/dev/null; wait $pid; code=$?; apus rm victim >/dev/null; same $code 137'
check "--rm leaves nothing behind" empty
check "standard output and error stay apart, and the input ends" '
    same "$(echo in | apus run --rm -i --network none box sh -c "cat; echo err >&2" 2>err)" in && same "$(cat err)" err'
check "two thousand lines arrive whole and in order" '
    same "$(apus run --rm --network none box seq 2000 | cksum)" "$(seq 2000 | cksum)"'
check "a megabyte goes in and comes out" '
    head -c 1000000 /dev/zero | tr "\0" x >big; same "$(apus run --rm -i --network none box cat <big | cksum)" "$(cksum <big)"'
check "a terminal is a terminal, as wide as the one outside" '
    script -qec "stty rows 33 cols 77; apus run --rm -it --network none box sh -c \"tty; stty size\"" /dev/null </dev/null >screen; grep -q /dev/pts/ screen && grep -q "33 77" screen'
check "ctrl-p ctrl-q leaves the container alone" '
    mkfifo keys; (script -qec "apus run -it --network none --name kept box sh" /dev/null <keys >screen) & exec 3>keys
    eventually "[ \"\$(state kept)\" = running ]" && sleep 0.3 && printf "\020\021" >&3; exec 3>&-; wait
    same "$(state kept)" running; code=$?; apus rm -f kept >/dev/null; exit $code'
check "a signal to run reaches the program" '
    apus run --rm --network none --name trapped box sh -c "trap \"exit 9\" TERM; echo ready; while :; do sleep 0.1; done" >out & pid=$!
    eventually "grep -q ready out" && kill -TERM $pid; wait $pid; same $? 9'
check "attach shows what comes from then on, and ends with the program" '
    apus run -d --network none --name talks box sh -c "while [ ! -e /tmp/go ]; do sleep 0.05; done; echo later; exit 4" >/dev/null
    apus attach talks >out & pid=$!; sleep 0.5; apus exec talks touch /tmp/go; wait $pid; code=$?; apus rm -f talks >/dev/null
    same "$code $(cat out)" "4 later"'
check "exec: output, input, exit codes, variables, background" '
    sleeper ex && same "$(apus exec ex echo hi)" hi && same "$(echo x | apus exec -i ex cat)" x || exit
    apus exec ex sh -c "exit 5"; same $? 5 || exit; apus exec ex nosuch; same $? 127 || exit
    same "$(apus exec -e A=b -w /tmp ex sh -c "echo \$A \$PWD")" "b /tmp" || exit
    apus exec -d ex touch /tmp/there && eventually "apus exec ex ls /tmp/there" || exit
    script -qec "apus exec -it ex tty" /dev/null </dev/null | grep -q /dev/pts/'
check "exec: another user with his home, variables of files and of this shell, and --privileged" '
    same "$(apus exec -u user ex sh -c "id -u; id -g; echo \$HOME")" "1000
1000
/tmp" && same "$(apus exec -u 7:8 ex sh -c "id -u; id -g")" "7
8" && same "$(apus exec -u user ex grep CapEff /proc/self/status | tr -d "\t")" CapEff:0000000000000000 || exit
    printf "A=1\n#no\nB=2\n" >vars; same "$(OUT=er apus exec --env-file vars -e OUT -e B=3 ex sh -c "echo \$A\$B\$OUT")" 13er || exit
    ordinary=$(apus exec ex grep CapEff /proc/self/status); [ "$(apus exec --privileged ex grep CapEff /proc/self/status)" != "$ordinary" ] && apus exec -u nobodyhere ex true 2>err; same $? 1 && grep -q nobodyhere err'
check "pause freezes, unpause goes on, a paused container stops" '
    apus pause ex && same "$(state ex)" paused && apus ps | grep -q "(Paused)" || exit
    apus exec ex true && exit 1; apus unpause ex && same "$(state ex)" running && apus pause ex && apus stop -t 1 ex && same "$(state ex)" exited'
check "to stop with all the patience there is" 'apus start ex && apus stop -t 9223372036854775807 -s KILL ex >/dev/null && same "$(state ex)" exited'
check "a container that is stopped starts again with its files" '
    apus start ex && apus exec ex ls /tmp/there && apus kill ex && same "$(apus wait ex)" 137 && apus exec ex true; same $? 1'
check "rm refuses a container that runs, rm -f takes it" '
    apus start ex && apus rm ex; same $? 1 && apus rm -f ex && empty'
check "rm -f of what is not there is told, and is no failure" 'apus rm -f nosuch 2>err; same "$? $(cat err)" "0 apus: No such container: nosuch"'
check "a container is found by name, ID, and the beginning of an ID" '
    sleeper named; id=$(apus inspect -f "{{.Id}}" named)
    for word in named /named $id ${id:0:12} ${id:0:5}; do same "$(apus inspect -f "{{.Name}}" $word)" /named || exit; done'
check "inspect finds containers, images, networks and volumes, or only what --type says" '
    apus volume create kept >/dev/null; same "$(apus inspect -f "{{.Name}}" named bridge kept | tr "\n" " ")" "/named bridge kept " && apus inspect box | jq -e ".[0].RepoTags == [\"box:latest\"]" >/dev/null || exit
    apus inspect --type network named 2>err; same $? 1 && grep -q "named" err && apus inspect nosuch 2>err; same "$? $(cat err)" "1 apus: No such object: nosuch" || exit
    apus inspect --type x named 2>err; same $? 1 && apus exec named sh -c "head -c 5000 /dev/zero >/tmp/five"; apus inspect -s named | jq -e ".[0].SizeRw >= 5000" >/dev/null && apus volume rm kept >/dev/null'
check "a name is there once, and changes its owner" '
    sleeper named 2>err; same $? 125 && grep -q "Conflict. The container name \"/named\" is already in use" err || exit
    apus rename named other && sleeper named && apus rm -f named other && empty'
check "wait prints the exit code; of a removed container, too" '
    apus run -d --rm --network none --name waits box sh -c "while [ ! -e /tmp/go ]; do sleep 0.05; done; exit 6" >/dev/null
    apus wait waits >code & pid=$!; sleep 0.3; apus exec waits touch /tmp/go; wait $pid; same "$(cat code)" 6 && eventually empty'
check "logs: all, the last lines, times, since, following" '
    apus run -d --network none --name logs box sh -c "seq 5; echo err >&2; sleep 0.5; echo end" >/dev/null
    same "$(apus logs -f logs 2>/dev/null | tail -n 1)" end && same "$(apus logs -n 2 logs 2>/dev/null)" end || exit
    same "$(apus logs logs 2>&1 >/dev/null)" err && apus logs -t logs 2>/dev/null | grep -qE "^20[0-9-]+T[0-9:.]+Z 1$" || exit
    same "$(apus logs --since 2099-01-01T00:00:00Z logs)" "" && apus rm logs'
check "log options: a limit of size holds, one file is kept and that is told, others are refused" '
    apus run -d --network none --name small --log-opt max-size=2k --log-opt max-file=3 box seq 3000 >/dev/null 2>err; grep -q "max-file=3: one file is kept" err && apus wait small >/dev/null || exit
    same "$(apus logs -n 1 small)" 3000 && [ "$(stat -c %s "$(apus inspect -f "{{.LogPath}}" small)")" -le 2048 ] && apus rm small >/dev/null && apus create --log-opt tag=x box true 2>err; same $? 125 && grep -q "unknown log opt .tag." err'
check "a container that removes itself: restart keeps it, and rm -f names it" '
    apus run -d --rm --network none --name brief box sleep 100 >/dev/null && same "$(apus restart -t 0 brief)" brief && same "$(apus ps -a --format "{{.Names}} {{.State}}" -f name=brief)" "brief running" && same "$(apus rm -f brief 2>&1)" brief &&
    apus run -d --rm --network none --name brief box sleep 100 >/dev/null && apus restart -t 0 brief >/dev/null && apus stop -t 0 brief >/dev/null && same "$(apus ps -aq -f name=brief)" ""'
check "restart on-failure counts, and gives up" '
    apus run -d --network none --name again --restart on-failure:2 box sh -c "echo try; exit 3" >/dev/null
    eventually "[ \$(apus logs again | wc -l) = 3 ] && [ \$(state again) = exited ]" && same "$(apus inspect -f "{{.RestartCount}} {{.State.ExitCode}}" again)" "2 3"; code=$?; apus rm -f again >/dev/null; exit $code'
check "restart always starts again, until somebody stops it" '
    apus run -d --network none --name ever --restart always box sh -c "echo try; sleep 0.05" >/dev/null
    eventually "[ \$(apus logs ever | wc -l) -ge 3 ]" && apus stop ever && before=$(apus logs ever | wc -l) && sleep 0.7 && same "$(apus logs ever | wc -l)" "$before" && same "$(state ever)" exited
    code=$?; apus rm -f ever >/dev/null; exit $code'
check "events tell of a life" '
    since=$(date +%s.%N); apus run --rm --network none --name born box true
    same "$(apus events --since $since --until $(date +%s.%N) --format "{{.Action}}" -f container=born | tr "\n" " ")" "create start die destroy "'
check "stats and top show a container" '
    sleeper busy; apus stats --no-stream --format "{{.Name}} {{.PIDs}}" busy >out; apus top busy >top; script -qec "apus top busy -o pid,args" /dev/null </dev/null | tr -d "\r" >chosen; apus rm -f busy >/dev/null
    same "$(cat out)" "busy 1" && grep -q "sleep 1000" top && grep -qE "^ *[0-9]+ sleep 1000$" chosen'
for runtime in runc crun; do
    command -v $runtime >/dev/null || { skip "$runtime makes containers" "$runtime is not installed"; continue; }
    check "$runtime makes containers" "
        same \"\$(apus run --rm --network none --runtime $runtime box echo hi)\" hi && sleeper with --runtime $runtime && apus exec with sh -c 'exit 4'
        same \$? 4 && apus rm -f with && empty"
done

# Kills.
monitor() { local pid; for pid in $(pids_of_conmon); do tr "\0" " " <"/proc/$pid/cmdline" | grep -q -- "--name $1 " && echo "$pid"; done; true; }
pids_of_conmon() { local folder; for folder in /proc/[0-9]*; do [ "$(cat "$folder/comm" 2>/dev/null)" = conmon ] && echo "${folder#/proc/}"; done; true; }
export -f monitor pids_of_conmon
check "conmon killed: the container still runs, stops, and goes" '
    sleeper lost; kill -9 $(monitor lost) && same "$(state lost)" running && apus exec lost true && apus stop -t 0 lost && same "$(state lost)" exited && apus start lost && apus rm -f lost && empty'
check "conmon and the program killed: it is not running, and starts again" '
    sleeper lost; pid=$(apus inspect -f "{{.State.Pid}}" lost); kill -9 $(monitor lost); kill -9 $pid; eventually "[ \$(state lost) = exited ]" && same "$(apus wait lost)" 255 && apus start lost && apus rm -f lost && empty'
check "run killed at any moment: nothing is locked, and rm -f cleans up" '
    for step in 1 2 3 4 5 6 8 10 12 15 20 30; do
        apus run -d --network none --name "k$step" box sleep 1000 >/dev/null 2>&1 & pid=$!
        sleep 0.0$((step / 10))$((step % 10)); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
        timeout 20 apus ps -a >/dev/null || exit
        if apus inspect "k$step" >/dev/null 2>&1; then timeout 20 apus rm -f "k$step" >/dev/null || exit; fi
    done; empty'
check "stop and rm killed at any moment: they can be called again" '
    for step in 1 2 4 7 10 20; do
        sleeper "s$step"; timeout -s KILL 0.0$((step / 10))$((step % 10)) apus stop -t 0 "s$step"; timeout -s KILL 0.00$step apus rm -f "s$step"
        timeout 20 apus rm -f "s$step" || exit
    done >/dev/null 2>&1; empty'
check "what conmon runs killed: the next command deals with the end" '
    sleeper end; pid=$(apus inspect -f "{{.State.Pid}}" end); exec 9<"$(ls -d "$APUS_ROOT"/containers/*)"; flock 9
    kill -9 $pid; eventually "pgrep -f [c]ontainer-exited --root >/dev/null"; kill -9 $(pgrep -f "[c]ontainer-exited --root"); exec 9<&-
    same "$(state end)" exited && same "$(apus wait end)" 137 && apus rm end && empty'
finish
