#!/bin/bash
# The plugin host: the contract, and everything it answers byte for byte.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin host host

container test
contract host "$all_versions"

ip link add up0 address 02:00:00:00:00:01 mtu 1400 type veth peer name up1 address 02:00:00:00:00:02
ip link set up0 up
ip link set up1 up
ip address add 10.1.0.1/24 dev up0
ip address add fd00::1/64 dev up0 nodad
ip route add default via 10.1.0.2
ip link add down0 type veth peer name down1

interfaces='[{"name":"up1","mac":"02:00:00:00:00:02","mtu":1500},{"name":"up0","mac":"02:00:00:00:00:01","mtu":1400},'
interfaces+='{"name":"lo","mac":"00:00:00:00:00:00","mtu":65536}]'
ips='[{"interface":1,"address":"10.1.0.1/24","gateway":"10.1.0.2"},{"interface":1,"address":"fd00::1/64"},'
ips+='{"interface":2,"address":"127.0.0.1/8"},{"interface":2,"address":"::1/128"}]'
result="{\"cniVersion\":\"1.1.0\",\"interfaces\":$interfaces,\"ips\":$ips,\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.2\"}]}"
untouched "no verb changes anything" '
    for path in /proc/self/ns/net /proc/1/ns/net /proc/thread-self/ns/net; do
        call host ADD "$(conf 1.1.0 host)" CNI_NETNS=$path
        expect "ADD with the namespace at $path" 0 "$result"
    done
    call host CHECK "$(conf 1.1.0 host "\"prevResult\":$result")" CNI_NETNS=/proc/self/ns/net
    expect "CHECK right after ADD" 0 ""
    call host DEL "$(conf 1.1.0 host "\"prevResult\":$result")" CNI_NETNS=/proc/self/ns/net
    expect "DEL" 0 ""'
call host ADD "$(conf 0.1.0 host)" CNI_NETNS=/proc/self/ns/net
expect "ADD in version 0.1.0" 0 \
    '{"cniVersion":"0.1.0","ip4":{"ip":"10.1.0.1/24","gateway":"10.1.0.2","routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.2"}]},"ip6":{"ip":"fd00::1/64"},"dns":{}}'
call host ADD "$(conf 1.1.0 host '"prevResult":{"ips":[{"address":"10.9.0.1/8"}]}')" CNI_NETNS=/proc/self/ns/net
expect "E4: a previous result is handed on" 0 '{"cniVersion":"1.1.0","ips":[{"address":"10.9.0.1/8"}]}'

for verb in ADD CHECK; do
    call host $verb "$(conf 1.1.0 host '"prevResult":{}')"
    refused "$verb in another namespace" 4 'CNI_NETNS "/run/netns/test" is not the network namespace of the host'
    call host $verb "$(conf 1.1.0 host '"prevResult":{}')" CNI_NETNS=/proc/self/ns/mnt
    refused "$verb in a mount namespace" 4 'CNI_NETNS "/proc/self/ns/mnt" is not the network namespace of the host'
    call host $verb "$(conf 1.1.0 host '"prevResult":{}')" CNI_NETNS=/nonexistent
    refused "$verb without a namespace" 4 'CNI_NETNS "/nonexistent": No such file or directory'
done
finish
