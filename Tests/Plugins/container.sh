#!/bin/bash
# The plugin container: the contract, and everything it answers byte for byte.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin container container

container test
contract container "$all_versions" '"netns":"/run/netns/test"'
own_namespace container '"netns":"/run/netns/test"'

container owner
ip -n owner link add eth0 address 02:00:00:00:00:01 mtu 1400 type veth peer name far
ip -n owner link set lo up
ip -n owner link set eth0 up
ip -n owner link set far up
ip -n owner address add 10.1.0.5/24 dev eth0
ip -n owner address add fd00::5/64 dev eth0 nodad
ip -n owner route add default via 10.1.0.1
# The result cache of the host, as libcni writes it; beside it what does not belong there.
mkdir -p /var/lib/cni/results
cached() { printf '{"kind":"cniCacheV1","containerId":"%s","ifName":"eth0","networkName":"net","netns":"%s","config":"e30="}' "$1" "$2"; }
cached web-1 /run/netns/owner >/var/lib/cni/results/net-web-1-eth0
cached other /run/netns/test >/var/lib/cni/results/net-web-1-eth1
cached gone /run/netns/gone >/var/lib/cni/results/net-gone-eth0
: >/var/lib/cni/results/net-web-1-eth2

in_owner() { local verb=$1 members=$2; shift 2; call container "$verb" "$(conf 1.1.0 container "$members")" CNI_NETNS=/run/netns/owner "$@"; }

far=$(ip -n owner -o link show far | sed -E 's/.*ether ([0-9a-f:]+).*/\1/')
sandbox='"sandbox":"/run/netns/owner"'
result="{\"cniVersion\":\"1.1.0\",\"interfaces\":[{\"name\":\"far\",\"mac\":\"$far\",\"mtu\":1500,$sandbox},"
result+="{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:01\",\"mtu\":1400,$sandbox},{\"name\":\"lo\",\"mac\":\"00:00:00:00:00:00\",\"mtu\":65536,$sandbox}],"
result+='"ips":[{"interface":1,"address":"10.1.0.5/24","gateway":"10.1.0.1"},{"interface":1,"address":"fd00::5/64"},'
result+='{"interface":2,"address":"127.0.0.1/8"},{"interface":2,"address":"::1/128"}],"routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}]}'
untouched "the owner's network is left alone" '
    for members in "\"netns\":\"/run/netns/owner\"" "\"container\":\"web-1\"" "\"runtimeConfig\":{\"container\":\"web-1\"}" \
        "\"container\":\"x\",\"runtimeConfig\":{\"container\":{\"container\":\"web-1\"}}" \
        "\"netns\":\"/run/netns/test\",\"RuntimeConfig\":{\"Container\":{\"netns\":\"/run/netns/owner\"}}"; do
        in_owner ADD "$members"
        expect "ADD with $members" 0 "$result"
        in_owner CHECK "$members,\"prevResult\":$result"
        expect "CHECK right after ADD" 0 ""
        in_owner DEL "$members,\"prevResult\":$result"
        expect "DEL" 0 ""
    done'
in_owner ADD '"container":"web-1","prevResult":{"ips":[{"address":"10.9.0.1/8"}]}'
expect "E4: a previous result is handed on" 0 '{"cniVersion":"1.1.0","ips":[{"address":"10.9.0.1/8"}]}'

for verb in ADD CHECK; do
    call container $verb "$(conf 1.1.0 container '"container":"web-1","prevResult":{}')"
    refused "$verb in a namespace that is not the owner's" 4 'CNI_NETNS "/run/netns/test" is not the network namespace of container "web-1" that is /run/netns/owner'
    call container $verb "$(conf 1.1.0 container '"netns":"/run/netns/owner","prevResult":{}')"
    refused "$verb in a namespace that is not the one at netns" 4 'is not the network namespace that is /run/netns/owner'
    in_owner $verb '"prevResult":{}'
    refused "$verb when nobody is named" 7 "neither container nor netns"
    in_owner $verb '"container":"test","prevResult":{}'
    refused "$verb of a container with itself" 7 'container "test" is the container itself'
    in_owner $verb '"container":"nobody","prevResult":{}'
    refused "$verb of a container nobody knows" 3 'container "nobody" has no network /var/lib/cni/results knows no attachment of it'
    in_owner $verb '"container":"web-1","cacheDir":"/nonexistent","prevResult":{}'
    refused "$verb without a cache" 3 '/nonexistent/results knows no attachment of it'
    in_owner $verb '"container":"../web","prevResult":{}'
    refused "$verb with an owner's ID that is none" 4 "invalid characters in containerID ../web"
    in_owner $verb '"container":"gone","prevResult":{}'
    refused "$verb of a container that has gone" 4 "the owner's network namespace \"/run/netns/gone\": No such file"
    in_owner $verb '"container":7,"prevResult":{}'
    refused "$verb with an owner that is no text" 6 "container: expected string, found integer"
done

in_owner STATUS '"container":"web-1"'
expect "STATUS when the owner is there" 0 ""
in_owner STATUS '"container":"nobody"'
refused "STATUS when the owner is not there" 50 'container "nobody" has no network'
in_owner STATUS '"capabilities":{"container":true}'
expect "STATUS when the owner is named later" 0 ""

drift() {
    ip -n owner "${@:2}"
    in_owner CHECK "\"container\":\"web-1\",\"prevResult\":$result"
    refused "G3: CHECK sees: ip ${*:2}" 100 "$1"
}
drift "interface eth0 has lost its address 10.1.0.5/24" address delete 10.1.0.5/24 dev eth0
ip -n owner address add 10.1.0.5/24 dev eth0
drift "interface eth0 has the MTU 1300 instead of 1400" link set eth0 mtu 1300
ip -n owner link set eth0 mtu 1400
drift "interface eth0 has the MAC address 02:00:00:00:00:09 instead of 02:00:00:00:00:01" link set eth0 address 02:00:00:00:00:09
drift "interface eth0 is down" link set eth0 down
drift "interface far is missing" link delete far
finish
