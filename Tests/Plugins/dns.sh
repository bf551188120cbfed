#!/bin/bash
# The plugin dns and apus-netd: the contract, the names a container is found by (the observables O-25 to O-34), whom it asks for
# others, and what becomes of the names when the daemon is killed.
# shellcheck disable=SC2154,SC2016 # $code and $out are set by call; shell text is for untouched
# The system's own python3: others put shims in front of it which take longer than the checks.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin dns dns apus-netd
for program in dig dnsmasq python3; do
    command -v "$program" >/dev/null || { skip dns "$program is not installed"; finish; }
done

# The host's servers: dnsmasq, as far as these names go.
echo "nameserver 127.0.0.53" >"$scratch/resolv.conf" && mount --bind "$scratch/resolv.conf" /etc/resolv.conf || exit 2
long=$(printf 'x%.0s' {1..250})
dnsmasq --keep-in-foreground --listen-address=127.0.0.53 --bind-interfaces --no-resolv --no-hosts --conf-file=/dev/null --pid-file= \
    --address=/example.org/192.0.2.80 '--address=/#/' --txt-record=big.example.org,"$long","$long","$long" 2>"$scratch/dnsmasq" &
servers=$!
trap 'kill $servers 2>/dev/null; [ ! -e /run/apus/netd.sock ] || kill "$(netd)"; rm -rf "$scratch"' EXIT

# inside NAMESPACE COMMAND...
inside() { nsenter --net="/run/netns/$1" "${@:2}"; }
# names NAMESPACE NAME [TYPE] [OPTION...]: what dig says shortly, in order; "status" before it when that is not NOERROR.
names() {
    local text
    # A busy machine may drop a packet on the way; that no answer is lost is what the load below counts.
    for _ in 1 2; do
        text=$(inside "$1" dig @127.0.0.11 +time=4 +tries=1 +noedns "${@:2}")
        [[ $text == *status:* ]] && break
    done
    awk '/status:/ && !/NOERROR/ { gsub(",", "", $6); print $6 } /^[^;]/ { sub(/^.*[ \t](A|AAAA|PTR|TXT|SRV|MX|CNAME)[ \t]+/, ""); print }' <<<"$text" | sort | xargs
}
result() { # result NAMESPACE ADDRESS [INTERFACE]
    printf '{"cniVersion":"1.1.0","interfaces":[{"name":"%s","sandbox":"/run/netns/%s"}],"ips":[{"interface":0,"address":"%s"}]}' "${3:-eth0}" "$1" "$2"
}
# dns VERB NAMESPACE ADDRESS [MEMBERS] [NAME=VALUE...]: the container is called like its namespace.
dns() {
    local verb=$1 name=$2 address=$3 members=${4-}
    call dns "$verb" "$(printf '{"cniVersion":"1.1.0","name":"%s","type":"dns"%s,"prevResult":%s}' "${network:-blue}" "${members:+,$members}" "$(result "$name" "$address" "${interface:-eth0}")")" \
        CNI_CONTAINERID="${name}0123456789abcdef" CNI_NETNS="/run/netns/$name" CNI_IFNAME="${interface:-eth0}" \
        CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAME=${pod:-$name}" "${@:5}"
}
netd() { for p in /proc/[0-9]*; do [ "$(readlink "$p/exe")" = "$PLUGINS/apus-netd" ] && basename "$p" && return; done; }

for name in test one two three keeper; do container $name && ip -n $name link set lo up; done

# The first ADD starts the daemon; its files stay. It has something to do from here on.
network=kept dns ADD keeper 10.9.0.2/24
call dns ADD "$(conf 1.1.0 dns "\"prevResult\":$(result test 10.1.0.9/24)")"
same "the first ADD starts apus-netd" "$code $(ls /run/apus | xargs)" "0 dns netd.lock netd.log netd.sock"
same "E4: the result names the server" "$(jq -c .dns <<<"$out")" '{"nameservers":["127.0.0.11"]}'
call dns DEL "$(conf 1.1.0 dns)"
contract dns "$all_versions" "" "$(result test 10.1.0.9/24)"
own_namespace dns

untouched "ADD and DEL leave nothing" '
    dns ADD one 10.1.0.2/24
    same "ADD" "$code $(names one one)" "0 10.1.0.2"
    answer=$out
    call dns CHECK "$(printf "{\"cniVersion\":\"1.1.0\",\"name\":\"blue\",\"type\":\"dns\",\"prevResult\":%s}" "$answer")" CNI_CONTAINERID=one0123456789abcdef CNI_NETNS=/run/netns/one "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAME=one"
    expect "CHECK right after ADD" 0 ""
    for again in "" " again"; do
        dns DEL one 10.1.0.2/24
        expect "DEL$again" 0 ""
    done'
untouched "DEL without the namespace" '
    ip netns add gone; dns ADD gone 10.1.0.7/24; ip netns delete gone
    call dns DEL "$(conf 1.1.0 dns "\"network\":\"blue\"")" CNI_CONTAINERID=gone0123456789abcdef CNI_NETNS= CNI_IFNAME=eth0
    expect "DEL without the namespace succeeds" 0 ""'
untouched "an ADD which fails leaves nothing" '
    dns ADD nosuch 10.1.0.7/24
    refused "a namespace which is not there" 5 "there is no network namespace at /run/netns/nosuch"
    touch /run/netns/file; dns ADD file 10.1.0.7/24; rm /run/netns/file
    refused "a file which is none" 5 "/run/netns/file is not a network namespace"
    dns ADD one 10.1.0.7/24 "\"runDir\":\"/proc/apus\""
    refused "a run directory which cannot be made" 5 "/proc/apus"
    dns ADD one 10.1.0.7/24 "\"upstreams\":[\"x\"]"
    refused "a server which is none" 7 "upstreams[0]: '\''x'\'' is not a server"
    dns ADD one 10.1.0.7/24 "\"network\":\"a/b\""
    refused "a network which cannot be called so" 7 "network: invalid characters found in network name"
    dns ADD one 10.1.0.7/24 "\"runDir\":\"$scratch/r\",\"netd\":\"/nonexistent\""
    refused "no daemon to start" 50 "apus-netd is not there: looked for /nonexistent"'
rm -rf "$scratch/r"

# Names.
dns ADD one 10.1.0.2/24 '"runtimeConfig":{"aliases":{"blue":["web","all"],"red":["no"]}}'
dns ADD two fd00::3/64 '"aliases":["all"],"hostname":"Box"'
dns ADD three 10.1.0.4/24 '"names":["drei"],"aliases":["all"],"domainName":"dns.podman"'
same "dnsname: the domain is searched" "$(jq -c .dns <<<"$out")" '{"nameservers":["127.0.0.11"],"domain":"dns.podman","search":["dns.podman"]}'
for pair in one ONE one.blue web Web.Blue one012345678 one012345678.blue; do same "O-25: $pair" "$(names three $pair)" 10.1.0.2; done
for pair in two box box.blue two012345678; do same "O-25: $pair has an IPv6 address" "$(names one $pair AAAA)" fd00::3; done
same "O-25: by TCP" "$(names two one A +tcp)" 10.1.0.2
same "O-25: TTL, flags, and the letters of the question" \
    "$(inside two dig @127.0.0.11 +noall +answer +comments WeB | sed -n 's/^;; flags: \([a-z ]*\);.*/\1/p; s/^\(WeB\.\)\s*\([0-9]*\).*/\1 \2/p' | xargs)" "qr rd ra WeB. 600"
same "O-25: no options in the answer" "$(inside two dig @127.0.0.11 +edns web | grep -c 'OPT PSEUDOSECTION')" 0
same "O-26: no address of this family" "$(names one two A) $(names one one AAAA) $(names one one MX) $(names one one TXT)" "   "
same "a service by its number" "$(names two _80._tcp.one SRV +noadditional)" "0 0 80 one."
same "O-28: an address is called by the first name" "$(names two -x 10.1.0.2) $(names one -x fd00::3)" "one.blue. two.blue."
same "dnsname: by the domain where there is one" "$(names two -x 10.1.0.4) $(names two drei.dns.podman)" "drei.dns.podman. 10.1.0.4"
same "O-28: the gateway is nobody" "$(names two -x 10.1.0.1)" NXDOMAIN
same "O-29: a shared alias has all" "$(names one all) $(names one all AAAA)" "10.1.0.2 10.1.0.4 fd00::3"
same "O-29: in any order" "$(for _ in {1..40}; do inside one dig @127.0.0.11 +short all | head -n 1; done | sort -u | xargs)" "10.1.0.2 10.1.0.4"
dns DEL three 10.1.0.4/24
same "O-29: who stops is gone at once" "$(names one all) $(names one drei)" "10.1.0.2 NXDOMAIN"
dns DEL one 10.1.0.2/24
pod=uno dns ADD one 10.1.0.2/24
same "O-30: a new name at once" "$(names two uno) $(names two one) $(names two -x 10.1.0.2)" "10.1.0.2 NXDOMAIN uno.blue."
dns DEL one 10.1.0.2/24
dns ADD one 10.1.0.2/24 '"args":{"cni":{"links":{"db":"three"}}}'
dns ADD three 10.1.0.4/24
same "O-31: a link is the linker's own" "$(names one db) $(names two db)" "10.1.0.4 NXDOMAIN"
network=red interface=eth1 dns ADD three 10.2.0.4/24
container far && ip -n far link set lo up
network=red dns ADD far 10.2.0.9/24
same "O-32: who shares a network is seen" "$(names three far) $(names far three) $(names three far.red)" "10.2.0.9 10.2.0.4 10.2.0.9"
same "O-32: nobody else" "$(names one far) $(names far one) $(names one three.red)" "NXDOMAIN NXDOMAIN NXDOMAIN"
network=red interface=eth1 dns DEL three 10.2.0.4/24
same "one network less, the others as before" "$(names three far) $(names three one)" "NXDOMAIN 10.1.0.2"

# Others' names.
same "O-27: other names are asked for elsewhere" "$(names one www.example.org) $(names one other.nosuch)" "192.0.2.80 NXDOMAIN"
same "O-27: a long answer comes by TCP" "$(names one big.example.org TXT | wc -c)" 753
same "options go to the server and come back" "$(inside one dig @127.0.0.11 +edns +bufsize=4000 www.example.org | grep -c 'OPT PSEUDOSECTION')" 1
dns ADD far 10.1.0.8/24 '"internal":true'
network=red dns DEL far 10.2.0.9/24
same "O-34: internal only fails at once" "$( (time names far www.example.org) 2>&1 | sed -n '1p; s/real.*0m0\..*/fast/p' | xargs) $(names far one)" "SERVFAIL fast 10.1.0.2"
dns DEL far 10.1.0.8/24
number=541
for mode in silent servfail forged truncating options good; do
    python3 "$here/dns.py" server 127.0.0.1 $number $mode >"$scratch/$mode" &
    number=$((number + 1))
    servers="$servers $!"
    until [ -s "$scratch/$mode" ]; do sleep 0.02; done
done
upstream() { dns DEL far 10.1.0.8/24; dns ADD far 10.1.0.8/24 "\"upstreams\":[$1]"; }
upstream '"127.0.0.1:541","127.0.0.1:546"'
same "a server that says nothing: the next one answers" "$(names far a.example)" 192.0.2.1
same "and is asked last from now on" "$( (time names far b.example) 2>&1 | sed -n '1p; s/real.*0m0\..*/fast/p' | xargs)" "192.0.2.1 fast"
upstream '"127.0.0.1:542","127.0.0.1:1","127.0.0.1:546"'
same "nor one that fails, nor one that is not there" "$(names far a.example)" 192.0.2.1
upstream '"127.0.0.1:542"'
same "all fail" "$(names far a.example)" SERVFAIL
upstream '"127.0.0.1:543"'
same "only the answer to the question is taken" "$(names far a.example)" 192.0.2.1
upstream '"127.0.0.1:544"'
same "an answer which is cut short is asked for again by TCP" "$(names far a.example)" 192.0.2.5
upstream '"127.0.0.1:545"'
same "options are passed on, and none are added" "$(names far a.example A +edns) $(names far a.example)" "192.0.2.41 192.0.2.0"
dns DEL far 10.1.0.8/24
dns ADD far 10.1.0.8/24 '"options":["ndots:2"],"search":["example.org"]'
same "search and options are in the result" "$(jq -c .dns <<<"$out")" '{"nameservers":["127.0.0.11"],"search":["example.org"],"options":["ndots:2"]}'
same "O-27: a name without a point stays here" "$(names far nosuch)" ""
dns DEL far 10.1.0.8/24
same "a program of the container may have port 53" "$(inside one timeout 5 python3 -c 'import socket; [socket.socket(socket.AF_INET, k).bind(("0.0.0.0", 53)) for k in (1, 2)]; print("has it")')" "has it"

# Drift.
check() { call dns CHECK "$(printf '{"cniVersion":"1.1.0","name":"blue","type":"dns","prevResult":%s}' "$(result two fd00::3/64)")" CNI_CONTAINERID=two0123456789abcdef CNI_NETNS=/run/netns/two "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAME=two" "$@"; }
dns DEL two fd00::3/64 && dns ADD two fd00::3/64
inside two nft delete table ip apus_dns
check
refused "CHECK sees that the rule is missing" 100 "the container's questions for names lead nowhere"
check APUS_CNI_REPAIR=1
same "CHECK puts it back when asked to" "$code $(names two one)" "0 10.1.0.2"
sed -i 's/"two"/"zwei"/' /run/apus/dns/blue:two0123456789abcdef:eth0.json
check
refused "CHECK sees that the record has changed" 100 "the record of the names has changed"
kill -9 "$(netd)"
check APUS_CNI_REPAIR=1
same "CHECK starts the daemon when asked to repair" "$code $(names two one)" "0 10.1.0.2"
kill -9 "$(netd)"
check
refused "CHECK sees that nobody answers" 100 "nobody answers questions for names"

# The daemon dies and comes back.
before=$(jq -c .ports /run/apus/dns/blue:one0123456789abcdef:eth0.json)
inside two python3 "$here/dns.py" load 6 one=10.1.0.2 three=10.1.0.4 >"$scratch/load" 2>&1 &
load=$!
for _ in 1 2 3; do
    sleep 0.7
    [ -z "$(netd)" ] || kill -9 "$(netd)"
    dns ADD far 10.1.0.8/24; dns DEL far 10.1.0.8/24
done
wait $load
same "killed three times under load: no answer is wrong or lost" "$(<"$scratch/load")" "wrong 0 lost 0"
same "a restart takes the same ports" "$(jq -c .ports /run/apus/dns/blue:one0123456789abcdef:eth0.json)" "$before"
inside two python3 "$here/dns.py" load 5 one=10.1.0.2 three=10.1.0.4 >"$scratch/load" 2>&1 &
load=$!
churned=0
while kill -0 $load 2>/dev/null; do
    dns ADD far 10.1.0.8/24
    [ "$code $(names two far)" = "0 10.1.0.8" ] || { not_ok "churn: ADD $churned" <<<"$out $(names two far)"; break; }
    dns DEL far 10.1.0.8/24
    [ "$code $(names two far)" = "0 NXDOMAIN" ] || { not_ok "churn: DEL $churned" <<<"$out $(names two far)"; break; }
    churned=$((churned + 1))
done
wait $load
same "churn: no answer is wrong or lost" "$(<"$scratch/load") $([ $churned -gt 1 ] && echo often)" "wrong 0 lost 0 often"
same "broken messages hurt nobody" "$(inside one timeout 60 python3 "$here/dns.py" hostile 1 3000) $(inside one timeout 60 python3 "$here/dns.py" hostile 2 3000)" "[] []"

call dns STATUS "$(conf 1.1.0 dns '"runDir":"here"')"
refused "a run directory which is somewhere else for the daemon" 7 "runDir: 'here' is not an absolute path"
call dns DEL "$(conf 1.1.0 dns)" CNI_CONTAINERID="$(printf 'a%.0s' {1..300})"
expect "F2: DEL of a container whose ID no file can have" 0 ""

# An ADD is killed while the daemon opens the sockets, DEL takes the record away, and the daemon finishes.
traced() { grep -q '^TracerPid:.*[1-9]' "/proc/$1/status"; }
if command -v strace >/dev/null; then
    container ghost && ip -n ghost link set lo up
    strace -f -qq -p "$(netd)" -o "$scratch/binds" -e trace=bind -e inject=bind:delay_enter=1000000 &
    tracer=$!
    for _ in {1..200}; do traced "$(netd)" && break; sleep 0.05; done
    env CNI_COMMAND=ADD CNI_CONTAINERID=ghost0123456789abcdef CNI_NETNS=/run/netns/ghost CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" "$PLUGINS/dns" >/dev/null \
        <<<"$(printf '{"cniVersion":"1.1.0","name":"blue","type":"dns","names":["ghost"],"prevResult":%s}' "$(result ghost 10.1.0.66/24)")" &
    adding=$!
    for _ in {1..200}; do grep -q 127.0.0.11 "$scratch/binds" && break; sleep 0.05; done
    ports=$(jq -c .ports /run/apus/dns/blue:ghost*)
    kill -9 $adding; wait $adding 2>/dev/null
    dns DEL ghost 10.1.0.66/24
    kill $tracer; wait $tracer 2>/dev/null
    same "a record that DEL has removed does not come back" "$ports $code $(ls /run/apus/dns | grep -c ghost) $(names one ghost) $(ls /run/apus | grep draft)" "null 0 0 NXDOMAIN "
    dns DEL ghost 10.1.0.66/24
    ip netns delete ghost
else
    skip "a record that DEL has removed does not come back" "strace is not installed"
fi

# Another namespace at the same path, without a word between.
container anew && ip -n anew link set lo up && dns ADD anew 10.1.0.67/24 && umount /run/netns/anew
unshare --net sleep 60 & other=$!
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
mount --bind /proc/$other/ns/net /run/netns/anew && ip -n anew link set lo up && dns ADD anew 10.1.0.67/24
served() { python3 "$here/netd.py" call /run/apus/netd.sock '{"do":"status"}' | jq -c '[.dns[] | select(.records[] | startswith("blue:anew")) | .namespace]'; }
same "a namespace that another one has replaced is let go of" "$code $(served)" '0 ["/run/netns/anew"]'
for _ in {1..60}; do [ "$(names one anew)" = 10.1.0.67 ] || break; sleep 0.1; done
same "and does not take the names with it" "$(names one anew)" 10.1.0.67
dns DEL anew 10.1.0.67/24
kill $other; umount /run/netns/anew && rm /run/netns/anew

# A daemon which ends as soon as somebody was told of it has a successor.
cat >"$scratch/short" <<SHORT
#!/bin/sh
"$PLUGINS/apus-netd" "\$@" || exit
mkdir "$scratch/once" 2>/dev/null || exit 0
for p in /proc/[0-9]*; do [ "\$(readlink "\$p/exe")" = "$PLUGINS/apus-netd" ] && pid=\${p#/proc/} && kill -9 "\$pid"; done
while kill -0 "\$pid"; do sleep 0.05; done
exit 0
SHORT
chmod +x "$scratch/short"
kill -9 "$(netd)"
while [ -n "$(netd)" ]; do sleep 0.05; done
dns ADD far 10.1.0.8/24 "\"netd\":\"$scratch/short\""
same "a daemon that ends right after its start has a successor" "$code $(names two far) $(ls -d "$scratch/once")" "0 10.1.0.8 $scratch/once"
dns DEL far 10.1.0.8/24

# GC, STATUS.
call dns GC "$(conf 1.1.0 dns '"network":"blue"')" CNI_CONTAINERID= CNI_IFNAME= CNI_NETNS=
same "GC without a list removes nothing" "$code $(ls /run/apus/dns | wc -l)" "0 4"
garbage() { call dns GC "$(conf 1.1.0 dns '"network":"blue","cni.dev/valid-attachments":[{"containerID":"one0123456789abcdef","ifname":"eth0"}]')" CNI_CONTAINERID= CNI_IFNAME= CNI_NETNS=; }
if command -v strace >/dev/null; then
    through=$(failing openat EMFILE -P /run/apus/dns)
    garbage
    through=
    refused "GC of records that it may not list has not been done" 5 "open /run/apus/dns: Too many open files"
    same "GC of records that it may not list" "$(ls /run/apus/dns | wc -l)" 4
else
    skip "records that cannot be read" "strace is not installed"
fi
garbage
same "GC removes what is not valid" "$code $(ls /run/apus/dns | grep -v kept) $(names one three) $(inside three nft list tables)" "0 blue:one0123456789abcdef:eth0.json NXDOMAIN "
if command -v strace >/dev/null; then
    # The first opening is the lock.
    for failure in "openat EMFILE:when=2+" "%%stat EIO"; do
        # shellcheck disable=SC2086 # a list of words
        through=$(failing $failure -P /run/apus/dns)
        call dns DEL "$(conf 1.1.0 dns '"network":"blue"')" CNI_CONTAINERID=three CNI_NETNS=/run/netns/three
        through=
        refused "DEL that does not see whether the container has other records: $failure" 5 "/run/apus/dns"
    done
    call dns DEL "$(conf 1.1.0 dns '"network":"blue"')" CNI_CONTAINERID=three CNI_NETNS=/run/netns/three
    expect "DEL that sees it" 0 ""
fi
call dns STATUS "$(conf 1.1.0 dns)"
expect "STATUS" 0 ""
call dns STATUS "$(conf 1.1.0 dns "\"runDir\":\"$scratch/none\",\"netd\":\"$scratch/none\"")"
refused "STATUS without a daemon to start" 50 "$scratch/none"

# What the daemon has open in a namespace keeps it alive, and the host's end of its link with it: DEL lets go of all of it.
sockets() { find "/proc/$(netd)/fd" -lname 'socket:*' | wc -l; }
held=$(sockets)
dns ADD two fd00::3/64
inside two python3 -c 'import socket, time; s = socket.create_connection(("127.0.0.11", 53)); print("open", flush=True); time.sleep(60)' >"$scratch/client" &
client=$!
for _ in {1..100}; do [ -s "$scratch/client" ] && break; sleep 0.05; done
more=$(sockets)
dns DEL two fd00::3/64
for _ in {1..100}; do [ "$(sockets)" -le "$held" ] && break; sleep 0.05; done
# A socket of a call that was just over may have been counted.
same "DEL lets go of the namespace, with a client that asks by TCP" "$code $((more > held + 2)) $(($(sockets) <= held))" "0 1 1"
kill $client

# One container's connections take the descriptors of all.
held=$(sockets)
inside one python3 - >"$scratch/client" <<'CONNECTIONS' &
import socket, time
held = [socket.create_connection(("127.0.0.11", 53)) for _ in range(600)]
print("open", flush=True)
time.sleep(60)
CONNECTIONS
client=$!
for _ in {1..1200}; do [ -s "$scratch/client" ] && break; sleep 0.05; done
same "a container has so many connections and no more" "$(<"$scratch/client") $(($(sockets) - held <= 256))" "open 1"
kill $client

# What nobody tells: the namespace goes without a DEL. Who only looks every five seconds takes twenty for four of them.
begun=$SECONDS
for number in 1 2 3 4; do
    ip netns add "gone$number" && ip -n "gone$number" link add eth0 type veth peer name "end$number" netns 1
    ip -n "gone$number" link set lo up
    dns ADD "gone$number" fd00::3/64
    ip netns delete "gone$number"
    for _ in {1..200}; do [ ! -e "/sys/class/net/end$number" ] && break; sleep 0.05; done
done
same "a namespace which has vanished is let go of at once" "$((SECONDS - begun < 12))$(ls /sys/class/net | grep ^end)" 1
for _ in {1..100}; do [ "$(names one gone1)" = NXDOMAIN ] && break; sleep 0.2; done
same "and is not answered for" "$(names one gone1 AAAA) $(names one gone4 AAAA)" "NXDOMAIN NXDOMAIN"
kill -HUP "$(netd)"
same "SIGHUP, which others read their files anew for, does not end it" "$(names one one >/dev/null; netd | wc -l)" 1
kill "$(netd)"
for _ in {1..100}; do [ -e /run/apus/netd.sock ] || break; sleep 0.05; done
same "SIGTERM ends it" "$(netd) $(ls /run/apus | xargs)" " dns netd.lock netd.log"
finish
