#!/bin/bash
# The plugin portmap: the contract, keys and values, ports that are taken, connections, drift, and what is left.
# shellcheck disable=SC2154,SC2016 # $code and $out are set by call; shell text is for eval
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin portmap portmap bridge ipam
. "$here/portmap.bash"

web=$(ports "8080 80")
contract portmap "$all_versions" "$(ports "8080 80" "5353 53 udp")" "$(jq -c . <<<"$result_test")"
own_namespace portmap
passed_on() { jq -cS --arg version "$version" '.cniVersion = $version' <<<"$result_test"; }

# E3 to E5: the result comes out as it went in, in every version which has interfaces; below, addresses are all there is.
for version in 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0; do
    untouched "E4, E5: ADD, and DEL takes all away, version $version" '
        portmap ADD test "$web"
        same "E4, E5: the result is passed on, version $version" "$code $(jq -S "del(.dns, .ips[].version) | .interfaces[] |= del(.mtu)" -c <<<"$out")" \
            "0 $(jq -cS "del(.dns) | .interfaces[] |= del(.mtu)" <<<"$(passed_on)")"
        same "the port leads to the container, version $version" "$(tcp lan 10.0.2.15 8080)" "test 10.0.2.2"
        case $version in 0.3.*) ;; *) portmap CHECK test "$web"; expect "G7: CHECK right after ADD, version $version" 0 "" ;; esac
        portmap DEL test "$web"; expect "F1: DEL, version $version" 0 ""
        portmap DEL test "$web"; expect "F1: DEL again, version $version" 0 ""'
done
version=1.1.0
portmap ADD test "$web"
same "E5: to the last member" "$(jq -cS . <<<"$out")" "$(passed_on)"
unpublish test "$web"
result_plain=$(jq -c '{cniVersion, ips: [.ips[] | del(.interface)]}' <<<"$result_test")
portmap ADD plain "$web" CNI_NETNS=/run/netns/test
same "a result without interfaces, as in versions 0.1.0 and 0.2.0" "$code $(tcp lan 10.0.2.15 8080)" "0 test 10.0.2.2"
portmap DEL plain "$web" CNI_NETNS=
same "F3: DEL without the namespace" "$code $(elements plain)" "0 0"
call portmap ADD "$(conf 1.1.0 portmap "$web")"
refused "E9: not the first of a chain" 7 "must be called as chained plugin"
untouched "nothing is published, nothing is done" '
    for none in "\"x\":0" "\"runtimeConfig\":{}" "\"runtimeConfig\":{\"portMappings\":[]}" "\"runtimeConfig\":{\"portMappings\":null}"; do
        portmap ADD test "$none"; same "without ports: $none" "$code $(jq -cS . <<<"$out")" "0 $(passed_on)"
        portmap CHECK test "$none"; expect "without ports, CHECK: $none" 0 ""
        portmap DEL test "$none"; expect "without ports, DEL: $none" 0 ""
    done'

# Where a port is.
where() { echo "$(tcp lan 10.0.2.15 8080) | $(tcp lan fd00::15 8080) | $(tcp host 127.0.0.1 8080) | $(tcp host 10.1.0.1 8080)"; }
no="Connection refused"
for row in "|test 10.0.2.2 | test fd00::2 | test 10.1.0.1 | test 10.1.0.1" "0.0.0.0|test 10.0.2.2 | $no | test 10.1.0.1 | test 10.1.0.1" \
    "::|$no | test fd00::2 | $no | $no" "10.0.2.15|test 10.0.2.2 | $no | $no | $no" "fd00::15|$no | test fd00::2 | $no | $no" \
    "127.0.0.1|$no | $no | test 10.1.0.1 | $no" "10.1.0.1|$no | $no | $no | test 10.1.0.1"; do
    members=$(ports "8080 80 tcp ${row%%|*}")
    publish test "$members"
    same "hostIP '${row%%|*}'" "$(where)" "${row#*|}"
    unpublish test "$members"
done
publish test "$(ports "8080 80 tcp 10.0.2.15" "8080 81 tcp fd00::15" "8080 82 tcp 127.0.0.1" "8080 83 tcp")"
same "one address comes before all" "$(where)" "test 10.0.2.2 | test fd00::2 | test 10.1.0.1 | test 10.1.0.1"
unpublish test "$(ports "8080 80 tcp 10.0.2.15" "8080 81 tcp fd00::15" "8080 82 tcp 127.0.0.1" "8080 83 tcp")"
publish test "$(ports "8079 79 tcp - 4")"
same "a range" "$(for port in 8078 8079 8080 8081 8082 8083; do tcp lan 10.0.2.15 $port; done | xargs)" "$no $no test 10.0.2.2 test 10.0.2.2 test 10.0.2.2 $no"
unpublish test "$(ports "8079 79 tcp - 4")"
call portmap ADD "$(jq -c '.prevResult.ips |= map(select(.address | contains(":") | not))' <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"front\",\"type\":\"portmap\",$(ports "8080 80 tcp fd00::15"),\"prevResult\":$result_test}")"
same "an address of a family the container has not: told, and no error" "$code $err" "0 portmap: port 8080 leads nowhere: the container has no IPv6 address"

# What cannot be accepted leaves nothing.
mapping() { printf '"runtimeConfig":{"portMappings":[%s]}' "$1"; }
untouched "what is refused leaves nothing" '
    refuse() { portmap ADD test "$2"; refused "refused: $2" "$1" "$3"; }
    refuse 7 "$(mapping "{\"hostPort\":0,\"containerPort\":80}")" "Invalid host port number: 0"
    refuse 7 "$(mapping "{\"hostPort\":80,\"containerPort\":-1}")" "Invalid container port number: -1"
    refuse 7 "$(mapping "{\"hostPort\":65536,\"containerPort\":1}")" "Invalid host port number: 65536"
    refuse 6 "$(mapping "{\"hostPort\":\"80\",\"containerPort\":1}")" "hostPort"
    refuse 7 "$(mapping "{\"hostPort\":80}")" "containerPort"
    refuse 7 "$(mapping "{\"hostPort\":80,\"containerPort\":1,\"protocol\":\"icmp\"}")" icmp
    refuse 7 "$(mapping "{\"hostPort\":80,\"containerPort\":1,\"hostIP\":\"localhost\"}")" localhost
    refuse 7 "$(mapping "{\"hostPort\":65535,\"containerPort\":1,\"range\":2}")" range
    refuse 7 "$(mapping "{\"hostPort\":80,\"containerPort\":1},{\"hostPort\":80,\"containerPort\":2}")" "0.0.0.0:80/tcp cannot lead to the ports 1 and 2"
    refuse 6 "$web,\"snat\":\"yes\"" snat
    refuse 7 "$web,\"backend\":\"ipvs\"" "unrecognized backend \"ipvs\""
    refuse 7 "$web,\"markMasqBit\":32" "markMasqBit must be between 0 and 31, not 32"
    refuse 7 "$web,\"markMasqBit\":1,\"externalSetMarkChain\":\"KUBE-MARK-MASQ\"" "Cannot specify externalSetMarkChain and markMasqBit"
    refuse 2 "$web,\"externalSetMarkChain\":\"MINE\"" "externalSetMarkChain \"MINE\""
    refuse 2 "$web,\"conditionsV4\":[\"-i\",\"eth0\"]" "conditionsV4: \"-i\""
    refuse 7 "$web,\"conditionsV6\":[\"-s\",\"10.0.0.1\"]" "conditionsV6: \"10.0.0.1\""
    call portmap STATUS "$(conf 1.1.0 portmap "\"backend\":\"ipvs\"")"; refused "H2: STATUS says why ADD would fail" 7 "unrecognized backend"'
publish test "$web,\"backend\":\"iptables\",\"markMasqBit\":0"
unpublish test "$web,\"backend\":\"iptables\",\"markMasqBit\":0"

# A port which is taken.
owner="container twin (eth0) of network front"
taken() { # taken NAME TWIN TEST TEXT: TWIN's ports stand in the way of TEST's
    local name=$1 wanted=$3 text=$4
    publish twin "$2"
    untouched "taken, $1: nothing is left" 'portmap ADD test "$wanted"; refused "taken, $name" 100 "$text"'
    unpublish twin "$2"
}
taken "on all addresses" "$web" "$web" "0.0.0.0:8080/tcp is already published by $owner"
taken "one address, and all" "$(ports "8080 80 tcp 10.0.2.15")" "$web" "0.0.0.0:8080/tcp is already published by $owner"
taken "all, and one address" "$web" "$(ports "8080 80 tcp 10.0.2.15")" "10.0.2.15:8080/tcp is already published by $owner"
taken "IPv6" "$(ports "8080 80 tcp ::")" "$web" "[::]:8080/tcp is already published by $owner"
taken "in the middle of a range" "$(ports "8085 80 udp")" "$(ports "8080 80 udp - 10")" "0.0.0.0:8085/udp is already published by $owner"
free() { publish twin "$2"; portmap ADD test "$3"; same "not taken: $1" "$code" 0; unpublish test "$3"; unpublish twin "$2"; }
free "another transport" "$web" "$(ports "8080 80 udp")"
free "another address" "$(ports "8080 80 tcp 10.0.2.15")" "$(ports "8080 80 tcp 10.1.0.1")"
free "another family" "$(ports "8080 80 tcp 0.0.0.0")" "$(ports "8080 80 tcp ::")"
publish test "$web"
untouched "the same again by the same attachment changes nothing" 'portmap ADD test "$web"; same "the same again is no error" "$code" 0'
unpublish test "$web"

held() { # held NAME TRANSPORT ADDRESS MEMBERS TEXT: a program of the host waits there
    local name=$1 wanted=$4
    hold "$2" "$3" 8080
    local text=${5/PID/$!}
    untouched "a program of the host, $1: nothing is left" 'portmap ADD test "$wanted"; refused "a program of the host, $name" 100 "$text"'
    release $!
}
held "on all addresses" tcp 0.0.0.0 "$web" "0.0.0.0:8080/tcp is taken: peer-tool (process PID) of the host listens on 0.0.0.0:8080"
held "on the loopback" tcp 127.0.0.1 "$web" "listens on 127.0.0.1:8080"
held "IPv4 and IPv6 by one socket" tcp :: "$(ports "8080 80 tcp 10.0.2.15")" "10.0.2.15:8080/tcp is taken: peer-tool (process PID) of the host listens on [::]:8080"
held "IPv6" tcp ::1 "$web" "[::]:8080/tcp is taken: peer-tool (process PID) of the host listens on [::1]:8080"
held "datagrams" udp 10.0.2.15 "$(ports "8080 80 udp")" "10.0.2.15:8080"
held "in a range" tcp 0.0.0.0 "$(ports "8070 80 tcp - 20")" "0.0.0.0:8080/tcp is taken"
unheld() { hold "$2" "$3" 8080; portmap ADD test "$4"; same "no program in the way: $1" "$code $out" "0 $(jq -c . <<<"$result_test")"; unpublish test "$4"; release $!; }
unheld "another transport" udp 0.0.0.0 "$web"
unheld "another address" tcp 127.0.0.1 "$(ports "8080 80 tcp 10.0.2.15")"
unheld "another family" tcp ::1 "$(ports "8080 80 tcp 0.0.0.0")"
echo 1 >/proc/sys/net/ipv6/bindv6only
unheld "IPv6 only" tcp :: "$(ports "8080 80 tcp 0.0.0.0")"
echo 0 >/proc/sys/net/ipv6/bindv6only
# conmon keeps the ports of its container free for it: it stands there with the container's ID among its arguments.
bash -c 'exec -a conmon "$0" hold tcp 0.0.0.0 8080 --cid test' "$peer" >"$scratch/held" &
until grep -q ready "$scratch/held"; do sleep 0.01; done
portmap ADD twin "$web"
refused "a program which keeps the port for another container" 100 "0.0.0.0:8080/tcp is taken: peer-tool (process $!) of the host"
portmap ADD test "$web"
same "a program which keeps the port for the container is not in the way" "$code $(tcp lan 10.0.2.15 8080)" "0 test 10.0.2.2"
portmap ADD twin "$web"
refused "of the two the container is named" 100 "0.0.0.0:8080/tcp is already published by container test (eth0) of network front"
unpublish test "$web"
release $!
inside lan "$peer" hold tcp 0.0.0.0 8080 >"$scratch/held" &
until grep -q ready "$scratch/held"; do sleep 0.01; done
portmap ADD test "$web"; same "a program of another network is none" "$code" 0; unpublish test "$web"
release $!
# Ten at once for one port: one gets it.
for number in 1 2 3 4 5 6 7 8 9 10; do
    env -i CNI_COMMAND=ADD CNI_CONTAINERID=racer$number CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH=/ "$PLUGINS/portmap" \
        <<<"{\"cniVersion\":\"1.1.0\",\"name\":\"front\",\"type\":\"portmap\",$web,\"prevResult\":$(jq ".ips[0].address=\"10.1.0.$((number + 20))/24\" | del(.ips[1])" <<<"$result_test")}" >"$scratch/race$number" &
    racers[number]=$!
done
for pid in "${racers[@]}"; do wait "$pid"; echo $?; done >"$scratch/race"
same "ten at once for one port" "$(sort "$scratch/race" | uniq -c | xargs) $(nft list map inet apus_cni dnat4 | grep -c racer)" "1 0 9 1 1"
call portmap GC '{"cniVersion":"1.1.0","name":"front","type":"portmap","cni.dev/valid-attachments":[]}'

# Connections: a client of datagrams which goes on talking from one port. CNI-PLUGINS 10, row 8.
talk() { udp lan 10.0.2.15 "$1" 4000; }
dns=$(ports "5353 80 udp")
serve host host 5353
same "before, the host answers" "$(talk 5353)" "host 10.0.2.2"
server=${serving[-1]}
release "$server"
publish test "$dns"
same "ADD: the client reaches the container" "$(talk 5353)" "test 10.0.2.2"
publish test "$dns" # again
same "ADD again leaves the container's own connection" "$(conntrack -L -p udp --orig-port-src 4000 --orig-port-dst 5353 2>/dev/null | wc -l)" 1
unpublish test "$dns"
same "DEL: what the kernel knew of it is forgotten" "$(conntrack -L -p udp --orig-port-dst 5353 2>/dev/null | wc -l)" 0
publish twin "$dns"
same "the next container is reached" "$(talk 5353)" "twin 10.0.2.2"
# A container that has gone without a DEL, and its rules with it.
nft flush map inet apus_cni dnat4 && nft flush map inet apus_cni dnat6
publish test "$dns"
same "ADD: what led to another container is forgotten" "$(talk 5353)" "test 10.0.2.2"
unpublish twin "$dns"
# Those of other mappings, of other hosts, and of the host itself stay.
others=$(ports "5454 81 udp" "5455 82")
publish other "$others"
ip -n test route add 10.0.2.2/32 via 10.1.0.1 2>/dev/null
inside test "$peer" ask udp 10.0.2.2 80 5353 >/dev/null
for port in 5353 5454; do talk $port >/dev/null; done
exec 7<>/dev/tcp/10.0.2.15/5455
before=$(conntrack -L 2>/dev/null | grep -vc 'dport=5353 ')
unpublish test "$dns"
same "DEL forgets its own and nobody else's" "$(conntrack -L 2>/dev/null | grep -c 'dport=5353 .*src=10.1.0.2') $(conntrack -L 2>/dev/null | grep -vc 'dport=5353 ')" "0 $before"
publish test "$(ports "80 80 udp")"
same "ADD leaves what passes through to the same port of another host" "$(conntrack -L -p udp --orig-port-dst 80 2>/dev/null | grep -c 'dst=10.0.2.2 ')" 1
unpublish test "$(ports "80 80 udp")"
exec 7>&-
unpublish other "$others"

# CHECK: each thing that can be missing is told, and put back where that is asked for.
members="$(ports "8080 80" "8081 81 udp 10.0.2.15"),\"masqAll\":true,\"conditionsV4\":[\"!\",\"-s\",\"192.0.2.0/24\"]"
publish test "$members"
drift() {
    eval "$2"
    portmap CHECK test "$members"; refused "G4: $1" 100 "$3"
    portmap CHECK test "$members" APUS_CNI_REPAIR=1; expect "G4: $1: put back" 0 ""
    portmap CHECK test "$members"; expect "G4: $1: CHECK afterwards" 0 ""
}
element() { nft delete element inet apus_cni "$1" "{ $2 }"; }
drift "a port" 'element dnat4 "tcp . 8080"' "table inet apus_cni lacks dnat4 { tcp . 8080 : $own . 80 }"
drift "a port of IPv6" 'element dnat6 "tcp . 8080"' "lacks dnat6 { tcp . 8080 : $own6 . 80 }"
drift "a port on one address" 'element dnat_address4 "10.0.2.15 . udp . 8081"' "lacks dnat_address4 { 10.0.2.15 . udp . 8081 : $own . 81 }"
drift "a condition" 'nft flush set inet apus_cni except4' "lacks except4"
drift "the way back to neighbours" "element hairpin4 '$own . \"br1\"'" "lacks hairpin4 { $own . \"br1\" }"
drift "the way back to itself" "element itself6 '$own6 . $own6'" "lacks itself6"
drift "masqAll" "element masquerade_clients4 $own" "lacks masquerade_clients4"
drift "a rule" 'nft flush chain inet apus_cni published' "the rules of table inet apus_cni are not as they were"
drift "everything" 'nft flush ruleset' "rules of table"
drift "another's port" 'element dnat4 "tcp . 8080"; nft add element inet apus_cni dnat4 "{ tcp . 8080 comment \"front test eth0 portmap\" : 10.1.0.9 . 80 }"' "is another: tcp . 8080 comment \"front test eth0 portmap\" : 10.1.0.9 . 80, of container test (eth0) of network front"
drift "127.0.0.1" 'echo 0 >/proc/sys/net/ipv4/conf/br1/route_localnet' "net.ipv4/conf/br1/route_localnet is 0, not 1"
same "after repairs the ports lead to the container" "$(tcp lan 10.0.2.15 8080) $(tcp host 127.0.0.1 8080) $(udp lan 10.0.2.15 8081)" "test 10.1.0.1 test 10.1.0.1 test 10.1.0.1"
unpublish test "$members"

# DEL with less than ADD had: nothing of this attachment stays, and nothing else goes.
publish twin "$(ports "9000 80")"
deletion() { # deletion NAME SHELL
    publish test "$members"
    eval "$2"
    expect "DEL $1" 0 ""
    same "DEL $1: nothing of it is left" "$(elements test) $(elements twin)" "0 6"
}
gone() { call portmap DEL "$1" CNI_NETNS="${2-/run/netns/test}"; }
bare='{"cniVersion":"1.1.0","name":"front","type":"portmap"'
deletion "without result, ports and namespace" 'gone "$bare}" ""'
deletion "with ports alone" 'gone "$bare,$members}" /run/netns/nosuch'
deletion "in an old version, which has no result" 'gone "${bare/1.1.0/0.3.1},$members,\"prevResult\":$result_test}"'
deletion "with another list of ports" 'portmap DEL test "$web"'
deletion "with an empty list of ports" 'portmap DEL test "$(ports)"'
deletion "with snat off" 'portmap DEL test "$web,\"snat\":false"'
deletion "with values nobody accepts" 'portmap DEL test "$web,\"conditionsV4\":[\"-i\",\"x\"],\"backend\":\"ipvs\""'
deletion "with ports nobody accepts" 'portmap DEL test "$(ports "0 0")"'
deletion "when half of it is gone" 'nft flush map inet apus_cni dnat4; nft flush set inet apus_cni itself4; portmap DEL test "$members"; nft add element inet apus_cni dnat4 "{ tcp . 9000 comment \"front twin eth0 portmap\" : 10.1.0.3 . 80 }"; nft add element inet apus_cni itself4 "{ 10.1.0.3 . 10.1.0.3 comment \"front twin eth0 portmap\" }"'
deletion "when nothing leads to the container any more" 'ip link set br1 down; portmap DEL test "$members"; ip link set br1 up'

# Several interfaces of one container, several networks.
attach test "$(network second br2 2)" CNI_IFNAME=eth1
second=$result_test
jq -e . <<<"$second" >/dev/null || not_ok "a second interface" <<<"$second"
result_test=$(jq -c 'del(.ips[] | select(.address | startswith("fd")))' <<<"$second")
portmap ADD test "$(ports "8082 82")" CNI_IFNAME=eth1
same "a second interface publishes, too" "$code $(tcp lan 10.0.2.15 8082 | cut -d' ' -f1)" "0 test"
publish test "$(ports "8083 83")" CNI_IFNAME=eth3 # it has no address
result_test=$(jq -c '.interfaces[2].name = "eth2"' <<<"$second")
portmap ADD test "$(ports "8082 82")" CNI_IFNAME=eth2
refused "a third cannot have the port of the second" 100 "0.0.0.0:8082/tcp is already published by container test (eth1) of network front"
publish test "$(ports "8084 84")" CNI_IFNAME=eth2
result_test=$second
portmap DEL test "$(ports "8082 82")" CNI_IFNAME=eth1
same "DEL takes the interface's own" "$code $(elements test eth1) $(elements test eth2)" "0 0 6"

# GC and STATUS.
publish other "$(ports "9001 80")"
call portmap GC "$bare,\"cni.dev/valid-attachments\":[{\"containerID\":\"twin\",\"ifname\":\"eth0\"}]}" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
same "H8: GC leaves the valid one, and takes the others" "$code $out $(elements twin) $(elements other) $(elements test)" "0  6 0 0"
call portmap GC "${bare/front/elsewhere},\"cni.dev/valid-attachments\":[]}"
same "H8: GC of another network leaves all" "$code $(elements twin)" "0 6"
talk 9000 >/dev/null
call portmap GC "$bare,\"cni.dev/valid-attachments\":[]}"
same "H12: GC with an empty list takes all" "$code $(elements '[^ ]+')" "0 0"
call portmap STATUS "$bare}"; expect "H2: STATUS" 0 ""
finish
