#!/bin/bash
# How plugins are run: much output, time limits, signals, a host that is killed, many hosts at a time.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host running

# waits SHELL: until it is true, for twenty seconds at most
waits() { for _ in {1..400}; do eval "$1" && return; sleep 0.05; done; return 1; }
# processes TEXT: the numbers of those with TEXT in their command line.
processes() { pgrep -f -- "$1" | xargs; }
sleeping() { [ -n "$(processes "sleep $1")" ]; }
# shellcheck disable=SC2046 # numbers
stop() { kill $(processes "sleep $1") 2>/dev/null; }
remembered() { find "$cache" -type f ! -name 'network-*' -printf '%f\n'; }

# Output and input.
does one ADD 'head -c 300000 /dev/zero | tr "\0" x >&2; printf "{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\""; head -c 1000000 /dev/zero | tr "\0" y; echo "\"}]}"'
does two ADD 'wc -c <"$record/two.ADD.input" >"$record/size"; printf %s "$input" | jq -c .prevResult'
add
same "a megabyte goes through the chain" "$code $(jq -r '.interfaces[0].name | length' <<<"$out") $(wc -c <"$scratch/err") $(($(<"$record/size") > 1000000))" "0 1000000 300000 1"
del
fresh
printf '#!/bin/sh\necho "{}"\n' >"$recorders/deaf" && chmod +x "$recorders/deaf"
jq -n '{cniVersion: "1.1.0", name: "deaf", plugins: [{type: "deaf", long: ("x" * 1000000)}]}' >"$networks/deaf.conflist"
add deaf
same "a plugin which does not read" "$code" 0
cni del deaf /run/netns/test
does three ADD 'echo "{}"; (sleep 1357 >/dev/null 2>&1 &)'
does two ADD 'echo "{}"; sleep 2468 &'
add
same "a plugin may leave a process behind, even one that holds its output" "$code $(sleeping 1357 && sleeping 2468 && echo both)" "0 both"
stop 1357 && stop 2468
del

# Output that goes nowhere.
fresh
CNI_PATH=$recorders NETCONFPATH=$networks "$PLUGINS/apus-cni" --cache-dir "$cache" add net /run/netns/test >/dev/full 2>"$scratch/err"
same "a result that cannot be told is undone" "$? $(calls | grep -o 'DEL.*') $(remembered)" "1 DEL:three DEL:two DEL:one "
has "and the reason is" "cannot write to standard output: write: No space left on device" "$(<"$scratch/err")"

# Busy.
fresh
sleep 1 9>>"$recorders/two" &
writer=$!
waits '[ -e /proc/$writer/fd/9 ] && [ "$(readlink /proc/$writer/fd/9)" = "$recorders/two" ]'
"$recorders/two" </dev/null >/dev/null 2>&1
if [ $? = 126 ]; then
    add
    same "K13: a program somebody still writes is tried again" "$code $(calls)" "0 ADD:one ADD:two ADD:three"
else
    skip "K13: a program somebody still writes is tried again" "this kernel starts it all the same"
fi
wait $writer

# Time.
fresh
does two ADD 'sleep 3579 & sleep 3579'
add net --timeout 1500ms
fails "K14: a plugin that takes too long" 'plugin type="two" failed (add): netplugin failed: it took longer than 1500 ms and was killed'
same "K14: its children are killed with it" "$(processes 'sleep 3579')" ""
same "K14: and its DEL is called: nobody knows what it did" "$(calls)" "ADD:one ADD:two DEL:two DEL:one"
fresh
does two DEL 'sleep 3579'
does three ADD 'echo "{\"code\":100,\"msg\":\"third\"}"; exit 1'
add net --timeout 2s
fails "a DEL that takes too long while undoing" 'third (not undone: plugin type="two" failed (delete): netplugin failed: it took longer than 2 s'
same "and the rest is undone all the same" "$(calls | grep -o 'ADD:three.*')" "ADD:three DEL:three DEL:two DEL:one"

# Signals. start COMMAND...: in the background; its number is in $host.
start() {
    CNI_PATH=$recorders NETCONFPATH=$networks "$PLUGINS/apus-cni" --cache-dir "$cache" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
    host=$!
}
ended() { wait "$host" 2>/dev/null; code=$?; out=$(<"$scratch/out") err=$(<"$scratch/err"); }
for row in 'TERM 143' 'HUP 129'; do
    read -r signal status <<<"$row"
    fresh
    does two ADD 'sleep 4680 & sleep 4680'
    start add net /run/netns/test
    waits 'sleeping 4680'
    kill -"$signal" "$host"
    ended
    same "SIG$signal in an ADD: it is undone" "$code $(calls) $(remembered)" "$status ADD:one ADD:two DEL:two DEL:one "
    has "SIG$signal in an ADD: it says so" "stopped by signal $((status - 128)), and undone" "$err"
    same "SIG$signal in an ADD: no process is left" "$(processes 'sleep 4680')" ""
done
# Ctrl-C reaches every process of a terminal's group: the plugin must not die of it in the middle of its undoing. A shell has its
# children in the background ignore SIGINT.
fresh
does two ADD 'sleep 4680'
does two DEL 'sleep 1; echo done >"$record/finished"'
setsid env --default-signal=INT CNI_PATH="$recorders" NETCONFPATH="$networks" "$PLUGINS/apus-cni" --cache-dir "$cache" add net /run/netns/test \
    >"$scratch/out" 2>"$scratch/err" </dev/null &
host=$!
waits 'sleeping 4680'
kill -INT -- "-$(pgrep -f -o "apus-cni --cache-dir $cache")"
ended
same "Ctrl-C in an ADD: it is undone to the end" "$code $(calls) $(<"$record/finished")" "130 ADD:one ADD:two DEL:two DEL:one done"
fresh
add
does two DEL 'echo started >"$record/started"; while [ ! -e "$record/go" ]; do sleep 0.05; done'
start del net /run/netns/test
waits '[ -e "$record/started" ]'
kill -TERM "$host"
sleep 0.2
: >"$record/go"
ended
same "one signal in a DEL: it goes on" "$code $(calls | grep -o 'DEL.*') $(remembered)" "0 DEL:three DEL:two DEL:one "
fresh
add
does two DEL 'echo started >"$record/started"; sleep 4680'
start del net /run/netns/test
waits 'sleeping 4680'
kill -TERM "$host"
# Two of one kind at once would be one.
sleep 0.2
kill -HUP "$host"
ended
same "two signals in a DEL: it ends" "$code $(processes 'sleep 4680') $(remembered)" "129  net-$id-eth0"
rm "$record/two.DEL"
del
works "and can be done again"

# kill -9 of the host: its plugin dies with it, and the next DEL, GC or ADD takes away what there was.
for plugin in one two three; do
    for way in del gc add; do
        fresh
        does $plugin ADD 'sleep 5791'
        start add net /run/netns/test
        waits 'sleeping 5791'
        kill -9 "$host"
        ended
        waits '[ -z "$(processes "$recorders/$plugin")" ]' || not_ok "kill -9 at $plugin: the plugin lives on" </dev/null
        stop 5791
        rm "$record/$plugin.ADD"
        cni list --json
        state=$(jq -r '.[].state' <<<"$out")
        forget_calls
        case $way in
        del) del; want='DEL:three DEL:two DEL:one' ;;
        gc) cni gc net; want='DEL:three DEL:two DEL:one GC:one GC:two GC:three' ;;
        add) add; want='DEL:three DEL:two DEL:one ADD:one ADD:two ADD:three' ;;
        esac
        same "kill -9 at the ADD of $plugin, then $way" "$state $code $(calls) $(find "$cache/apus-pending" -type f)" "pending 0 $want "
    done
done

# Many at a time. together COMMAND WORD...: one for each of 32 namespaces, at once.
fresh
for i in {1..32}; do container "many$i"; done
together() {
    local i
    for i in {1..32}; do
        CNI_PATH=$recorders NETCONFPATH=$networks "$PLUGINS/apus-cni" --cache-dir "$cache" "$@" "/run/netns/many$i" >/dev/null 2>>"$scratch/many" &
    done
    wait
}
for plugin in one two three; do does $plugin ADD 'sleep 0.3; echo "{}"'; done
started=$(date +%s%N)
together add net
took=$((($(date +%s%N) - started) / 1000000))
cni list --json
same "32 ADDs at a time" "$(jq -c '[.[] | select(.state == "attached")] | length' <<<"$out") $(cat "$scratch/many")" "32 "
# One after the other they would sleep for 28.8 s.
if [ $took -lt 25000 ]; then ok "and not one after the other"; else not_ok "and not one after the other" <<<"$took ms"; fi
same "no lock is left of them but the network's" "$(ls "$cache/apus-locks")" "network-net"
together del net
same "32 DELs at a time" "$(remembered) $(cat "$scratch/many")" " "
for i in {1..32}; do ip netns del "many$i"; done
fresh
for plugin in one two three; do
    does $plugin ADD 'mkdir "$record/busy" || echo "two at a time" >>"$record/wrong"; sleep 0.05; rmdir "$record/busy"; echo "{}"'
done
for i in {1..8}; do
    CNI_PATH=$recorders NETCONFPATH=$networks "$PLUGINS/apus-cni" --cache-dir "$cache" add net /run/netns/test -i "eth$i" >/dev/null 2>>"$scratch/one" &
done
wait
cni list --json
same "J11: one container's ADDs come one after the other" "$(jq length <<<"$out") $(cat "$record/wrong" 2>/dev/null) $(cat "$scratch/one")" "8  "
fresh
does one ADD 'echo add >>"$record/order"; while [ ! -e "$record/go" ]; do sleep 0.05; done; echo added >>"$record/order"; echo "{}"'
does one GC 'echo gc >>"$record/order"'
start add net /run/netns/test
waits '[ -e "$record/order" ]'
CNI_PATH=$recorders NETCONFPATH=$networks "$PLUGINS/apus-cni" --cache-dir "$cache" gc net >"$scratch/gc" 2>&1 &
gc=$!
sleep 0.3
does two ADD 'echo "{}"'
network third 1.1.0 '.plugins = [{type: "two"}]'
cni gc third
same "GC of one network does not wait for another" "$code" 0
: >"$record/go"
ended
wait $gc
same "H13: GC waits for an ADD, and finds it valid" "$(xargs <"$record/order") $(cat "$scratch/gc") $(input one GC | jq -c '."cni.dev/valid-attachments" | length')" "add added gc  1"
finish
