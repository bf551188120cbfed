#!/bin/bash
# The plugins without a suite of their own for it, when a call fails or they are killed at every point of every operation: what they
# answer is one document, a failed ADD leaves nothing, and DEL and GC leave nothing whatever happened. SWEPT names the plugins.
. "$(dirname "$0")/lib.sh"
swept=${SWEPT:-loopback none host container tuning}
# shellcheck disable=SC2086 # a list of words
begin faults $swept
if ! command -v strace >/dev/null; then
    skip "faults" "strace is not installed"
    finish
fi

container test
nsenter --net=/run/netns/test sh -c 'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 >$f; done; echo 0 >/proc/sys/net/ipv6/conf/lo/disable_ipv6'
mkdir -p /run/cni/tuning /run/netns/gone.d

# run PLUGIN VERB [STRACE-OPTION...]: watched when there are options; the shell's own word on who was killed is nobody's.
run() {
    local watch=()
    [ $# = 2 ] || watch=(strace -D -f -o "$scratch/trace" "${@:3}")
    {
        env -i CNI_COMMAND="$2" CNI_CONTAINERID=victim CNI_NETNS="$namespace" CNI_IFNAME=eth0 CNI_PATH=/ \
            timeout -k 1 20 "${watch[@]}" "$PLUGINS/$1" <<<"$input" >"$scratch/out" 2>"$scratch/err"
    } 2>/dev/null
}

# points PLUGIN VERB: every system call after the start of the program, as "NAME NUMBER-OF-ITS-KIND".
points() {
    run "$1" "$2" -e trace=all
    awk '{ sub(/^[0-9]+ +/, "") } /^[a-z0-9_]+\(/ { name = $0; sub(/\(.*/, "", name); seen[name]++
        if (/^rt_sigaction\(SIGPIPE/) begun = 1; else if (begun) print name, seen[name] }' "$scratch/trace" |
        grep -vE '^(exit_group|mmap|munmap|brk|madvise) '
}

# sweep PLUGIN VERB FAULT [FILTER]: with what ADD made there for the other verbs. Before each ADD the shell in $forget takes away what the
# first one of all leaves for good; with or without that is how it has to be afterwards.
sweep() {
    local plugin=$1 verb=$2 fault=$3 name number status tried=0 missed=0 bad=0
    run "$plugin" ADD && run "$plugin" DEL
    state >"$scratch/before"
    eval "$forget" && state >"$scratch/bare"
    [ "$verb" = ADD ] || run "$plugin" ADD
    points "$plugin" "$verb" | grep -E "${4-.}" >"$scratch/points"
    run "$plugin" DEL
    # A GC that came to its end has forgotten what the interface was like: DEL cannot give that back.
    [ "$verb" != GC ] || state >"$scratch/before"
    while read -r name number; do
        if [ "$verb" = ADD ]; then eval "$forget"; else run "$plugin" ADD; fi
        # Not with --seccomp-bpf: strace 6.1 then delivers no signal.
        run "$plugin" "$verb" -e "trace=$name" -e "inject=$name:$fault:when=$number"
        status=$?
        # A call which was not made this time is no point.
        case $fault in signal=*) [ $status = 137 ] ;; *) [[ $(<"$scratch/trace") = *INJECTED* ]] ;; esac || missed=$((missed + 1))
        tried=$((tried + 1))
        settled "$plugin" "$verb" "$status" >"$scratch/settled" 2>&1 || {
            bad=$((bad + 1))
            echo "$name $number (status $status): $(head -c 600 "$scratch/settled")"
        }
    done <"$scratch/points" >"$scratch/bad"
    if [ $bad = 0 ] && [ $tried -gt $((missed * 10)) ]; then ok "$plugin: $fault of ${forget:+the first }$verb at $((tried - missed)) points"; else
        not_ok "$plugin: $fault of ${forget:+the first }$verb at $tried points, $missed missed, $bad bad" <"$scratch/bad"
    fi
    echo $((tried - missed)) >>"$scratch/tried"
}

same_state() {
    local after
    after=$(<"$scratch/after")
    [ "$after" = "$(<"$scratch/before")" ] || [ "$after" = "$(<"$scratch/bare")" ] || diff "$scratch/before" "$scratch/after"
}

# settled PLUGIN VERB STATUS
settled() {
    # 124: it hung. Below 128 it ended by itself, and then has said one thing or nothing.
    [ "$3" != 124 ] || { echo "it hangs"; return 1; }
    if [ "$3" -lt 128 ] && [ -s "$scratch/out" ] && ! [[ $(<"$scratch/out") =~ $error_object ]] && ! jq -s -e 'length == 1' "$scratch/out" >/dev/null 2>&1; then
        echo "not one document:"; cat "$scratch/out"; return 1
    fi
    if [ "$2" = ADD ] && [ "$3" = 1 ]; then
        state >"$scratch/after"
        # A fault on the way back is beyond an ADD: DEL has to do.
        grep -q "cannot undo\|$1: " "$scratch/err" || same_state || { echo "a failed ADD leaves something"; return 1; }
    fi
    run "$1" DEL && [ ! -s "$scratch/out" ] || { echo "DEL afterwards:"; cat "$scratch/out" "$scratch/err"; return 1; }
    run "$1" GC && [ ! -s "$scratch/out" ] || { echo "GC afterwards:"; cat "$scratch/out" "$scratch/err"; return 1; }
    state >"$scratch/after"
    same_state || { echo "left after DEL and GC"; return 1; }
}

forget=
previous='"prevResult":{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","sandbox":"/run/netns/test"}],"ips":[]},"cni.dev/valid-attachments":[]'
for plugin in $swept; do
    namespace=/run/netns/test members=$previous
    case $plugin in
    none) members='"prevResult":{},"cni.dev/valid-attachments":[]' ;;
    host) namespace=/proc/self/ns/net ;;
    container) members="\"netns\":\"/run/netns/test\",$previous" ;;
    tuning)
        ip -n test link add eth0 address 02:00:00:00:00:01 type veth peer name far
        members="\"mtu\":1400,\"mac\":\"02:00:00:00:00:09\",\"sysctl\":{\"net.ipv4.conf.IFNAME.forwarding\":\"1\"},$previous"
        ;;
    portmap)
        ip link add br0 address 02:00:00:00:00:02 type bridge && ip link set br0 up && ip address add 10.1.0.1/24 dev br0
        members='"runtimeConfig":{"portMappings":[{"hostPort":80,"containerPort":8080},{"hostPort":53,"containerPort":53,"protocol":"udp","hostIP":"10.1.0.1"}]}'
        members=$members,${previous/'"ips":[]'/'"ips":[{"interface":0,"address":"10.1.0.2/24"}]'}
        ;;
    esac
    input=$(conf 1.1.0 $plugin "$members")
    if [ $plugin = portmap ]; then
        forget='nft flush ruleset'
        sweep portmap ADD signal=KILL
        sweep portmap ADD error=ENOMEM '^(open|socket|setns|send|recv|bind)'
        forget=
    fi
    for verb in ADD DEL CHECK GC STATUS; do
        sweep $plugin $verb signal=KILL
        sweep $plugin $verb error=EIO
        sweep $plugin $verb error=ENOMEM '^(open|socket|setns|send|recv|read|write|rename|fsync|mkdir|bind|fstatfs|newfstatat)'
    done
done
ok "points tried: $(awk '{ sum += $1 } END { print sum }' "$scratch/tried")"
finish
