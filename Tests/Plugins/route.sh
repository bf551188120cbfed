#!/bin/bash
# The plugin route: the contract, whose gateway the default route has afterwards, and that DEL gives back what it replaced.
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
contract route "$all_versions" '"gateways":["10.1.0.1"]' '{}'


# Without what differs from kernel to kernel: the metric of IPv6 is asked for where it counts.
defaults() { ip -n test "${1--4}" route show default | sed 's/ proto [0-9a-z]*//; s/ metric 1024//; s/ pref medium//; s/ *$//' | paste -sd';'; }
# Ours and what they replaced are kept in a table nobody looks into.
kept() { ip -n test "${1--4}" route show table 1634760051 2>/dev/null | grep -c default; }
after='"prevResult":{"cniVersion":"1.1.0"}'
with() { conf 1.1.0 route "\"gateways\":[$1],$after"; }

untouched "ADD and DEL leave nothing" '
    call route ADD "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "ADD answers the routes" 0 "{\"cniVersion\":\"1.1.0\",\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},{\"dst\":\"::/0\",\"gw\":\"fd01::1\"}]}"
    same "one default route of each family" "$(defaults) $(defaults -6)" "default via 10.1.0.1 dev eth1 default via fd01::1 dev eth1"
    call route CHECK "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "CHECK right after ADD" 0 ""
    call route DEL "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "DEL" 0 ""
    call route DEL "$(with "\"10.1.0.1\",\"fd01::1\"")"
    expect "DEL again" 0 ""'
untouched "a chained plugin alone is refused, and does nothing" '
    call route ADD "$(conf 1.1.0 route "\"gateways\":[\"10.1.0.1\"]")"
    refused "ADD without prevResult" 7 "must be called as chained plugin"'

call route ADD "$(with '"10.1.0.1"')"
call route ADD "$(with '"10.2.0.1"')"
same "another gateway takes the place of the first" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route DEL "$(with '"10.1.0.1"')"
same "DEL of the first leaves the second" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route CHECK "$(with '"10.1.0.1"')"
refused "CHECK sees where the route leads" 100 "the default route does not lead through 10.1.0.1"
call route CHECK "$(with '"10.1.0.1"')" APUS_CNI_REPAIR=1
expect "CHECK with APUS_CNI_REPAIR=1" 0 ""
same "and sets it again" "$(defaults)" "default via 10.1.0.1 dev eth1"
call route DEL "$(with '"10.1.0.1"')"
same "DEL gives the way back to the second" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route DEL "$(with '"10.2.0.1"')"
same "DEL of both leaves none, and keeps none" "$(defaults) $(kept)" " 0"

previous='"prevResult":{"cniVersion":"1.1.0","interfaces":[{"name":"eth2","sandbox":"/run/netns/test"}],"ips":[{"interface":0,"address":"10.2.0.5/24","gateway":"10.2.0.1"}]}'
call route ADD "$(conf 1.1.0 route "$previous")" CNI_IFNAME=eth2
same "without the key the previous result names the gateway" "$(defaults)" "default via 10.2.0.1 dev eth2"
same "and is handed on" "$(jq -c '[.interfaces[0].name, .routes[0].gw]' <<<"$out")" '["eth2","10.2.0.1"]'
call route DEL "$(conf 1.1.0 route)" CNI_IFNAME=eth1
same "DEL of another interface leaves it, with nobody to say the gateway" "$(defaults)" "default via 10.2.0.1 dev eth2"
call route DEL "$(conf 1.1.0 route)" CNI_IFNAME=eth2
same "DEL finds it by the interface" "$(defaults)" ""

# What somebody else made is given back as it was, whatever the kernel knows of it.
for way in "default via 10.1.0.1 dev eth1 proto static src 10.1.0.5 mtu 1400 advmss 1300 window 4000 initcwnd 20" \
    "default proto static nexthop via 10.1.0.1 dev eth1 weight 3 nexthop via 10.2.0.2 dev eth2 weight 1" "default dev eth1 scope link" \
    "unreachable default" "default via 192.0.2.1 dev eth1 onlink" "default via inet6 fd01::1 dev eth1"; do
    # shellcheck disable=SC2086 # words of ip(8)
    ip -n test -4 route add $way || exit 2
    untouched "ADD and DEL give back: $way" '
        call route ADD "$(with "\"10.2.0.1\"")"
        same "ours is the one: $way" "$code $(defaults) $(kept)" "0 default via 10.2.0.1 dev eth2 2"
        call route ADD "$(with "\"10.2.0.1\"")"
        same "a second ADD changes nothing: $way" "$(defaults) $(kept)" "default via 10.2.0.1 dev eth2 2"
        call route DEL "$(with "\"10.2.0.1\"")"'
    ip -n test route flush exact default
done
for way in "default via fd01::1 dev eth1 proto static mtu 1400" "default nexthop via fd01::1 dev eth1 nexthop via fd02::2 dev eth2" \
    "default dev eth1"; do
    # shellcheck disable=SC2086 # words of ip(8)
    ip -n test -6 route add $way || exit 2
    untouched "ADD and DEL give back IPv6's: $way" '
        call route ADD "$(with "\"fd02::1\"")"
        same "ours is the one: $way" "$code $(defaults -6) $(kept -6)" "0 default via fd02::1 dev eth2 2"
        call route DEL "$(with "\"fd02::1\"")"'
    ip -n test -6 route flush exact default
done

ip -n test route add default via 10.1.0.1 mtu 1400
untouched "a route through the gateway that is there already stays somebody else's" '
    call route ADD "$(with "\"10.1.0.1\"")"
    same "with its MTU" "$(defaults)" "default via 10.1.0.1 dev eth1 mtu 1400"
    call route DEL "$(with "\"10.1.0.1\"")"'
untouched "a refusal half way takes back what was done" '
    call route ADD "$(with "\"10.2.0.1\",\"fd09::1\"")"
    refused "the second family has no way there" 5 "route replace ::/0"'
untouched "routes of other metrics and tables are not ours to replace" '
    ip -n test route add default via 10.2.0.9 metric 9; ip -n test route add default via 10.2.0.9 table 77
    call route ADD "$(conf 1.1.0 route "\"gateways\":[\"10.2.0.1\"],\"prevResult\":{\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.2.0.9\",\"priority\":9},
        {\"dst\":\"0.0.0.0/0\",\"gw\":\"10.1.0.1\"},{\"dst\":\"0.0.0.0/0\",\"gw\":\"10.2.0.9\",\"table\":77}]}")"
    same "and the result says so" "$(jq -c "[.routes[].gw]" <<<"$out")" "[\"10.2.0.9\",\"10.2.0.1\",\"10.2.0.9\"]"
    call route DEL "$(with "\"10.2.0.1\"")"
    ip -n test route delete default table 77; ip -n test route delete default metric 9'

call route ADD "$(with '"10.2.0.1"')"
ip -n test route replace default via 10.1.0.7
call route DEL "$(with '"10.2.0.1"')"
same "what somebody else has set since stays, and nothing is kept" "$(defaults) $(kept)" "default via 10.1.0.7 dev eth1 0"
call route ADD "$(with '"10.2.0.1"')"
ip -n test link set eth2 down
call route DEL "$(with '"10.2.0.1"')"
same "a route that went with its link: the old one comes back" "$(defaults) $(kept)" "default via 10.1.0.7 dev eth1 0"
ip -n test link set eth2 up
call route ADD "$(with '"10.2.0.1"')"
ip -n test link set eth1 down
call route DEL "$(with '"10.2.0.1"')"
same "an old one that went with its link is not missed" "$(defaults) $(kept)" " 0"
ip -n test link set eth1 up

untouched "what is refused changes nothing" '
    call route ADD "$(with "\"10.9.0.1\"")"
    refused "a gateway nothing leads to" 5 "route replace"
    call route ADD "$(with "\"10.1.0.1\",\"10.2.0.1\"")"
    refused "two gateways of a family" 7 "a second gateway of IPv4"
    call route ADD "$(with "\"here\"")"
    refused "no address" 7 "is not an IP address"'
finish
