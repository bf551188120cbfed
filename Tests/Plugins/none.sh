#!/bin/bash
# The plugin none: the contract, and everything it answers byte for byte.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin none none

container test
contract none "$all_versions"
own_namespace none

result='{"cniVersion":"1.1.0","interfaces":[{"name":"lo","mac":"00:00:00:00:00:00","sandbox":"/run/netns/test"}],'
result+='"ips":[{"interface":0,"address":"127.0.0.1/8"},{"interface":0,"address":"::1/128"}]}'
untouched "ADD and DEL leave nothing" '
    call none ADD "$(conf 1.1.0 none)"
    expect "ADD brings lo up" 0 "$result"
    call none CHECK "$(conf 1.1.0 none "\"prevResult\":$result")"
    expect "CHECK right after ADD" 0 ""
    call none DEL "$(conf 1.1.0 none "\"prevResult\":$result")"
    expect "DEL" 0 ""
    call none DEL "$(conf 1.1.0 none "\"prevResult\":$result")"
    expect "DEL again" 0 ""'
call none ADD "$(conf 0.2.0 none)"
expect "ADD in version 0.2.0" 0 '{"cniVersion":"0.2.0","ip4":{"ip":"127.0.0.1/8"},"ip6":{"ip":"::1/128"},"dns":{}}'

ip -n test link add other type veth peer name far
call none CHECK "$(conf 1.1.0 none "\"prevResult\":$result")"
expect "an interface that is down is nothing" 0 ""
ip -n test link set other up
call none CHECK "$(conf 1.1.0 none "\"prevResult\":$result")"
refused "CHECK finds another interface" 100 "the container has another interface which is up: other"
ip -n test link set lo down
untouched "ADD leaves a container that is not alone" '
    call none ADD "$(conf 1.1.0 none)"
    refused "ADD refuses a container that is not alone" 100 "the container has another interface which is up: other"'
ip -n test link delete other
call none CHECK "$(conf 1.1.0 none "\"prevResult\":$result")"
refused "CHECK finds lo down" 100 "lo is down"
finish
