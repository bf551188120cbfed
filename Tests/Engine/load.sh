#!/bin/bash
# Many at once: 200 containers on one network, eight at a time, whose names are asked for all the while; 1,000 published ports.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin load
image_root && cp "$BUILD/peer-tool" "$scratch/rootfs/bin/"
image busybox
many=${MANY:-200}
x() { apus exec "$@"; }
export -f x
export many
apus network create --subnet 10.44.0.0/16 net >/dev/null
apus run -tid --name asker --network net busybox >/dev/null
apus run -tid --name steady --network net --ip 10.44.9.9 busybox >/dev/null

# Asks for a name that is always there, and for those which come and go: an answer is right, or says there is none.
ask() {
    local n=0 lost=0 wrong=0 answer
    while [ ! -e "$scratch/asked-enough" ]; do
        answer=$(nsenter --net="$APUS_RUN/netns/$asker" dig @127.0.0.11 +short +time=3 +tries=1 steady 2>&1)
        n=$((n + 1))
        case $answer in 10.44.9.9) ;; *timed*|*refused*) lost=$((lost + 1)) ;; *) wrong=$((wrong + 1)) && echo "$answer" >>"$scratch/wrong" ;; esac
    done
    echo "$n $lost $wrong" >"$scratch/asked"
}
export asker
asker=$(apus inspect asker | jq -r '.[0].Id')
ask &
started=$SECONDS
check "$many containers start on one network, eight at a time" '
    seq "$many" | xargs -P 8 -I{} sh -c "apus run -d --name c{} --network net --network-alias all busybox sleep 1000 >/dev/null || echo {}" >failed 2>&1; [ ! -s failed ] || { head failed; exit 1; }
    same "$(apus ps -q | wc -l)" $((many + 2))'
echo "# $((SECONDS - started)) s"
check "each has an address of its own, and its name leads there" '
    apus network inspect net | jq -r ".[0].Containers[] | [.Name, (.IPv4Address | split(\"/\")[0])] | @tsv" | sort >addresses; same "$(cut -f 2 addresses | sort | uniq -d | wc -l)" 0 || exit 1
    sed "s/\t.*//" addresses >names; nsenter --net="$APUS_RUN/netns/$asker" dig @127.0.0.11 +noall +answer +time=3 -f names | awk "{ sub(/\\.\$/, \"\", \$1); print \$1 \"\t\" \$5 }" | sort >answers; diff addresses answers >differ || { head differ; exit 1; }'
check "an alias of all of them has all addresses" 'same "$(nsenter --net="$APUS_RUN/netns/$asker" dig @127.0.0.11 +short +tcp all | sort -u | wc -l)" "$many"'
check "half of them go, and their names with them" '
    seq 1 2 "$many" | xargs -P 8 -I{} sh -c "apus rm -f c{} >/dev/null || echo {}" >failed 2>&1; [ ! -s failed ] || { head failed; exit 1; }
    for n in 1 3 $((many - 1)); do same "$(nsenter --net="$APUS_RUN/netns/$asker" dig @127.0.0.11 +short c$n)" "" || exit 1; done'
touch "$scratch/asked-enough"
wait $!
check "all the while no answer was wrong, and none was lost" 'read -r n lost wrong <asked; echo "$n asked, $lost lost, $wrong wrong"; [ "$n" -gt 20 ] && [ "$lost $wrong" = "0 0" ]'
sed 's/^/# asked, lost, wrong: /' "$scratch/asked"
check "all go" 'apus ps -aq | xargs -P 8 -n 10 apus rm -f >/dev/null && same "$(apus ps -aq)" ""'
check "1,000 published ports" '
    apus run -d --name ports -p 20000-20999:20000-20999 busybox peer-tool serve hello 20000 20500 20999 >/dev/null || exit 1
    for p in 20000 20500 20999; do soon "[ \"\$(outside $BUILD/peer-tool ask tcp 10.0.2.15 $p)\" = \"hello 10.0.2.2\" ]" || exit 1; done
    same "$(pids_of apus-netd | wc -l)" 1 && same "$(apus ps --format "{{.Ports}}")" "0.0.0.0:20000-20999->20000-20999/tcp, [::]:20000-20999->20000-20999/tcp"'
check "all of it can be removed" 'apus rm -f ports >/dev/null; apus network rm net >/dev/null && same "$(apus ps -aq)" "" && stop_daemon'
finish '^apus0$|^br_?'
