#!/bin/bash
# Containers come and go all the time, on three hosts: at the end nothing is left of them anywhere, and no address was ever two's.
#
# 200 attachments a second, and as many detachments, for $CHURN_SECONDS (20; 60 for the whole minute). Two processors do not run 400 plugins a
# second: a driver writes the records and tells the daemons, as the plugins do, and beside it the plugins themselves work as fast as
# one after the other can.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.bash"
begin churn
for name in dig jq; do command -v $name >/dev/null || { skip churn "$name is not installed"; finish; }; done
seconds=${CHURN_SECONDS:-20}
# etcd is one member: three would share the same two processors.
MEMBERS=1
hosts_begin 3
etcd_at 1
until_true 60 etcd_healthy 1 || { not_ok "etcd starts" <"$scratch/e1.log"; finish; }
for i in 1 2 3; do
    netd_at $i || { not_ok "apus-netd starts" <"$scratch/h$i/netd.log"; finish; }
    attach $i c$i
    [ "$code" = 0 ] || { not_ok "a container on host $i" < <(echo "$out"; cat "$scratch/err" "$scratch/h$i/netd.log"); finish; }
done
mkdir held
for i in 1 2 3; do mkdir "held/$(address c$i)"; done
named() { printf '{"cniVersion":"1.0.0","name":"blue","type":"dns","runDir":"/run/h%s","netd":"%s","names":["%s"],"prevResult":%s}' "$1" "$BUILD/apus-netd" "$2" "$3"; }
for i in 1 2 3; do
    plugin $i ADD c$i
    named $i "web$i" "$out" | at $i env CNI_COMMAND=ADD CNI_CONTAINERID=c$i CNI_IFNAME=eth0 CNI_NETNS=/run/netns/c$i CNI_PATH="$BUILD" "$BUILD/dns" >dns.out 2>&1 ||
        not_ok "the plugin dns on host $i" <dns.out
done

# The plugins, one after the other: whoever is attached is reached from another host at once, or something is late.
plugins() {
    local n=0 i
    local until=$((SECONDS + seconds))
    while [ $SECONDS -lt $until ]; do
        i=$((n % 3 + 1))
        attach $i "p$n"
        if [ "$code" != 0 ]; then echo "failed $out"; else
            mkdir "held/$(address "p$n")" 2>/dev/null || echo "twice $(address "p$n")"
            timeout 5 nsenter --net="/run/netns/c$((n % 3 + 1))" ping -c 1 -W 2 "$(address "p$n")" >/dev/null || echo "unreached p$n"
            timeout 9 nsenter --net="/run/netns/c$(((n + 1) % 3 + 1))" ping -c 3 -i 0.2 -W 2 "$(address "p$n")" >/dev/null || echo "unreached p$n from another host"
            rmdir "held/$(address "p$n")"
        fi
        detach $i "p$n"
        [ "$code" = 0 ] || echo "failed DEL $out"
        n=$((n + 1))
    done
    echo "done $n"
}
nsenter --net=/run/netns/c1 ping -q -i 0.02 -W 1 "$(address c2)" >watch &
watch=$!
plugins >plugins.out 2>&1 &
loop=$!
ticks() { awk '{ print $14 + $15 }' "/proc/${netd[1]}/stat"; }
before=$(ticks)
python3 "$here/churn.py" "$seconds" 200 "$scratch/held" /run/h1 /run/h2 /run/h3 >figures 2>churn.err
result=$?
after=$(ticks)
wait $loop
kill -INT $watch
wait $watch

if [ $result = 0 ]; then ok "the driver comes to its end"; else not_ok "the driver comes to its end" <churn.err; finish; fi
echo "# $(jq -c . figures)"
echo "# plugins: $(grep '^done' plugins.out) in $seconds s; the daemon of host 1: $(((after - before) * 10 / $(jq '.seconds | ceil' figures))) ms of processor time a second; load $(cut -d ' ' -f 1-3 /proc/loadavg)"
number() { jq ".$1 // 0" figures; }
same "no attachment is refused" "$(number refused)" 0
same "no address is given twice" "$(number twice) $(grep -c ^twice plugins.out)" "0 0"
same "whoever was attached was given up" "$(number detached)" "$(number attached)"
same "the plugins work beside it" "$(grep -v '^done' plugins.out)" ""
same "established traffic is not interrupted" "$(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) .*/\1 \2/p' watch | awk '{ print ($1 - $2 <= 1) ? "yes" : "lost " $1 - $2 " of " $1 }')" yes
if settled 1 2 3; then ok "nothing stale in the tables ($ms ms after the last)"; else not_ok "nothing stale in the tables" < <(difference 1 2 3); fi
same "what the tables have are the three" "$(for i in 1 2 3; do tables $i | wc -l; done | tr '\n' ' ')" "2 2 2 "
same "nor at the bridges" "$(for i in 1 2 3; do bridge -n h$i fdb show dev "$(vxlan $i)" | grep -c sticky; done | tr '\n' ' ')" "2 2 2 "
until_true 5 eval '[ "$(keys eps/ | wc -l)" = 3 ]'
same "nor in etcd" "$(keys eps/ | sed 's|.*/||' | sort | tr '\n' ' ')$(keys ips/)" "c1:eth0 c2:eth0 c3:eth0 "
same "no records" "$(ls /run/h1/overlay /run/h2/overlay /run/h3/overlay | grep json | tr '\n' ' ')" "blue:c1:eth0.json blue:c2:eth0.json blue:c3:eth0.json "
same "no links" "$(for i in 1 2 3; do ip -n h$i -o link show type veth | grep -vc eth0@; done | tr '\n' ' ')" "1 1 1 "
lookup() { nsenter --net="/run/netns/$1" dig +short +tries=3 +time=5 @127.0.0.11 "$2"; }
same "names of those who stayed are answered" "$(lookup c1 web2) $(lookup c2 web3) $(lookup c3 web1)" "$(address c2) $(address c3) $(address c1)"
stale=
# A name nobody has is asked of servers outside, which there are none of here.
for n in $(seq 0 $(($(number attached) / 30 * 10 + 10)) "$(number attached)"); do
    for i in 1 2 3; do
        stale+=$(nsenter --net="/run/netns/c$((i % 3 + 1))" dig +short +tries=1 +time=1 @127.0.0.11 "x$i-$n.blue" | grep -v '^;')
    done
done
same "names of those who left are not" "$stale" ""
for i in 1 2 3; do
    ask $i '{"do":"status"}'
    same "host $i: what the daemon knows" "$(jq -c '.overlay.networks[] | [.containers, .unannounced, .peers, (.blocks | length) < 4]' <<<"$out")" "[1,0,2,true]"
    same "host $i: nothing in its log that is wrong" "$(grep -vE 'is in the cluster| serves ' "$scratch/h$i/netd.log" | head -n 5)" ""
done
finish
