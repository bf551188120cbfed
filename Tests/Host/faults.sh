#!/bin/bash
# The host itself is killed, or a call of it fails, at every point of ADD and DEL: what is left is taken away by the next DEL, and by the
# next GC, even of plugins which have no GC.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host faults
if ! command -v strace >/dev/null; then
    skip "faults of the host" "strace is not installed"
    finish
fi

# A plugin whose whole work is a file.
cat >"$recorders/one" <<'END'
#!/bin/sh
file="$record/$CNI_CONTAINERID.${0##*/}"
case $CNI_COMMAND in
ADD) : >"$file" && echo '{"cniVersion":"1.1.0"}' ;;
DEL) rm -f "$file" ;;
esac
END
ln -f "$recorders/one" "$recorders/two" && ln -f "$recorders/one" "$recorders/three"
left() { find "$record" "$cache" -type f ! -name 'network-*' | sort; }
traced() {
    {
        CNI_PATH=$recorders NETCONFPATH=$networks timeout -k 1 30 strace -D -o "$scratch/trace" "${@:3}" \
            "$PLUGINS/apus-cni" --cache-dir "$cache" "$1" "$2" /run/netns/test >"$scratch/out" 2>"$scratch/err" </dev/null
    } 2>/dev/null
}
# points COMMAND: its system calls from the first of its own on, as "NAME NUMBER-OF-ITS-KIND".
points() {
    fresh
    [ "$1" = add ] || add
    traced "$1" net
    awk '/^[a-z0-9_]+\(/ { name = $0; sub(/\(.*/, "", name); seen[name]++
        if (/^signalfd/) begun = 1; else if (begun) print name, seen[name] }' "$scratch/trace" | grep -vE '^(exit_group|mmap|munmap|brk|madvise|close|getpid|rt_sig[a-z]*) '
}
# settled COMMAND STATUS: whether what the command left is in order.
settled() {
    [ "$2" != 124 ] || { echo "it hangs"; return 1; }
    cni list --json
    # Without jq, which takes longer to start than all the rest of a point.
    local attached=0
    [[ $out =~ \"state\":\ ?\"attached\" ]] && attached=1
    # A status is a promise: after success the record is there, or gone.
    if [ "$2" = 0 ]; then
        [ "$1:$attached" = add:1 ] || [ "$1:$attached" = del:0 ] || { echo "status 0, and $attached attached"; return 1; }
    elif [ "$1" = add ] && [ "$2" -lt 128 ] && [ "$attached" = 0 ] && [[ $out =~ ^\[[[:space:]]*\]$ ]] && [ -n "$(ls "$record")" ]; then
        echo "a failed ADD leaves what nobody remembers: $(ls "$record")"
        return 1
    fi
}
# sweep COMMAND FAULT: after it everything has to go by a DEL or by a GC, in turns.
sweep() {
    local command=$1 fault=$2 name number status tried=0 missed=0 bad=0
    points "$command" >"$scratch/points"
    while read -r name number; do
        fresh
        [ "$command" = add ] || add
        traced "$command" net -e "trace=$name" -e "inject=$name:$fault:when=$number"
        status=$?
        # A call which was not made this time is no point.
        case $fault in signal=*) [ $status = 137 ] ;; *) [[ $(<"$scratch/trace") = *INJECTED* ]] ;; esac || missed=$((missed + 1))
        tried=$((tried + 1))
        settled "$command" $status >"$scratch/settled" || bad=$((bad + 1))
        if [ $((tried % 2)) = 0 ]; then
            # What ended well is in use until its namespace goes.
            ip netns del test
            cni gc net
            ip netns add test
        else
            del
        fi
        [ "$code" = 0 ] && [ -z "$(left)" ] || { bad=$((bad + 1)); left >>"$scratch/settled"; }
        [ ! -s "$scratch/settled" ] || echo "$name $number (status $status): $(head -c 600 "$scratch/settled")"
    done <"$scratch/points" >"$scratch/bad"
    if [ $bad = 0 ] && [ $tried -gt $((missed * 10)) ]; then ok "$command: $fault at $((tried - missed)) points"; else
        not_ok "$command: $fault at $tried points, $missed missed, $bad bad" <"$scratch/bad"
    fi
}

sweep add signal=SIGKILL
sweep add error=ENOMEM
sweep del signal=SIGKILL
sweep del error=EIO
finish
