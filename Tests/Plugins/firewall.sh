#!/bin/bash
# The plugin firewall: the contract, every policy with real traffic, drift, and what is left.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin firewall firewall bridge ipam

for name in test twin other; do container $name; done
# Without IPv6 nothing happens on its own a moment later.
quiet='for setting in /proc/sys/net/ipv6/conf/{all,default}/disable_ipv6; do echo 1 >"$setting"; done'
eval "$quiet"
for name in test twin other; do nsenter --net=/run/netns/$name bash -c "$quiet"; done
bridge() { printf '"bridge":"%s","isDefaultGateway":true,"ipam":{"type":"ipam","dataDir":"/run/addresses","subnet":"%s"}' "$1" "$2"; }
# attach NAME BRIDGE SUBNET: connects a container; its result is in result_NAME.
attach() {
    call bridge ADD "$(conf 1.1.0 bridge "$(bridge "$2" "$3")")" CNI_CONTAINERID="$1" CNI_NETNS=/run/netns/"$1"
    declare -g "result_$1=$out"
}
attach test br1 10.1.0.0/24
attach twin br1 10.1.0.0/24
attach other br2 10.2.0.0/24
own=$(jq -r '.ips[0].address' <<<"$result_test") own=${own%/*}
end=$(jq -r '.interfaces[1].name' <<<"$result_test")
previous() { printf '"prevResult":%s' "$result_test"; }
contract firewall '["0.4.0","1.0.0","1.1.0"]' "" "$(jq -c . <<<"$result_test")"
own_namespace firewall
pings() { nsenter --net=/run/netns/"$1" ping -c 1 -W 1 "$2" >/dev/null 2>&1 && echo yes || echo no; }
reach() { echo "host $(ping -c 1 -W 1 "$own" >/dev/null && echo yes || echo no) twin $(pings twin "$own") other $(pings other "$own")"; }

# policy NAME MEMBERS WANT: ADD lets reach say WANT, CHECK agrees, DEL puts everything back.
same "before: everybody is let in" "$(reach)" "host yes twin yes other yes"
call firewall ADD "$(conf 1.1.0 firewall "$(previous)")"
same "what makes the table is there before anything is compared" "$code" 0
call firewall ADD "$(conf 1.1.0 firewall "\"ingressPolicy\":\"same-bridge\",$(previous)")"
call firewall DEL "$(conf 1.1.0 firewall "\"ingressPolicy\":\"same-bridge\",$(previous)")"
policy() {
    local name=$1 members=$2 want=$3
    untouched "$name: DEL puts everything back" '
        call firewall ADD "$(conf 1.1.0 firewall "$members,$(previous)")"
        expect "$name: ADD passes the result on" 0 "$(jq -c . <<<"$result_test")"
        same "$name" "$(reach)" "$want"
        call firewall CHECK "$(conf 1.1.0 firewall "$members,$(previous)")"; expect "$name: CHECK" 0 ""
        call firewall DEL "$(conf 1.1.0 firewall "$members,$(previous)")"; expect "$name: DEL" 0 ""
        call firewall DEL "$(conf 1.1.0 firewall "$members,$(previous)")"; expect "$name: DEL again" 0 ""'
    same "$name: afterwards everybody is let in" "$(reach)" "host yes twin yes other yes"
}
policy open '"ingressPolicy":"open"' "host yes twin yes other yes"
policy "empty policy and backend, as podman writes them" '"ingressPolicy":"","backend":""' "host yes twin yes other yes"
policy same-bridge '"ingressPolicy":"same-bridge","backend":"iptables","iptablesAdminChainName":"CNI-ADMIN","firewalldZone":"trusted"' "host yes twin yes other no"
# A port is kept apart from other isolated ports only: the twin is isolated too.
call firewall ADD "$(conf 1.1.0 firewall "\"ingressPolicy\":\"isolated\",\"prevResult\":$result_twin")" CNI_CONTAINERID=twin CNI_NETNS=/run/netns/twin
policy isolated '"ingressPolicy":"isolated"' "host yes twin no other no"

for bad in '"ingressPolicy":"closed"' '"backend":"firewalld"' '"iptablesAdminChainName":"MINE"' '"ingressPolicy":1'; do
    untouched "refused without a trace: $bad" '
        call firewall ADD "$(conf 1.1.0 firewall "$bad,$(previous)")"
        same "refused with a code: $bad" "$code $(jq -c ".code == 6 or .code == 7" <<<"$out")" "1 true"'
done
call firewall ADD "$(conf 1.1.0 firewall)"
refused "E9: not the first of a chain" 7 "missing prevResult from earlier plugin"
call firewall ADD "$(conf 1.1.0 firewall '"ingressPolicy":"same-bridge","prevResult":{"cniVersion":"1.1.0","ips":[]}')"
refused "a result without a bridge" 7 "no bridge"

# Drift.
strict=$(conf 1.1.0 firewall "\"ingressPolicy\":\"isolated\",$(previous)")
call firewall ADD "$strict"
drift() { eval "$2"; call firewall CHECK "$strict"; refused "G4: $1" 100 "$3"; call firewall CHECK "$strict" APUS_CNI_REPAIR=1; expect "$1: put back" 0 ""; call firewall CHECK "$strict"; expect "$1: CHECK afterwards" 0 ""; }
drift "the rules were flushed" "nft flush ruleset" "rules of table"
drift "an element has gone" "nft delete element inet apus_cni same_bridge4 '{ $own }'" same_bridge4
drift "the port is not isolated" "ip link set $end type bridge_slave isolated off" "not isolated"
same "after repairs the policy holds" "$(reach)" "host yes twin no other no"

# A published port is reached all the same.
nft add table ip test && nft add chain ip test pre '{ type nat hook prerouting priority -100; }' && nft add rule ip test pre tcp dport 8080 ip daddr 10.2.0.1 dnat to "$own:80"
mkdir "$scratch/www" && echo hello >"$scratch/www/index.html"
nsenter --net=/run/netns/test busybox httpd -p 80 -h "$scratch/www"
same "same-bridge: a published port is reached" "$(nsenter --net=/run/netns/other timeout 2 bash -c "exec 3<>/dev/tcp/10.2.0.1/8080; printf 'GET / HTTP/1.0\r\n\r\n' >&3; tail -n 1 <&3")" hello
nft delete table ip test

# The policy may have changed since the ADD: what is left would close the next container of that address.
call firewall ADD "$(conf 1.1.0 firewall "\"ingressPolicy\":\"same-bridge\",$(previous)")"
call firewall DEL "$(conf 1.1.0 firewall "\"ingressPolicy\":\"open\",$(previous)")"
same "a policy which is asked for no more goes with DEL" "$code $(nft list table inet apus_cni | grep -c 'net test')" "0 0"

# DEL without a result, GC, STATUS.
call firewall DEL "$(conf 1.1.0 firewall '"ingressPolicy":"isolated"')"
same "F5: DEL without a result takes its elements" "$code $(nft list table inet apus_cni | grep -c 'net test')" "0 0"
call firewall ADD "$strict"
call firewall GC "$(conf 1.1.0 firewall '"cni.dev/valid-attachments":[{"containerID":"test","ifname":"eth0"}]')"
same "H8: GC leaves the valid one and takes the other" "$code $(nft list table inet apus_cni | grep -c 'net test .*firewall') $(nft list table inet apus_cni | grep -c 'net twin .*firewall')" "0 2 0"
nft add table ip stranger && nft add chain ip stranger FORWARD '{ type filter hook forward priority 0; policy drop; }'
call firewall STATUS "$(conf 1.1.0 firewall)"
refused "H2: somebody else drops what is forwarded" 51 "chain FORWARD of table ip stranger"
finish
