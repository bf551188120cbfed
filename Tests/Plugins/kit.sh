#!/bin/bash
# The two plugins of docs/write-a-plugin.md: one in Swift with the skeleton, one in shell in a chain.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin kit label loopback

# In Swift.
container test
ip -n test link add eth0 type veth peer name far
contract label "$all_versions" '"text":"mine"' '{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","sandbox":"/run/netns/test"}]}'
own_namespace label
label() { ip -n test -j link show eth0 | jq -r '.[0].ifalias // ""'; }
result='{"cniVersion":"1.1.0","interfaces":[{"name":"eth0","sandbox":"/run/netns/test"}]}'
untouched "ADD and DEL leave nothing" '
    call label ADD "$(conf 1.1.0 label "\"text\":\"a: b\",\"prevResult\":$result")"
    expect "label: ADD hands the result on" 0 "$result"
    same "label: ADD labels the interface" "$(label)" "a: b"
    call label CHECK "$(conf 1.1.0 label "\"text\":\"a: b\",\"prevResult\":$result")"
    expect "label: CHECK right after ADD" 0 ""
    ip -n test link set eth0 alias other
    call label CHECK "$(conf 1.1.0 label "\"text\":\"a: b\",\"prevResult\":$result")"
    refused "label: CHECK sees another label" 100 "eth0 is labelled '\''other'\'' instead of '\''a: b'\''"
    call label DEL "$(conf 1.1.0 label "\"prevResult\":$result")"
    same "label: DEL takes the label away" "$code $(label)" "0 "'
call label ADD "$(conf 1.1.0 label "\"prevResult\":$result")"
same "label: without a text it is the network" "$code $(label)" "0 net"
call label ADD "$(conf 1.1.0 label)"
refused "label: it needs a plugin before it" 7 "must be called as chained plugin"
call label ADD "$(conf 1.1.0 label "\"text\":7,\"prevResult\":$result")"
refused "label: a text that is none" 6 "text: expected string, found integer"
same "A2: its version is its own" "$("$PLUGINS/label" 2>&1 | head -n 1)" "CNI label plugin v1.0.0"

# In shell, behind loopback: the chain as a host runs it.
mkdir "$scratch/bin" && cp "$PLUGINS/loopback" "$top/docs/examples/hosts/hosts" "$scratch/bin"
PLUGINS=$scratch/bin
untouched "the chain leaves nothing" '
    mkdir -p /run/cni/hosts/net
    call loopback ADD "$(conf 1.1.0 loopback)"
    first=$out
    call hosts ADD "$(conf 1.1.0 hosts "\"prevResult\":$first")"
    expect "hosts: ADD hands the result on" 0 "$first"
    same "hosts: the file has a line for each address" "$(</run/cni/hosts/net/test:eth0)" "$(printf "127.0.0.1 test\n::1 test")"
    for name in loopback hosts; do
        call $name CHECK "$(conf 1.1.0 $name "\"prevResult\":$first")"
        expect "$name: CHECK right after ADD" 0 ""
    done
    echo more >>/run/cni/hosts/net/test:eth0
    call hosts CHECK "$(conf 1.1.0 hosts "\"prevResult\":$first")"
    refused "hosts: CHECK sees another line" 100 "/run/cni/hosts/net/test:eth0 has changed"
    for name in hosts loopback hosts loopback; do
        call $name DEL "$(conf 1.1.0 $name "\"prevResult\":$first")"
        expect "$name: DEL" 0 ""
    done
    same "hosts: DEL removes the file" "$(ls /run/cni/hosts/net)" ""
    rm -r /run/cni'
for name in a b; do call hosts ADD "$(conf 1.1.0 hosts "\"prevResult\":$first")" CNI_CONTAINERID=$name; done
call hosts GC "$(conf 1.1.0 hosts)" CNI_CONTAINERID= CNI_IFNAME=
same "hosts: GC without a list removes nothing" "$code $(ls /run/cni/hosts/net | xargs)" "0 a:eth0 b:eth0"
call hosts GC "$(conf 1.1.0 hosts '"cni.dev/valid-attachments":[{"containerID":"a","ifname":"eth0"}]')" CNI_CONTAINERID= CNI_IFNAME=
same "hosts: GC removes what is not valid" "$code $(ls /run/cni/hosts/net | xargs)" "0 a:eth0"
call hosts GC "$(conf 1.1.0 hosts '"cni.dev/valid-attachments":[]')" CNI_CONTAINERID= CNI_IFNAME=
same "hosts: GC with an empty list removes everything" "$code $(ls /run/cni/hosts/net | xargs)" "0 "
call hosts ADD "$(conf 1.1.0 hosts)"
refused "hosts: it needs a plugin before it" 7 "must be called as chained plugin"
call hosts VERSION '{"cniVersion":"1.0.0"}'
expect "hosts: VERSION" 0 '{"cniVersion":"1.1.0","supportedVersions":["0.4.0","1.0.0","1.1.0"]}'
call hosts STATUS "$(conf 1.1.0 hosts)"
expect "hosts: STATUS" 0 ""
call hosts STATUS "$(conf 1.1.0 hosts '"directory":"/proc/hosts"')"
refused "hosts: STATUS says that ADD would fail" 50 "/proc/hosts/net cannot be made"
finish
