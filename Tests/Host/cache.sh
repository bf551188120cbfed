#!/bin/bash
# What is remembered: section L of the contract, and GC's part of H.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host cache

network net 1.1.0 '.plugins[0].capabilities = {z: true, a: true}'
cat >"$record/one.ADD" <<'END'
echo '{"cniVersion":"1.1.0","routes":[{"gw":"10.0.0.1","dst":"0.0.0.0/0"}],"ips":[{"interface":0,"address":"10.0.0.2/24"}],"interfaces":[{"sandbox":"/run/netns/test","name":"eth0"}]}'
END
for plugin in two three; do does $plugin ADD 'printf %s "$input" | jq -c .prevResult'; done
add net --cap-args '{"z":[{"b":1,"a":"<&>"}],"a":1}' --args 'A=1;B=2'
file=$cache/results/net-$id-eth0
config=$(base64 -w0 <"$networks/net.conflist")
same "L2: the file is libcni's, byte for byte" "$(<"$file")" \
    "{\"kind\":\"cniCacheV1\",\"containerId\":\"$id\",\"config\":\"$config\",\"ifName\":\"eth0\",\"networkName\":\"net\",\"netns\":\"/run/netns/test\",\"cniArgs\":[[\"A\",\"1\"],[\"B\",\"2\"]],\"capabilityArgs\":{\"a\":1,\"z\":[{\"a\":\"\\u003c\\u0026\\u003e\",\"b\":1}]},\"result\":{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\"eth0\",\"sandbox\":\"/run/netns/test\"}],\"ips\":[{\"address\":\"10.0.0.2/24\",\"interface\":0}],\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.0.0.1\"}]}}"
same "L1: modes" "$(stat -c %a "$cache" "$cache/results" "$file" | xargs)" "700 700 600"
cni list
works "list" "$(printf 'NETWORK     CONTAINER                      INTERFACE   ADDRESSES     STATE       NAMESPACE\nnet         %s   eth0        10.0.0.2/24   attached    /run/netns/test' "$id")"
cni list other
same "list of another network" "$(wc -l <"$scratch/out")" 1
add net
fails "a second ADD of the same" "interface eth0 of container $id on network net is attached already (network namespace /run/netns/test)"
add net --ifname eth1
works "another interface of the container"
rm "$networks/net.conflist"
del
works "DEL when the network's file has gone"
del net --ifname eth1
works "DEL of the other"
del
fails "DEL of what nobody knows" 'no net configurations found'
same "L1: nothing is left" "$(find "$cache" -type f ! -name 'network-*')" ""

# Files of others.
network net
rm "$record"/*.ADD
for content in '' '{' '{}' '[]' '{"kind":"other"}' 'null' '{"kind":"cniCacheV1","config":"?"}' '{"kind":"cniCacheV1","containerId":"x","ifName":"eth0","networkName":"net","result":{}}'; do
    fresh
    mkdir -p "$cache/results"
    printf %s "$content" >"$cache/results/net-$id-eth0"
    printf %s "$content" >"$cache/results/other"
    cni list --json
    works "L4: a file that is no record is passed over: $content"
    check
    fails "CHECK needs a record: $content" "is not attached: $cache has no record of it"
    del
    works "K7: DEL gets along with it: $content" ''
    same "L5: and takes it away: $content" "$(ls "$cache/results") $(calls) $(input one DEL | jq -c 'has("prevResult")')" "other DEL:three DEL:two DEL:one false"
done
fresh
mkdir -p "$cache/results"
result='{"cniVersion":"1.0.0","interfaces":[{"name":"eth0"}],"ips":[{"address":"10.0.0.2/24","interface":0}]}'
printf %s "$result" >"$cache/results/net-$id-eth0"
check
same "L3: a bare result" "$code $(input one CHECK | jq -c .prevResult)" '0 {"cniVersion":"1.1.0","interfaces":[{"name":"eth0"}],"ips":[{"interface":0,"address":"10.0.0.2/24"}]}'
del
same "L3: DEL has it, too" "$code $(input one DEL | jq -c .prevResult.ips) $(ls "$cache/results")" '0 [{"interface":0,"address":"10.0.0.2/24"}] '
printf '{"kind":"cniCacheV1","containerId":"pod","config":"%s","ifName":"eth0","networkName":"net","netns":"/run/netns/test","cniArgs":[["A","b"]],"result":{"cniVersion":"1.1.0","ips":[{"address":"10.0.0.300/24"}]}}' \
    "$(printf '{"cniVersion":"1.1.0","name":"net","plugins":[{"type":"two","k":1.0}]}' | base64 -w0)" >"$cache/results/net-pod-eth0"
forget_calls
del net --container-id pod
same "DEL goes by the configuration of the ADD, without a broken result" "$code $(calls) $(input two DEL) $(environment two DEL | cut -d'|' -f4)" \
    '0 DEL:two {"cniVersion":"1.1.0","name":"net","type":"two","k":1.0} A=b'
fresh
network a
network a-b
cni add a-b /run/netns/test --container-id c
works "a name with a hyphen"
cni add a /run/netns/test --container-id b-c
fails "two names for one file" "its file in $cache is that of interface eth0 of container c on network a-b"
cni del a /run/netns/test --container-id b-c
cni list --json
same "DEL of one leaves the other's file" "$(jq length <<<"$out")" 1

# Time.
old() { setfattr -n trusted.apus.boot -v 00000000-0000-0000-0000-000000000000 "$1" 2>/dev/null; }
fresh
network net
add
if command -v setfattr >/dev/null && old "$cache/results/net-$id-eth0"; then
    cni list --json
    same "L6: an entry of before the machine was started" "$(jq -r '.[].state' <<<"$out")" old
    cni reload
    works "L6: reload leaves it alone" ''
    forget_calls
    add
    same "L6: ADD takes it away first, without its namespace" "$code $(calls) $(environment one DEL)" \
        "0 DEL:three DEL:two DEL:one ADD:one ADD:two ADD:three $id||eth0||$recorders"
else
    skip "L6: an entry of before the machine was started" "no trusted attributes here, or no setfattr"
fi
foreign() { printf '{"kind":"cniCacheV1","containerId":"%s","config":"%s","ifName":"eth0","networkName":"net","netns":"%s","result":{"cniVersion":"1.1.0"}}' \
    "$1" "$(base64 -w0 <"$networks/net.conflist")" "$2" >"$cache/results/net-$1-eth0"; }
fresh
mkdir -p "$cache/results"
foreign a /proc/self/ns/net
foreign b /proc/self/ns/net
foreign c /run/netns/test
touch -d '2001-01-01' "$cache"/results/net-[bc]-eth0
foreign d /run/netns/nobody
foreign e ''
cni list --json
same "L6: another host's entries: old by a process number, gone, or attached" "$(jq -c '[.[].state]' <<<"$out")" '["attached","old","attached","gone","attached"]'

# GC.
before=$(ls "$cache/results")
cni gc --dry-run
works "gc --dry-run says what it would do" "would remove interface eth0 of container b on network net
would remove interface eth0 of container d on network net"
same "and does nothing" "$(ls "$cache/results") $(calls)" "$before "
cni gc net /run/netns/test
works "K9: gc" "removed interface eth0 of container b on network net
removed interface eth0 of container d on network net"
same "K9: DEL of each, then GC of each plugin" "$(calls)" "DEL:three DEL:two DEL:one DEL:three DEL:two DEL:one GC:one GC:two GC:three"
same "K5, H7: what is valid, under both names" "$(input two GC)" \
    '{"cniVersion":"1.1.0","name":"net","type":"two","cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"},{"containerID":"c","ifname":"eth0"},{"containerID":"e","ifname":"eth0"}],"cni.dev/attachments":[{"containerID":"a","ifname":"eth0"},{"containerID":"c","ifname":"eth0"},{"containerID":"e","ifname":"eth0"}]}'
rm "$cache"/results/*
forget_calls
cni gc --json
same "H12: nothing is valid" "$code $out $(input two GC | jq -c '."cni.dev/valid-attachments"')" "0 [] []"
foreign a /run/netns/nobody
foreign b /run/netns/nobody
forget_calls
rm "$networks"/a*
does two DEL '[ "$CNI_CONTAINERID" = b ] || { echo "{\"code\":100,\"msg\":\"no a\"}"; exit 1; }'
does one GC 'echo "{\"code\":101,\"msg\":\"no gc\"}"; exit 1'
cni gc
fails "K9: GC goes on after an error, and tells of all" 'plugin type="two" failed (delete): no a'
fails "K9: GC goes on after an error, and tells of all: the second" 'plugin type="one" failed (gc): no gc'
same "K9: the calls" "$(calls) $(ls "$cache/results")" "DEL:three DEL:two DEL:three DEL:two DEL:one GC:one GC:two GC:three net-a-eth0"
rm "$record"/*.DEL "$record"/*.GC
rm "$networks"/*
forget_calls
cni gc
works "GC of a network whose file has gone" "removed interface eth0 of container a on network net"
same "by the configuration of the ADD" "$(calls)" "DEL:three DEL:two DEL:one GC:one GC:two GC:three"

# What the cache does not tell of is not valid, and plugins take the interfaces and addresses of running containers away.
network net
network other
for content in '' '{' '{"kind":"other"}' '{"kind":"cniCacheV1","ifName":"eth0","networkName":"net"}' "$result"; do
    fresh
    mkdir -p "$cache/results" "$cache/apus-pending"
    foreign a /run/netns/nobody
    printf %s "$content" >"$cache/results/net-pod-eth0"
    cni gc net
    fails "GC refuses beside a file that does not tell whose it is: $content" "$cache/results/net-pod-eth0 is no record of an attachment"
    same "before anything is done: $content" "$(calls) $(ls "$cache/results" | xargs)" " net-a-eth0 net-pod-eth0"
    cni gc net --dry-run
    fails "as it does with --dry-run: $content" "$cache/results/net-pod-eth0 is no record of an attachment"
    cni gc other
    works "another network is not held up: $content" ''
    cni del net /run/netns/test --container-id pod
    # What a host that was killed has half begun is no attachment.
    : >"$cache/apus-pending/net-pod-eth0"
    : >"$cache/apus-pending/.pod"
    forget_calls
    cni gc net
    works "DEL puts it right: $content" 'removed interface eth0 of container a on network net'
done
# Whatever keeps it from being read.
if command -v strace >/dev/null; then
    fresh
    add
    forget_calls
    for place in "$cache/results" "$cache/results/net-$id-eth0"; do
        for error in EMFILE EIO EACCES ENOMEM; do
            for words in list reload gc 'gc net' 'gc net --dry-run' "del net /run/netns/test" "add net /run/netns/test"; do
                # DEL lists nothing.
                [[ $words != del* || $place != */results ]] || continue
                # shellcheck disable=SC2086 # a list of words
                CNI_PATH=$recorders NETCONFPATH=$networks strace -f -o "$scratch/trace" -P "$place" -e trace=openat -e "inject=openat:error=$error" \
                    "$PLUGINS/apus-cni" --cache-dir "$cache" $words >"$scratch/out" 2>"$scratch/err"
                code=$? out=$(<"$scratch/out") err=$(<"$scratch/err")
                [ "$code" = 1 ] && [ -z "$out" ] && [ -z "$(calls)" ] && [[ $err = *"read the cache of attachments: open $place: "* ]] ||
                    { echo "$words, $error of $place: status $code"; cat "$scratch/out" "$scratch/err"; calls; fresh; add; forget_calls; }
            done
        done
    done >"$scratch/bad"
    # The marks of the time, and the configuration: what GC of all networks does not see it does not do.
    for fault in "fgetxattr:error=EIO $cache/results/net-$id-eth0" "openat:error=EMFILE $networks" "openat:error=EIO $networks/net.conflist"; do
        read -r fault place <<<"$fault"
        CNI_PATH=$recorders NETCONFPATH=$networks strace -f -o "$scratch/trace" -P "$place" -e "trace=${fault%%:*}" -e "inject=$fault" \
            "$PLUGINS/apus-cni" --cache-dir "$cache" gc >"$scratch/out" 2>"$scratch/err"
        code=$? out=$(<"$scratch/out") err=$(<"$scratch/err")
        [ "$code" = 1 ] && [ -z "$out$(calls)" ] && [[ $err = *"apus-cni: cannot "* ]] ||
            { echo "gc, $fault of $place: status $code"; cat "$scratch/out" "$scratch/err"; calls; }
    done >>"$scratch/bad"
    ln -s nothing "$networks/dangling.conflist"
    echo '{' >"$networks/broken.conflist"
    cni gc
    works "a file that makes no sense, or is none, is told of when it is asked for" ''
    rm "$networks/dangling.conflist" "$networks/broken.conflist"
    if [ ! -s "$scratch/bad" ]; then ok "a cache that cannot be read is an error, and no plugin is called"; else
        not_ok "a cache that cannot be read is an error, and no plugin is called" <"$scratch/bad"
    fi
else
    skip "a cache that cannot be read" "strace is not installed"
fi
fresh
add
if setpriv --reuid 65534 --regid 65534 --clear-groups "$PLUGINS/apus-cni" version >/dev/null 2>&1; then
    setpriv --reuid 65534 --regid 65534 --clear-groups "$PLUGINS/apus-cni" --cache-dir "$cache" list >"$scratch/out" 2>"$scratch/err"
    code=$? out=$(<"$scratch/out") err=$(<"$scratch/err")
    fails "list by a user who may not read it" "Permission denied (not run as root)"
else
    skip "list by a user who may not read it" "$PLUGINS/apus-cni cannot be run by another user"
fi

# A full disk.
network net
fresh
mkdir "$cache" && mount -t tmpfs -o size=4k,nr_inodes=8 full "$cache"
mkdir "$cache/results" "$cache/apus-locks" "$cache/apus-pending"
head -c 8192 /dev/zero >"$cache/filler" 2>/dev/null
add
fails "a full disk" "No space left on device"
same "a full disk: no plugin has done anything that was not undone" "$(calls | grep -o ADD | wc -l) $(calls | grep -o DEL | wc -l)" "0 0"
same "a full disk: no half a record" "$(find "$cache/results" -type f)" ""
umount "$cache"
finish
