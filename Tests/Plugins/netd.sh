#!/bin/bash
# The daemon apus-netd by itself: its command line, its socket, and published ports: who has one, and what the firewall cannot lead.
# shellcheck disable=SC2154
# The system's own python3: others put shims in front of it which take longer than the checks.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
. "$(dirname "$0")/lib.sh"
begin netd apus-netd
command -v python3 >/dev/null || { skip netd "python3 is not installed"; finish; }
program=$PLUGINS/apus-netd
netd() { for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$program" ] && basename "$p" && return; done; }
running=
trap 'for p in $running $(netd); do kill "$p" 2>/dev/null; done; rm -rf "$scratch"' EXIT
py() { python3 "$here/netd.py" "$@"; }

# The command line.
run() { out=$(timeout 10 "$program" "$@" 2>"$scratch/err"); code=$? err=$(<"$scratch/err"); }
run --version
same "--version" "$code $out" "0 apus-netd version 0.1.0"
run --help
same "--help names its options" "$code $(grep -c -e --daemon -e --foreground -e --run <<<"$out")" "0 3"
run --forground
same "an unknown option" "$code $err" "1 apus-netd: unknown option --forground (did you mean --foreground?); see 'apus-netd --help'"
run now
same "an argument too many" "$code $err" "1 apus-netd: unexpected argument 'now'; see 'apus-netd --help'"
run --daemon --foreground
same "background and foreground" "$code $err" "1 apus-netd: --daemon and --foreground exclude each other; see 'apus-netd --help'"
for file in "$scratch/nope.json" "$scratch/typo.json"; do
    echo '{"endpoint":[]}' >"$scratch/typo.json"
    run --daemon --overlay "$file"
    APUS_OVERLAY=$file run --daemon
    same "a cluster's file that is named and missing or wrong: $(basename "$file")" "$code $(grep -c -F -e "nope.json: No such file" -e "typo.json: endpoint: unknown" <<<"$err") $(netd)" "1 1 "
done
run --daemon --run /proc/apus
same "a run directory which cannot be made" "$code $err" "1 apus-netd: cannot make /proc/apus: mkdir /proc/apus: No such file or directory"
run --daemon
same "--daemon ends when it answers" "$code $err $(py call /run/apus/netd.sock '{"do":"status"}' | jq -c '[.ok, .dns, .ports]')" '0  [true,[],[]]'
run --daemon
same "a second one is not needed" "$code $err $(ps -C apus-netd -o pid= | wc -l)" "0  1"
run --foreground
same "nor in the foreground, where a person is told" "$code $err" "1 apus-netd: another apus-netd serves /run/apus"
for _ in {1..5}; do
    kill -9 "$(netd)"
    starts=
    for _ in {1..8}; do { "$program" --daemon 2>&1 || echo failed; } >>"$scratch/starts" & starts="$starts $!"; done
    # shellcheck disable=SC2086
    wait $starts
done
same "many at once become one" "$(<"$scratch/starts") $(ps -C apus-netd -o pid= | wc -l)" " 1"
same "its log and socket are root's" "$(stat -c %a /run/apus/netd.log /run/apus/netd.sock | xargs)" "600 700"

# The socket.
ask() { py call /run/apus/netd.sock "$@"; }
same "what is no call" "$(ask x '{"do":"y"}' '{"do":"sync","kind":"dns","record":"../x"}' | jq -r '[.code, .error] | join(" ")' | sed 's/: expected.*//')" \
    "$(printf 'bad-call malformed JSON: line 1, column 1\nbad-call do: unknown value '\''y'\'' (allowed: sync, overlay, status, stop)\nbad-call record: '\''../x'\'' is not the name of a file')"
same "a record which is not there is gone" "$(ask '{"do":"sync","kind":"ports","record":"no.json"}')" '{"ok":true}'
mkdir -p /run/apus/ports && echo '{"containerID":7}' >/run/apus/ports/bad.json
same "a record which cannot be read" "$(ask '{"do":"sync","kind":"ports","record":"bad.json"}')" \
    '{"error":"/run/apus/ports/bad.json: containerID: expected string, found integer","code":"bad-record"}'
rm /run/apus/ports/bad.json
chmod 777 /run/apus/netd.sock && chmod 755 /run/apus
same "only root may ask" "$(setpriv --reuid 65534 --clear-groups /usr/bin/python3 - <"$here/netd.py" call /run/apus/netd.sock '{"do":"stop"}' 2>&1 | jq -r .error) $(ask '{"do":"status"}' | jq .ok)" "only root may ask true"
same "a line that is too long ends the call alone" "$(ask "$(printf 'x%.0s' {1..70000})" 2>/dev/null) $(ask '{"do":"status"}' | jq .ok)" " true"

# Published ports: a container with IPv4 alone.
container test && ip link add host0 type veth peer name eth0 netns test && ip link set host0 up && ip address add 10.1.0.1/24 dev host0
ip -n test link set lo up && ip -n test link set eth0 up && ip -n test address add 10.1.0.2/24 dev eth0
ip address add fd00::15/64 dev lo nodad
nsenter --net=/run/netns/test python3 "$here/netd.py" serve >"$scratch/served" &
running=$!
until [ -s "$scratch/served" ]; do sleep 0.02; done
port() { printf '{"protocol":"%s","hostPort":%s,"containerIP":"10.1.0.2","containerPort":%s%s}' "$1" "$2" "$3" "${4:+,\"hostIP\":\"$4\"}"; }
publish() { # publish CONTAINER PORT...
    local IFS=,
    printf '{"containerID":"%s","ports":[%s]}' "$1" "${*:2}" >"/run/apus/ports/$1.json"
    ask "{\"do\":\"sync\",\"kind\":\"ports\",\"record\":\"$1.json\"}"
}
withdraw() { rm "/run/apus/ports/$1.json" && ask "{\"do\":\"sync\",\"kind\":\"ports\",\"record\":\"$1.json\"}" >/dev/null; }
listening() { ss -Hlntu "sport = :$1" | awk '{ print $1, $5 }' | sort | xargs; }
same "ports are held" "$(publish one "$(port tcp 80 5000)" "$(port udp 80 5000)" "$(port tcp 81 5001)" "$(port tcp 82 5002 127.0.0.1)")" '{"ok":true}'
same "O-44: for both families" "$(listening 80); $(listening 82)" "tcp 0.0.0.0:80 tcp [::]:80 udp 0.0.0.0:80 udp [::]:80; tcp 127.0.0.1:82"
for address in ::1 fd00::15 127.0.0.1 10.1.0.1; do
    same "O-45: by TCP from $address, to the end of both sides" "$(timeout 60 python3 "$here/netd.py" tcp $address 80 20000000)" same
    same "O-45: by UDP from $address, each client its own answer" "$(timeout 60 python3 "$here/netd.py" udp $address 80 100)" 100
done
# The server gives up after two seconds without a byte taken; a daemon that takes without end never lets it.
rm -f /run/sent
timeout 30 python3 -c 'import os, socket, time; c = socket.create_connection(("::1", 81))
while not os.path.exists("/run/sent"): time.sleep(0.1)'
for _ in {1..100}; do [ -s /run/sent ] && break; sleep 0.05; done
same "a client that does not read stops the server, not the daemon" "$(s=$(cat /run/sent); [ "$s" -lt 200000000 ] && echo stopped || echo "$s")" stopped
same "a port nobody serves in the container" "$(publish two "$(port tcp 90 9)"; timeout 10 python3 -c 'import socket; print(socket.create_connection(("::1", 90)).recv(1))')" "$(printf '{"ok":true}\nb'\'''\''')"
same "O-49: a port another container has" "$(publish three "$(port tcp 91 5000)" "$(port tcp 80 5000)")" \
    '{"error":"Bind for 0.0.0.0:80 failed: port is already allocated","code":"port-taken","owner":"one"}'
same "nothing of it is held" "$(listening 91)" ""
same "one address of those is taken, too" "$(publish three "$(port tcp 80 5000 127.0.0.1)" | jq -r .owner) $(publish three "$(port tcp 82 5000 127.0.0.2)")" 'one {"ok":true}'
py hold 127.0.0.1 93 >"$scratch/held" &
running="$running $!"
until [ -s "$scratch/held" ]; do sleep 0.02; done
same "a port a program has" "$(publish four "$(port tcp 93 5000)")" \
    '{"error":"failed to bind host port 0.0.0.0:93/tcp: address already in use","code":"port-taken"}'
rm /run/apus/ports/four.json
same "a changed record keeps what it can" "$(publish one "$(port tcp 80 5000)" "$(port tcp 83 5000)") $(listening 80) $(listening 83) $(listening 81)" \
    '{"ok":true} tcp 0.0.0.0:80 tcp [::]:80 tcp 0.0.0.0:83 tcp [::]:83 '
same "the kernel's memory of it" "$(py tcp ::1 83 1000000)" same

# All containers share the daemon: clients of one port which do nothing do not take its descriptors.
ask '{"do":"stop"}' >/dev/null
while [ -n "$(netd)" ]; do sleep 0.05; done
(ulimit -n 64 && run --daemon && [ "$code" = 0 ]) || not_ok "with few descriptors" <"$scratch/err"
publish idle "$(port tcp 94 5002)" "$(port udp 94 5000)" "$(port tcp 95 5000)" >/dev/null
python3 "$here/netd.py" crowd ::1 94 60 >"$scratch/crowd" &
crowd=$!
until [ -s "$scratch/crowd" ]; do sleep 0.02; done
same "of sixty idle clients of a port a few are served, the others are closed" "$(<"$scratch/crowd")" "4 56"
same "by UDP the same" "$(timeout 60 python3 "$here/netd.py" udp ::1 94 9)" 8
same "the clients of another port are served" "$(py tcp ::1 95 100000)" same
same "a call is answered" "$(timeout 10 python3 "$here/netd.py" call /run/apus/netd.sock '{"do":"status"}' | jq -c .ok)" true
same "the log tells it once" "$(grep -c 'clients at once, more are sent away' /run/apus/netd.log)" 2
kill $crowd && wait $crowd 2>/dev/null
# The container holds each for a minute.
same "when they have gone, others are served" "$(for _ in {1..700}; do s=$(ask '{"do":"status"}' | jq '[.ports[].clients] | add'); [ "$s" -le 8 ] && break; sleep 0.1; done; py crowd ::1 94 2 end)" "2 0"
withdraw idle
ask '{"do":"stop"}' >/dev/null
while [ -n "$(netd)" ]; do sleep 0.05; done
run --daemon

# A thousand ports in one process; it dies and comes back with all of them.
many=()
for number in {10000..10999}; do many+=("$(port tcp $number 5000)"); done
same "a thousand ports" "$(publish many "${many[@]}") $(ss -Hlnt | grep -c ':10[0-9][0-9][0-9] ')" '{"ok":true} 2000'
same "in one process, with little memory" "$(awk '/VmRSS/ { print ($2 < 65536) ? "yes" : $2 }' "/proc/$(netd)/status")" yes
kill -9 "$(netd)"
# A process which ends has no program any more before its two thousand sockets are closed.
held() { ss -Hlnt | grep -c ':10[0-9][0-9][0-9] '; }
for _ in {1..200}; do [ -z "$(netd)" ] && [ "$(held)" = 0 ] && break; sleep 0.05; done
same "killed, nothing is held" "$(held)" 0
run --daemon
same "back, everything is" "$code $err $(ss -Hlnt | grep -c ':10[0-9][0-9][0-9] ') $(py tcp ::1 10999 1000000)" "0  2000 same"
for name in many one two three; do withdraw $name; done
same "withdrawn, nothing is" "$(ss -Hlntu | grep -v ':93 ')" ""
same "no descriptor is left behind" "$(for _ in {1..50}; do n=$(ls "/proc/$(netd)/fd" | wc -l); [ "$n" -lt 20 ] && break; sleep 0.1; done; [ "$n" -lt 20 ] && echo few || echo "$n")" few

# A namespace by the number of a process: the kernel never tells that it has gone, so nothing of it is watched.
watches() { grep -h ^inotify "/proc/$(netd)"/fdinfo/* | wc -l; }
before=$(watches)
mkdir -p /run/apus/dns
nsenter --net=/run/netns/test sleep 600 &
process=$!
running="$running $process"
until [ "$(readlink "/proc/$process/exe")" = "$(readlink -f "$(command -v sleep)")" ]; do sleep 0.02; done
printf '{"network":"net","containerID":"c","interface":"eth0","namespace":"/proc/%s/ns/net"}' $process >/run/apus/dns/c.json
same "names for a namespace of /proc" "$(ask '{"do":"sync","kind":"dns","record":"c.json"}' | jq -c .ok) $(($(watches) - before)) watched" "true 0 watched"
kill $process && wait $process 2>/dev/null
served() { ask '{"do":"status"}' | jq -c '[.dns[].records[]]'; }
same "it is noticed all the same" "$(for _ in {1..200}; do [ "$(served)" = '[]' ] && break; sleep 0.1; done; served)" "[]"
rm /run/apus/dns/c.json && rmdir /run/apus/dns

# A record that goes while the daemon starts: whoever removes it tells a daemon that listens, and nobody where none does yet.
# slow COMMAND...: each bind(2) of it takes 0.7 seconds; what it does is in $scratch/binds.
slow() { strace -D -f -qq -o "$scratch/binds" -e trace=bind -e inject=bind:delay_enter=700000 "$@"; }
bound() { for _ in {1..400}; do grep -q "htons($1)" "$scratch/binds" 2>/dev/null && return; sleep 0.05; done; return 1; }
if command -v strace >/dev/null; then
    publish one "$(port tcp 80 5000)" >/dev/null
    kill -9 "$(netd)"
    slow "$program" --run /run/apus 2>"$scratch/slow" &
    running="$running $!"
    bound 80
    rm /run/apus/ports/one.json && ask '{"do":"sync","kind":"ports","record":"one.json"}' 2>/dev/null
    for _ in {1..400}; do [ "$(ask '{"do":"status"}' 2>/dev/null | jq .ok)" = true ] && break; sleep 0.05; done
    same "a port that is let go while the daemon starts is free" "$(listening 80) $(ask '{"do":"status"}' | jq -c .ports)" " []"
    publish one "$(port tcp 80 5000)" >/dev/null
    kill -9 "$(netd)"
    rm "$scratch/binds"
    slow "$program" --daemon & first=$!
    bound 80
    run --daemon
    same "who waits for a daemon that starts waits until it serves" "$code $err $(listening 80)" "0  tcp 0.0.0.0:80 tcp [::]:80"
    wait $first
    withdraw one
else
    skip "records that go while the daemon starts" "strace is not installed"
fi

# Whoever removes a record may be killed before it can tell.
publish one "$(port tcp 80 5000)" >/dev/null && rm /run/apus/ports/one.json
same "a record which goes without a word lets its port go" "$(for _ in {1..200}; do [ -z "$(listening 80)" ] && break; sleep 0.1; done; listening 80)" ""

# Its log is of bounded size.
for _ in 1 2; do head -c 1048570 /dev/zero | tr '\0' x >/run/apus/netd.log; ask '{"do":"stop"}' >/dev/null; while [ -n "$(netd)" ]; do sleep 0.05; done; run --daemon; done
same "the log is begun anew when it is long" "$(ls /run/apus | grep log | xargs) $([ "$(stat -c %s /run/apus/netd.log)" -lt 1000 ] && echo short)" "netd.log netd.log.1 short"
ask '{"do":"stop"}' >/dev/null
while [ -n "$(netd)" ]; do sleep 0.05; done
same "stop ends it" "$(ls /run/apus | xargs)" "netd.lock netd.log netd.log.1 ports"
finish
