#!/bin/bash
# kill -9 of apus, of conmon, of apus-netd, at any moment: nothing stored is lost, nobody is blocked, and
# `apus system check --repair` brings everything back.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin faults
image busybox
x() { apus exec "$@"; }
web='hostname >/tmp/index.html; exec busybox httpd -f -p 80 -h /tmp'
export web
export -f x
apus network create --subnet 192.168.0.0/24 net >/dev/null
apus run -d --name steady --network net -p 8080:80 busybox sh -c "$web" >/dev/null

# after MILLISECONDS COMMAND...: kills the command, and all it started itself, that long after its start.
after() {
    local wait=$1 pid
    shift
    "$@" >/dev/null 2>&1 &
    pid=$!
    sleep "$(printf '0.%03d' "$wait")"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    true
}
export -f after
# healthy: what was there is there, and works.
healthy() { same "$(get 127.0.0.1 8080)" "$(x steady hostname)" && apus ps --format '{{.Names}}' | grep -q '^steady$'; }
export -f healthy

points=0
for verb in run start stop rm connect disconnect; do
    for wait in 2 5 9 14 20 30 45 70; do
        points=$((points + 1))
        case $verb in
        run) shell='after $wait apus run -d --name victim --network net --restart no -p 8081:80 busybox sh -c "$web"' ;;
        start) shell='apus create --name victim --network net -p 8081:80 busybox sh -c "$web" >/dev/null; after $wait apus start victim' ;;
        stop) shell='apus run -d --name victim --network net -p 8081:80 busybox sh -c "$web" >/dev/null; after $wait apus stop -t 0 victim' ;;
        rm) shell='apus run -d --name victim --network net -p 8081:80 busybox sh -c "$web" >/dev/null; after $wait apus rm -f victim' ;;
        connect) shell='apus run -d --name victim -p 8081:80 busybox sh -c "$web" >/dev/null; after $wait apus network connect net victim' ;;
        disconnect) shell='apus run -d --name victim -p 8081:80 busybox sh -c "$web" >/dev/null; apus network connect net victim; after $wait apus network disconnect net victim' ;;
        esac
        wait=$wait bash -c "$shell"
        if ! { timeout 20 apus system check --repair && timeout 20 apus rm -f victim; timeout 10 apus ps -a --format '{{.Names}}' >"$scratch/names" && ! grep -q victim "$scratch/names" && healthy && ! ss -Hlnt 'sport = :8081' | grep -q .; } >"$scratch/shown" 2>&1; then
            not_ok "apus $verb killed after $wait ms" < <(cat "$scratch/shown" "$scratch/names")
            apus rm -f victim >/dev/null 2>&1
        fi
    done
done
check "apus was killed at $points moments, and nothing was lost" 'healthy && same "$(apus network inspect net | jq ".[0].Containers | length")" 1'
check "addresses come back: none is held by nobody" '
    apus run -d --name aa --network net busybox sleep 100 >/dev/null && same "$(address aa net)" 192.168.0.3; code=$?; apus rm -f aa >/dev/null; exit $code'
check "kill -9 of apus-netd: names and ports come back with the repair, or with the next who asks" '
    apus run -tid --name asker --network net busybox >/dev/null; same "$(x asker dig +short steady)" 192.168.0.2 || exit 1
    kill -9 $(pids_of apus-netd); apus system check >found; [ $? != 0 ] || { cat found; exit 1; }; grep -q "apus-netd" found || { cat found; exit 1; }
    apus system check --repair; same "$(x asker dig +short steady)" 192.168.0.2 && same "$(get "[::1]" 8080)" "$(x steady hostname)" && apus system check'
check "kill -9 of conmon: the container can be removed, and started anew" '
    pid=$(for p in /proc/[0-9]*; do tr "\0" " " <$p/cmdline 2>/dev/null | grep -q "^[^ ]*conmon .*$(apus inspect asker | jq -r ".[0].Id")" && echo ${p#/proc/}; done | head -n 1); [ -n "$pid" ] && kill -9 "$pid"
    apus system check --repair >/dev/null; timeout 20 apus restart -t 0 asker >/dev/null && same "$(x asker dig +short steady)" 192.168.0.2'
check "kill -9 of the container: its address and port are free" '
    kill -9 "$(apus inspect steady | jq ".[0].State.Pid")"; soon "[ -z \"\$(apus ps -q -f name=steady)\" ]" && soon "! ss -Hlnt \"sport = :8080\" | grep -q ." && apus start steady >/dev/null && soon "[ \"\$(get 127.0.0.1 8080)\" != nothing ]" && healthy'
check "a flushed firewall" '
    nft flush ruleset; apus system check >found && { cat found; exit 1; }; apus system check --repair >/dev/null && same "$(outside get 10.0.2.15 8080)" "$(x steady hostname)"'
check "a reboot: /run is empty, the machine knows its containers" '
    apus stop -t 0 steady asker >/dev/null; stop_daemon; for n in "$APUS_RUN"/netns/*; do umount "$n"; done; rm -rf "${APUS_RUN:?}"/*; same "$(apus ps -aq | wc -l)" 2 && apus start steady >/dev/null && soon "[ \"\$(get 127.0.0.1 8080)\" != nothing ]" && healthy'
check "a full disk: the error says so, and nothing is half made" '
    mkdir small && mount -t tmpfs -o size=300k small small && APUS_ROOT=$scratch/small APUS_RUN=$scratch/small-run apus network create full >/dev/null; dd if=/dev/zero of=small/fill bs=1k 2>/dev/null
    APUS_ROOT=$scratch/small APUS_RUN=$scratch/small-run apus network create more >/dev/null 2>said; code=$?; same "$(APUS_ROOT=$scratch/small APUS_RUN=$scratch/small-run apus network ls -q -f type=custom | wc -l)" 1 && [ $code != 0 ] && grep -qi "no space" said; code=$?; umount small; exit $code'
check "a container that has filled the disk is stopped and removed, also by --rm" '
    apus save -o box.tar busybox && mkdir disk && mount -t tmpfs -o size=250m disk disk || exit; export APUS_ROOT=$scratch/disk APUS_RUN=$scratch/disk-run
    n="--network none"; apus load -q -i box.tar >/dev/null && rm box.tar && apus run -d $n --name fat busybox sleep 1000 >/dev/null && apus run -d $n --rm --name thin busybox sleep 1000 >/dev/null || exit
    fill() { apus exec "$1" sh -c "cat /dev/zero >/fill" 2>/dev/null; dd if=/dev/zero of=disk/rest bs=1 2>/dev/null; }
    fill thin; apus volume create more >/dev/null 2>&1 && exit 1; apus stop -t 0 fat >/dev/null && same "$(apus ps -a --format "{{.Names}} {{.State}}" -f name=fat)" "fat exited" && apus kill thin >/dev/null && soon "[ -z \"\$(apus ps -aq -f name=thin)\" ]" || exit
    rm -f disk/rest; apus start fat >/dev/null && fill fat; apus rm -f fat >/dev/null && same "$(apus ps -aq)$(ls disk/containers)" ""; code=$?
    umount disk; exit $code'
check "a full disk, whoever has filled it, is in the way of no removal" '
    apus save -o box.tar busybox && mkdir full && mount -t tmpfs -o size=250m full full || exit; APUS_ROOT=$scratch/full; export APUS_ROOT APUS_RUN=$scratch/full-run
    apus load -q -i box.tar >/dev/null && rm box.tar && for n in one two three; do apus run -d --network none --name $n busybox sleep 1000 >/dev/null || exit; done; apus run -d --name four busybox sleep 1000 >/dev/null && apus kill three >/dev/null && apus run -d --network none --name loud busybox yes >/dev/null || exit
    soon "! dd if=/dev/zero of=full/rest bs=1 count=5000 2>/dev/null" || soon "! dd if=/dev/zero of=full/rest bs=1 count=5000 2>/dev/null" || soon "! dd if=/dev/zero of=full/rest bs=1 count=5000 2>/dev/null"
    apus kill one >/dev/null; same "$(apus rm -f two three four)" "two
three
four" && apus container prune -f | grep -q . && same "$(apus rm -f loud)" loud && apus system prune -f >/dev/null && same "$(apus ps -aq)$(ls full/containers)" ""; code=$?
    umount full; exit $code'
check "a plugin is missing: what --rm made goes, and the rest can be removed" '
    CNI_PATH=/nowhere apus run --rm --name none busybox true 2>said; same $? 125 && grep -q /nowhere said && same "$(apus ps -aq -f name=none)" "" && CNI_PATH=/nowhere apus run -d --name none busybox true >/dev/null 2>&1; same $? 125 && same "$(CNI_PATH=/nowhere apus rm none)" none && apus create --rm --name none busybox true >/dev/null && CNI_PATH=/nowhere apus start none 2>/dev/null; same $? 1 && same "$(apus ps -aq -f name=none)" ""'
check "a network name which is too long for its files is refused" '
    apus network create "$(printf "x%.0s" {1..129})" 2>said; same $? 1 && grep -q "129 characters, at most 128" said && long=$(printf "x%.0s" {1..128}) && apus network create "$long" >/dev/null && apus run --rm --network "$long" busybox true && apus network rm "$long" >/dev/null'
check "all of it can be removed" 'apus rm -f steady asker >/dev/null; apus network rm net >/dev/null && same "$(apus ps -aq)" "" && apus system check && stop_daemon'
finish '^apus0$|^br_?'
