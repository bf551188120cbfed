#!/bin/bash
# The plugin loopback: the contract, and everything it answers byte for byte.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin loopback loopback

container test
contract loopback "$all_versions"
own_namespace loopback

lo='"interfaces":[{"name":"lo","mac":"00:00:00:00:00:00","sandbox":"/run/netns/test"}]'
old="$lo"',"ips":[{"version":"4","interface":0,"address":"127.0.0.1/8"},{"version":"6","interface":0,"address":"::1/128"}],"dns":{}}'
new="$lo"',"ips":[{"interface":0,"address":"127.0.0.1/8"},{"interface":0,"address":"::1/128"}]}'
ancient='"ip4":{"ip":"127.0.0.1/8"},"ip6":{"ip":"::1/128"},"dns":{}}'

is_up() { ip -n test -o link show lo | grep -q '[<,]UP[,>]' && echo up || echo down; }

for version in 0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0; do
    case $version in 0.1.0 | 0.2.0) want=$ancient ;; 0.*) want=$old ;; *) want=$new ;; esac
    untouched "ADD and DEL leave nothing, version $version" '
        call loopback ADD "$(conf $version loopback)"
        expect "E, I1-I4: ADD answers in version $version" 0 "{\"cniVersion\":\"$version\",$want"
        same "E1: lo is up" "$(is_up)" up
        call loopback ADD "$(conf $version loopback)"
        expect "ADD again answers the same, version $version" 0 "{\"cniVersion\":\"$version\",$want"
        call loopback DEL "$(conf $version loopback)"
        expect "F9: DEL answers nothing, version $version" 0 ""
        same "lo is down" "$(is_up)" down
        call loopback DEL "$(conf $version loopback)"
        expect "F1: DEL again, version $version" 0 ""'
done

call loopback ADD '{"name":"net","type":"loopback"}'
expect "B3: no version is 0.1.0" 0 "{\"cniVersion\":\"0.1.0\",$ancient"
call loopback ADD '{"CNIVersion":"0.4.0","cniversion":"1.0.0","NAME":"x y","name":"net","type":"loopback","unknown":{"a":[1e400]}}'
expect "B5-B7: any case, the last one, unknown keys" 0 "{\"cniVersion\":\"1.0.0\",$new"
call loopback ADD "$(conf 1.1.0 loopback)" CNI_ARGS="no pairs" TRACEPARENT=00-x BAGGAGE=a
expect "A13, A15: variables nobody asked for" 0 "{\"cniVersion\":\"1.1.0\",$new"

result="{\"cniVersion\":\"1.1.0\",$new"
call loopback CHECK "$(conf 1.1.0 loopback "\"prevResult\":$result")"
expect "G7, G8: CHECK right after ADD" 0 ""
call loopback CHECK "$(conf 0.4.0 loopback "\"prevResult\":{\"cniVersion\":\"0.4.0\",$old")"
expect "G1: CHECK with a result of version 0.4.0" 0 ""
call loopback CHECK "$(conf 1.1.0 loopback "\"prevResult\":{\"cniVersion\":\"0.4.0\",$old")"
expect "B8: a result in another version than the configuration" 0 ""
ip -n test address delete 127.0.0.1/8 dev lo
call loopback CHECK "$(conf 1.1.0 loopback "\"prevResult\":$result")"
refused "G3: CHECK misses an address" 100 "lo has lost its address 127.0.0.1/8"
ip -n test link set lo down
call loopback CHECK "$(conf 1.1.0 loopback "\"prevResult\":{}")"
refused "G3: CHECK finds lo down" 100 "lo is down"

# Behind another plugin.
previous='"interfaces":[{"name":"eth0","mac":"02:42:00:00:00:02","mtu":1400,"sandbox":"/run/netns/test","socketPath":"/s","pciID":"p"}],'
previous+='"ips":[{"interface":0,"address":"10.1.2.3/24","gateway":"10.1.2.1"}],'
previous+='"routes":[{"dst":"0.0.0.0/0","gw":"10.1.2.1","mtu":1400,"advmss":1360,"priority":5,"table":0,"scope":0}],'
previous+='"dns":{"nameservers":["9.9.9.9"],"domain":"d","search":["s"],"options":["o"]}}'
call loopback ADD "$(conf 1.1.0 loopback "\"prevResult\":{\"cniVersion\":\"1.1.0\",$previous")"
expect "E4, E5: a previous result is handed on whole" 0 "{\"cniVersion\":\"1.1.0\",$previous"
same "and lo is up all the same" "$(is_up)" up
call loopback CHECK "$(conf 1.1.0 loopback "\"prevResult\":{\"cniVersion\":\"1.1.0\",$previous")"
expect "CHECK behind another plugin" 0 ""
ip -n test link set lo down

# What cannot be.
untouched "an address that is not loopback's is refused, and lo left as it was" '
    ip -n test address add 10.9.9.9/32 dev lo
    call loopback ADD "$(conf 1.1.0 loopback)"
    refused "non-loopback address" 100 "loopback interface found with non-loopback address \"10.9.9.9\""
    same "lo is still down" "$(is_up)" down
    ip -n test address delete 10.9.9.9/32 dev lo'
for path in /nonexistent /etc/passwd /proc/self/ns/mnt; do
    call loopback ADD "$(conf 1.1.0 loopback)" CNI_NETNS=$path
    refused "ADD without a network namespace at $path" 4 "failed to open netns \"$path\""
done
mkfifo /run/fifo
call loopback ADD "$(conf 1.1.0 loopback)" CNI_NETNS=/run/fifo
refused "A fifo in place of the namespace does not block" 4 "failed to open netns \"/run/fifo\": not a network namespace"
rm /run/fifo
call loopback ADD "$(conf 1.1.0 loopback)" CNI_NETNS=/proc/self/ns/net CNI_NETNS_OVERRIDE=1
same "A14: the override is heeded" "$code" 0

# A person at a terminal. script(1) makes one for standard error.
if command -v script >/dev/null; then
    script -qec "env -u CNI_COMMAND $PLUGINS/loopback" /dev/null >"$scratch/screen"
    same "A2: a person is told how to use it" "$(grep -c 'CNI_COMMAND=ADD loopback <test.conf' "$scratch/screen")" 1
fi
finish
