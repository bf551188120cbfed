#!/bin/bash
# Streams and terminals: which streams are attached, how one leaves a container or a program in it, and who gets signals.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin terminals
root=$scratch/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev}
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true sleep echo cat ls touch stty yes head; do ln -sf busybox "$root/bin/$name"; done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
image box || exit 1
apus run -d --network none --name up box sleep 1000 >/dev/null
state() { apus inspect -f '{{.State.Status}}' "$1"; }
eventually() { local _; for _ in {1..400}; do eval "$1" && return; sleep 0.05; done; echo "not within twenty seconds: $1"; return 1; }
# typed COMMAND: starts it on a terminal in the background; what descriptor 3 gets is typed, the screen is in "screen", its exit code in "ended".
typed() { rm -f keys screen ended; mkfifo keys; (script -qec "$1" /dev/null <keys >screen; echo $? >ended) & exec 3<>keys; }
# there NAME: touched by a program in the container.
there() { apus exec up ls "/tmp/$1" >/dev/null 2>&1; }
export -f state eventually typed there

check "exec -it: ctrl-p ctrl-q leaves the program, which goes on and leaves nothing when it ends" '
    typed "apus exec -it up sh -c \"touch /tmp/began; while [ ! -e /tmp/stop ]; do sleep 0.05; done; touch /tmp/went\""; eventually "there began" && printf "\020\021" >&3 && eventually "[ -e ended ]" && same "$(cat ended)" 0 && grep -q "read escape sequence" screen || exit
    ls "$APUS_RUN/exec" | grep -q . && apus top up | grep -q "while" && apus exec up touch /tmp/stop && eventually "there went" && eventually "[ -z \"\$(ls \$APUS_RUN/exec)\" ]"'
check "exec -it: keys of ones own, one key; half of them is typed text" '
    typed "apus exec -it --detach-keys ctrl-a,x up sh"; printf "touch /tmp/a\020\021b\n" >&3; printf "touch /tmp/own\n" >&3; eventually "there own" && [ ! -e ended ] && printf "\001x" >&3 && eventually "[ -e ended ]" && grep -q "read escape" screen || exit
    typed "apus exec -it --detach-keys @ up sh"; printf "touch /tmp/one\n" >&3; eventually "there one" && printf "@" >&3 && eventually "[ -e ended ]" && grep -q "read escape" screen || exit
    apus exec -it --detach-keys ctrl-7 up true 2>err; same $? 1 && grep -q "invalid detach keys" err; code=$?; apus restart -t 0 up >/dev/null; exit $code'
check "exec -it: exit codes, output to the last byte, the size of the terminal" '
    for code in 0 5; do script -qec "apus exec -it up sh -c \"exit $code\"" /dev/null </dev/null >screen; same $? $code || exit; done
    script -qec "apus exec -it up nosuch" /dev/null </dev/null >screen; same $? 127 && grep -q "nosuch" screen || exit; script -qec "apus exec -it up /etc/passwd" /dev/null </dev/null >screen; same $? 126 || exit
    script -qec "apus exec -it up sh -c \"i=0; while [ \\\$i -lt 20000 ]; do echo line\\\$i; i=\\\$((i + 1)); done\"" /dev/null </dev/null | tr -d "\r" >screen; same "$(grep -c "line[0-9]*$" screen) $(tail -n 1 screen)" "20000 line19999" || exit
    script -qec "stty rows 31 cols 71; apus exec -it up stty size" /dev/null </dev/null >screen; grep -q "31 71" screen || { cat screen; exit 1; }; eventually "[ -z \"\$(ls \$APUS_RUN/exec)\" ]"'
check "exec -it: the container ends meanwhile" '
    typed "apus exec -it up sh"; printf "touch /tmp/mid\n" >&3; eventually "there mid" && apus kill up >/dev/null && eventually "[ -e ended ]" && same "$(cat ended)" 137 && eventually "[ -z \"\$(ls \$APUS_RUN/exec)\" ]"; code=$?; apus start up >/dev/null; exit $code'
check "run -a: only what is asked for" '
    two="echo out; echo err >&2"; same "$(apus run --rm --network none -a stdout box sh -c "$two" 2>&1)" out && same "$(apus run --rm --network none -a STDERR box sh -c "$two" 2>&1)" err || exit
    same "$(apus run --rm --network none -a stdout -a stderr box sh -c "$two; exit 3" 2>err; echo $?)" "out
3" && same "$(cat err)" err || exit
    same "$(echo in | apus run --rm -i -a stdin -a stdout --network none box cat)" in || exit
    apus run -d -a stdout --network none box true 2>err; same $? 125 && grep -q "Conflicting options: -a and -d" err || exit; apus run -a foo --network none box true 2>err; same $? 125 && grep -q "valid streams are" err'
check "run -a stdin: the ID is printed, and run ends with the input" '
    id=$(echo in | apus run -i -a stdin --network none --name fed box sh -c "cat; sleep 1000") && same "$id" "$(apus inspect -f "{{.Id}}" fed)" && eventually "[ \"\$(apus logs fed)\" = in ]" && same "$(state fed)" running; code=$?; apus rm -f fed >/dev/null; exit $code'
check "attach --sig-proxy=false: ctrl-c ends attach alone; with the proxy the program gets it" '
    timeout -k 3 -s INT 1 apus attach --sig-proxy=false up; same "$?" 124 && same "$(state up)" running || exit
    apus run -d --network none --name trapped box sh -c "trap \"exit 9\" INT; while :; do sleep 0.1; done" >/dev/null; timeout -k 5 -s INT --preserve-status 1 apus attach trapped; code=$?; apus rm -f trapped >/dev/null; same $code 9'
check "attach and start: the keys leave the container alone" '
    apus run -dit --network none --name shell box sh >/dev/null; typed "apus attach --detach-keys ctrl-x shell"; printf "touch /tmp/x\n" >&3; eventually "apus exec shell ls /tmp/x >/dev/null 2>&1" && printf "\030" >&3 && eventually "[ -e ended ]" && same "$(cat ended) $(state shell)" "0 running" || exit
    apus stop -t 0 shell >/dev/null; typed "apus start -ai --detach-keys ctrl-x shell"; printf "touch /tmp/y\n" >&3; eventually "apus exec shell ls /tmp/y >/dev/null 2>&1" && printf "\030" >&3 && eventually "[ -e ended ]" && same "$(cat ended) $(state shell)" "0 running"; code=$?; apus rm -f shell >/dev/null; exit $code'
check "a reader who goes ends run, as a signal would; the container goes on" '
    apus run --network none --name chatty box yes | head -n 1 >first; same "${PIPESTATUS[0]} $(cat first) $(state chatty)" "141 y running"; code=$?; apus rm -f chatty >/dev/null; exit $code'
check "all of it goes" 'apus rm -f up >/dev/null; same "$(apus ps -aq)" ""'
finish
