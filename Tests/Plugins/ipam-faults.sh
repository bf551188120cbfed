#!/bin/bash
# The plugin ipam when it is killed or a call fails at every point; after a reboot; and what a call costs in a full network.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
begin ipam-faults ipam
. "$here/ipam.bash"
subnet='"subnet":"10.1.0.0/28"'

# Every system call a call makes after it has read its input, as "NAME NUMBER-OF-ITS-KIND".
input="{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"ipam\":{\"type\":\"ipam\",\"ranges\":[[{$subnet}],[{\"subnet\":\"fd00::/64\"}]]},\"cni.dev/valid-attachments\":[]}"
run() { # run VERB CONTAINER [STRACE-OPTION...]: watched when there are options; the shell's own word on who was killed is nobody's
    local watch=()
    [ $# = 2 ] || watch=(strace -o "$scratch/trace" "${@:3}")
    {
        env -i CNI_COMMAND="$1" CNI_CONTAINERID="$2" CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH=/ \
            "${watch[@]}" "$PLUGINS/ipam" <<<"$input" >"$scratch/out" 2>"$scratch/err"
    } 2>/dev/null
}
points() {
    run "$1" "$2" -e trace=all
    awk -F'(' '/^[a-z0-9_]+\(/ { seen[$1]++; if ($0 ~ /cniVersion/) begun = 1; else if (begun) print $1, seen[$1] }' "$scratch/trace" |
        grep -vE '^(exit_group|mmap|munmap|brk|madvise) '
}
# Whatever happened: no empty file, no file without an owner, each address once, and DEL and GC leave nothing.
settled() {
    local file
    for file in "$data"/net/[0-9f]*; do [ -s "$file" ] || [ ! -e "$file" ] || { echo "an empty file"; ls -la "$data/net"; return 1; }; done
    # Not jq, which takes 30 ms to start, at seven hundred points.
    run ADD witness && [[ $(<"$scratch/out") =~ ^\{.*\"ips\":\[\{\"address\":\"([0-9.]+)/28\"[^]]*\"address\":\"fd00::[0-9a-f]*/64\"[^]]*\] ]] || { echo "ADD afterwards"; cat "$scratch/out"; return 1; }
    [[ $(<"$data/net/${BASH_REMATCH[1]}") = witness* ]] || { echo "the file is not its owner's"; return 1; }
    run DEL victim && run DEL witness && [ ! -s "$scratch/out" ] || { echo "DEL afterwards"; cat "$scratch/out"; return 1; }
    run GC '' || { echo "GC afterwards"; cat "$scratch/out"; return 1; }
    for file in "$data"/net/* "$data"/net/.[!.]*; do
        case ${file##*/} in last_reserved_ip.[01] | lock | '*' | '.[!.]*') ;; *) echo "left:"; ls -lA "$data/net"; return 1 ;; esac
    done
}
sweep() { # sweep VERB NAME INJECTION [FILTER]: at each point of VERB, with an address of the victim's there for DEL and GC
    local verb=$1 name number status tried=0 missed=0 bad=0
    fresh
    [ "$verb" = ADD ] || run ADD victim
    run ADD keeper
    points "$verb" victim | grep -E "${4-.}" >"$scratch/points"
    while read -r name number; do
        fresh
        run ADD keeper
        [ "$verb" = ADD ] || run ADD victim
        run "$verb" victim -e "trace=$name" -e "inject=$name:$3:when=$number"
        status=$?
        # A call which was not made this time is no point.
        case $3 in signal=*) [ $status = 137 ] ;; *) [[ $(<"$scratch/trace") = *INJECTED* ]] ;; esac || missed=$((missed + 1))
        tried=$((tried + 1))
        settled >"$scratch/settled" 2>&1 || { bad=$((bad + 1)); echo "$name $number: $(head -c 300 "$scratch/settled")"; }
    done <"$scratch/points" >"$scratch/bad"
    if [ $bad = 0 ] && [ $tried -gt 5 ] && [ $tried -gt $((missed * 10)) ]; then ok "$2 of $verb at $((tried - missed)) points"; else
        not_ok "$2 of $verb at $tried points, $missed missed, $bad bad" <"$scratch/bad"
    fi
}
for verb in ADD DEL GC; do
    sweep $verb "kill -9" signal=KILL
    for error in EIO ENOSPC ENOMEM; do
        sweep $verb "$error" error=$error '^(openat|openat2|read|pread64|write|pwrite64|rename.*|unlink.*|ftruncate|flock|fstat|newfstatat|utimensat|fsetxattr|mkdir.*|getdents64) '
    done
done

# A reboot is another boot_id. What the reference made meanwhile is not ours to judge.
boot() { echo "$1-2222-3333-4444-555555555555" >"$scratch/boot_id"; mount --bind "$scratch/boot_id" /proc/sys/kernel/random/boot_id; }
fresh
boot 11111111
add old "$subnet"
add kept "$subnet"
printf 'reference\r\neth0' >"$data/net/10.1.0.9"
add sees "$subnet"
boot 99999999
rm -rf /run/apus
printf 'fresh\r\neth0' >"$data/net/10.1.0.10"
ipam STATUS '"subnet":"10.1.0.0/30"'
same "after a reboot only what was made since is left" "$code $(files)" "0 10.1.0.10=fresh/eth0 last_reserved_ip.0=10.1.0.4 "
add new "$subnet"
same "and addresses go on being given" "$(files)" "10.1.0.10=fresh/eth0 10.1.0.5=new/eth0 last_reserved_ip.0=10.1.0.5 "
boot 77777777
del fresh "$subnet"
same "what was seen in a boot is gone after it" "$(files)" "last_reserved_ip.0=10.1.0.5 "
umount /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/boot_id

# A /16 with 65,000 of 65,533 addresses taken, and an empty one: the same number of system calls.
fresh
big='"subnet":"10.1.0.0/16"'
calls() { # calls VERB CONTAINER
    env -i CNI_COMMAND="$1" CNI_CONTAINERID="$2" CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH=/ strace -o "$scratch/trace" "$PLUGINS/ipam" \
        <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"ipam\":{$big}}" >"$scratch/out"
    wc -l <"$scratch/trace"
}
add one "$big"
empty="$(calls ADD two) $(calls DEL two)"
fresh
mkdir -p "$data/net"
awk -v folder="$data/net" 'BEGIN { for (i = 2; i < 65002; i++) { file = folder "/10.1." int(i / 256) "." i % 256; printf "c%d\r\neth0", i > file; close(file) } }'
add one "$big"
same "the first call after the reference finds the free address" "$(addresses)" 10.1.253.234/16
full="$(calls ADD two) $(calls DEL two)"
# shellcheck disable=SC2086
set -- $empty $full
if [ $(($3 * 5)) -le $(($1 * 6)) ] && [ $(($4 * 5)) -le $(($2 * 6)) ]; then ok "a full /16 costs no more calls than an empty one: $full, $empty"; else
    not_ok "calls of ADD and DEL in a full /16" <<<"full: $full; empty: $empty"
fi
finish
