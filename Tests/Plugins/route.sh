#!/bin/bash
# The plugin route: the contract, and whose gateway the default route has afterwards.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin route route

container test
for number in 1 2; do
    ip -n test link add "eth$number" type veth peer name "far$number"
    ip -n test link set "far$number" up
    ip -n test link set "eth$number" up
    ip -n test address add "10.$number.0.5/24" dev "eth$number"
    ip -n test address add "fd0$number::5/64" dev "eth$number" nodad
done
contract route "$all_versions" '"gateways":["10.1.0.1"]'

defaults() { ip -n test "${1--4}" route show default | sed 's/ *$//; s/ proto.*//; s/ metric.*//'; }
with() { conf 1.1.0 route "\"gateways\":[$1]"; }

untouched "ADD and DEL leave nothing" '
    call route ADD "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "ADD answers the routes" 0 "{\"cniVersion\":\"1.1.0\",\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},{\"dst\":\"::/0\",\"gw\":\"fd01::1\"}]}"
    same "one default route of each family" "$(defaults) $(defaults -6)" "default via 10.1.0.1 dev eth1 default via fd01::1 dev eth1"
    call route CHECK "$(conf 1.1.0 route "\"gateways\":[\"10.1.0.1\",\"fd01::1\"],\"prevResult\":{}")"
    expect "CHECK right after ADD" 0 ""
    call route DEL "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "DEL" 0 ""
    call route DEL "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "DEL again" 0 ""'

call route ADD "$(with '"10.1.0.1"')"
call route ADD "$(with '"10.2.0.1"')"
same "another gateway takes the place of the first" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route DEL "$(with '"10.1.0.1"')"
same "DEL of the first leaves the second" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route CHECK "$(conf 1.1.0 route '"gateways":["10.1.0.1"],"prevResult":{}')"
refused "CHECK sees where the route leads" 100 "the default route does not lead through 10.1.0.1"
call route CHECK "$(conf 1.1.0 route '"gateways":["10.1.0.1"],"prevResult":{}')" APUS_CNI_REPAIR=1
expect "CHECK with APUS_CNI_REPAIR=1" 0 ""
same "and sets it again" "$(defaults)" "default via 10.1.0.1 dev eth1"

previous='"prevResult":{"cniVersion":"1.1.0","interfaces":[{"name":"eth2","sandbox":"/run/netns/test"}],"ips":[{"interface":0,"address":"10.2.0.5/24","gateway":"10.2.0.1"}]}'
call route ADD "$(conf 1.1.0 route "$previous")" CNI_IFNAME=eth2
same "without the key the previous result names the gateway" "$(defaults)" "default via 10.2.0.1 dev eth2"
same "and is handed on" "$(jq -c '[.interfaces[0].name, .routes[0].gw]' <<<"$out")" '["eth2","10.2.0.1"]'
untouched "what is refused changes nothing" '
    call route ADD "$(with "\"10.9.0.1\"")"
    refused "a gateway nothing leads to" 5 "route replace"
    call route ADD "$(with "\"10.1.0.1\",\"10.2.0.1\"")"
    refused "two gateways of a family" 7 "a second gateway of IPv4"
    call route ADD "$(with "\"here\"")"
    refused "no address" 7 "is not an IP address"'
finish
