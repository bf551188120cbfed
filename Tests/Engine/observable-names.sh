#!/bin/bash
# What a user sees of names and addresses: the lines O-1 to O-35 of the guide. Each check builds on the ones before, as the guide does.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin observable-names
image centos
x() { apus exec "$@"; }
# lookup CONTAINER NAME [TYPE]: the answers of the container's name server, one a line.
lookup() { x "$1" dig +short +time=2 +tries=1 "$2" "${3:-A}"; }
status_of() { x "$1" dig +noall +comments +time=5 +tries=1 "$2" "${3:-A}" | sed -n 's/.*status: \([A-Z]*\),.*/\1/p'; }
default_route() { x "$1" ip -4 route show default | sed 's/ *$//'; }
# own CONTAINER: the host's side of its eth0.
own() { ip -o link show | grep "^$(x "$1" cat /sys/class/net/eth0/iflink):"; }
export -f x lookup status_of default_route own

check "O-1: a fresh host has three networks" '
    apus network ls --no-trunc | head -n 1 | grep -qE "^NETWORK ID +NAME +DRIVER +SCOPE$" && apus network ls | head -n 1 | grep -q "^NETWORK ID     NAME      DRIVER    SCOPE$"
    same "$(apus network ls | tail -n +2 | tr -s " " | cut -d" " -f 2-)" "bridge bridge local
host host local
none null local"; apus network ls -q | grep -qvE "^[0-9a-f]{12}$" && exit 1; true'
check "O-2, O-6, O-7, O-9: the first container of the default bridge" '
    apus run -tid --name centos01 centos | grep -qE "^[0-9a-f]{64}$" || exit 1
    ip -4 -o address show dev apus0 | grep -q " 172.17.0.1/16 " || exit 1
    same "$(x centos01 ip -4 -o address show eth0 | grep -o "inet [^ ]*")" "inet 172.17.0.2/16" || exit 1
    same "$(x centos01 cat /sys/class/net/eth0/address)" 02:42:ac:11:00:02 || exit 1
    same "$(default_route centos01)" "default via 172.17.0.1 dev eth0" || exit 1
    x centos01 ip -4 route | grep -q "^172.17.0.0/16 dev eth0"'
check "O-5: its other end is on the bridge" '
    own centos01 | grep -qE "^[0-9]+: veth[0-9a-f]{7}@if[0-9]+: .* mtu 1500 .*master apus0"'
check "O-8: lo is up, for both families" '
    x centos01 ip -o address show lo | grep -q "inet 127.0.0.1/8" && x centos01 ip -o address show lo | grep -q "inet6 ::1/128"'
check "O-6: the lowest free address, again and again" '
    apus run -tid --name centos02 centos >/dev/null; same "$(address centos02 bridge)" 172.17.0.3 || exit 1
    apus stop -t 0 centos01 >/dev/null; apus run -tid --name third centos >/dev/null; same "$(address third bridge)" 172.17.0.2 || exit 1
    apus start centos01 >/dev/null; same "$(address centos01 bridge)" 172.17.0.4 || exit 1
    apus rm -f third centos01 centos02 >/dev/null; apus run -tid --name centos01 centos >/dev/null; apus run -tid --name centos02 centos >/dev/null
    same "$(address centos01 bridge) $(address centos02 bridge)" "172.17.0.2 172.17.0.3"'
check "O-18: containers of the default bridge reach each other by address, and by no name" '
    x centos01 ping -c 1 -W 2 172.17.0.3 >/dev/null || exit 1
    x centos01 ping -c 1 -W 2 centos02; same $? 2 || exit 1
    same "$(x centos01 cat /etc/resolv.conf | grep -v "^#")" "nameserver 10.0.2.2
search example.test"'
check "O-15: /etc/hosts" '
    id=$(x centos01 hostname); [ ${#id} = 12 ] || exit 1
    same "$(x centos01 cat /etc/hosts | sed "s/fe00::\t/fe00::0\t/; s/ff00::\t/ff00::0\t/")" "$(printf "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n172.17.0.2\t%s" "$id")"'
check "O-17: a host name of one's own" '
    same "$(apus run --rm -h box centos sh -c "hostname; tail -n 1 /etc/hosts")" "$(printf "box\n172.17.0.4\tbox")" || exit 1
    same "$(apus run --rm -h box --domainname d.test centos tail -n 1 /etc/hosts)" "$(printf "172.17.0.4\tbox.d.test box")"'
check "O-24: --add-host, and host-gateway" '
    same "$(apus run --rm --add-host db:192.0.2.7 --add-host me:host-gateway centos grep -E "[[:space:]](db|me)$" /etc/hosts)" "$(printf "192.0.2.7\tdb\n172.17.0.1\tme")"'
check "O-21: --dns on the default bridge is written as it is" '
    same "$(apus run --rm --dns 192.0.2.9 --dns-search a.test --dns-option timeout:1 centos grep -v "^#" /etc/resolv.conf)" "nameserver 192.0.2.9
search a.test
options timeout:1"'

# --link on the default bridge
check "O-35: --link gives the linker a line, and nobody else" '
    apus run -tid --name linker --link centos01 centos 2>linked >/dev/null; grep -qi "deprecat" linked || exit 1
    id=$(apus inspect centos01 | jq -r ".[0].Id[:12]"); own=$(x linker hostname)
    same "$(x linker tail -n 2 /etc/hosts)" "$(printf "172.17.0.2\tcentos01 %s\n172.17.0.4\t%s" "$id" "$own")" || exit 1
    x linker ping -c 1 -W 2 centos01 >/dev/null || exit 1
    x centos01 ping -c 1 -W 2 linker; same $? 2 || exit 1
    same "$(apus inspect linker | jq -c ".[0].HostConfig.Links")" "[\"/centos01:/linker/centos01\"]" || exit 1
    apus run --rm centos env | grep -q CENTOS01 && exit 1
    apus rm -f linker >/dev/null'
check "O-35: a link to nobody, and to who does not run" '
    apus run --rm --link nosuch centos true; same $? 125 || exit 1
    apus stop -t 0 centos02 >/dev/null; apus run --rm --link centos02 centos true; same $? 125; code=$?; apus start centos02 >/dev/null; exit $code'

# Networks of users
check "O-3, O-4: a network of one's own gets the next subnet and a bridge named after it" '
    id=$(apus network create first); ip -4 -o address show dev "br-${id:0:12}" 2>/dev/null | grep -q . || apus run --rm --network first centos true
    ip -4 -o address show dev "br-${id:0:12}" | grep -q " 172.18.0.1/16 " || exit 1
    apus network create second >/dev/null; same "$(apus network inspect second | jq -r ".[0].IPAM.Config[0].Subnet")" 172.19.0.0/16 || exit 1
    apus network create -o com.docker.network.bridge.name=brx third >/dev/null; apus run --rm --network third centos true; ip link show brx >/dev/null || exit 1
    apus network rm first second third >/dev/null'
check "the guide's network" '
    apus network create --subnet 192.168.0.0/24 --gateway 192.168.0.1 my-docker-net | grep -qE "^[0-9a-f]{64}$" || exit 1
    apus rm -f centos01 centos02 >/dev/null
    for name in centos01 centos02; do apus run -tid --network my-docker-net --name $name centos >/dev/null || exit 1; done
    same "$(address centos01 my-docker-net) $(address centos02 my-docker-net)" "192.168.0.2 192.168.0.3" || exit 1
    same "$(x centos01 cat /sys/class/net/eth0/address)" 02:42:c0:a8:00:02'
check "O-19: its containers have a name server of their own" '
    same "$(x centos01 cat /etc/resolv.conf | grep -v "^#")" "nameserver 127.0.0.11
search example.test
options ndots:0"'
check "O-25: names, with the network, short IDs, in any case; over UDP and TCP; for 600 seconds" '
    id=$(x centos02 hostname)
    for name in centos02 CENTOS02 centos02.my-docker-net "$id"; do same "$(lookup centos01 "$name")" 192.168.0.3 || { echo "$name"; exit 1; }; done
    same "$(x centos01 dig +short +tcp centos02)" 192.168.0.3 || exit 1
    x centos01 dig +noall +answer centos02 | grep -qE "^centos02\.[[:space:]]+600[[:space:]]+IN[[:space:]]+A[[:space:]]+192.168.0.3$" || exit 1
    x centos01 dig +noall +comments centos02 | grep -q "flags: qr rd ra;" || exit 1
    x centos01 dig centos02 | grep -q "EDNS" && exit 1
    x centos01 ping -c 1 -W 2 centos02 >/dev/null && same "$(x centos01 getent ahostsv4 centos02 | head -n 1 | cut -d" " -f 1)" 192.168.0.3'
check "O-26: a known name without an address of the family" '
    : >questions; same "$(status_of centos01 centos02 AAAA) $(lookup centos01 centos02 AAAA)" "NOERROR " && same "$(status_of centos01 centos02 MX)" NOERROR && ! grep -q "centos02" questions'
check "O-27: all other names are asked outside" '
    same "$(lookup centos01 www.example.test)" 10.0.2.2 && same "$(status_of centos01 nosuch.example.test)" NXDOMAIN'
check "O-28: an address is its container's name on the network" '
    same "$(lookup centos01 3.0.168.192.in-addr.arpa PTR)" centos02.my-docker-net. || exit 1
    x centos01 ping -c 1 -W 2 centos02 | grep -q "centos02.my-docker-net (192.168.0.3)" || exit 1
    same "$(status_of centos01 1.0.168.192.in-addr.arpa PTR)" NXDOMAIN'
check "O-29: an alias of several" '
    for name in a1 a2; do apus run -tid --network my-docker-net --network-alias web --name $name centos >/dev/null; done
    same "$(lookup centos01 web | sort | tr "\n" " ")" "192.168.0.4 192.168.0.5 " || exit 1
    for _ in {1..40}; do lookup centos01 web | head -n 1; done | sort -u >first; same "$(wc -l <first)" 2 || exit 1
    apus stop -t 0 a1 >/dev/null; same "$(lookup centos01 web)" 192.168.0.5 || exit 1
    apus start a1 >/dev/null; same "$(lookup centos01 web | wc -l)" 2; code=$?; apus rm -f a1 a2 >/dev/null; exit $code'
check "O-30: a new name counts at once" '
    apus rename centos02 other && same "$(lookup centos01 other)" 192.168.0.3 && same "$(status_of centos01 centos02)" NXDOMAIN && apus rename other centos02 && same "$(lookup centos01 centos02)" 192.168.0.3'
# A whole word: the file names the container by its ID, too, and those letters are hexadecimal digits.
check "O-31: a link alias is the linker's alone" '
    apus run -tid --network my-docker-net --link centos02:db --name linker centos >/dev/null || exit 1
    same "$(lookup linker db)" 192.168.0.3 && same "$(lookup centos01 db)" "" && ! x linker grep -qw db /etc/hosts; code=$?; apus rm -f linker >/dev/null; exit $code'
check "O-32: names end with the network" '
    apus network create nb >/dev/null; apus run -tid --network nb --name q1 centos >/dev/null
    same "$(status_of centos01 q1)/$(status_of centos01 q1.nb)" NXDOMAIN/NXDOMAIN; code=$?; apus rm -f q1 >/dev/null; apus network rm nb >/dev/null; exit $code'
check "O-33: no port 53 on the host" '! ss -Hlnup | grep -q ":53 " && ! ss -Hlntp | grep -q ":53 "'
check "O-34: a network without a way out asks nobody" '
    apus network create --internal inside >/dev/null; apus run -tid --network inside --name q1 centos >/dev/null; apus run -tid --network inside --name q2 centos >/dev/null
    : >questions; started=$SECONDS; same "$(status_of q1 www.example.test)" SERVFAIL && [ $((SECONDS - started)) -lt 2 ] && same "$(lookup q1 q2 | wc -l)" 1 && ! grep -q www questions
    code=$?; apus rm -f q1 q2 >/dev/null; apus network rm inside >/dev/null; exit $code'

# Several networks
check "O-10, O-16, O-20: a second network, live" '
    apus run -tid --name live centos >/dev/null || exit 1
    x live grep -q 127.0.0.11 /etc/resolv.conf && exit 1
    apus network connect my-docker-net live || exit 1
    same "$(x live ip -4 -o address show eth1 | grep -o "inet [^ ]*")" "inet 192.168.0.4/24" || exit 1
    same "$(default_route live)" "default via 172.17.0.1 dev eth0" || exit 1
    id=$(x live hostname); same "$(x live tail -n 2 /etc/hosts)" "$(printf "172.17.0.2\t%s\n192.168.0.4\t%s" "$id" "$id")" || exit 1
    x live grep -q "^nameserver 127.0.0.11$" /etc/resolv.conf && same "$(lookup live centos02)" 192.168.0.3 && same "$(lookup centos01 live)" 192.168.0.4'
check "O-14, O-11: the first network can go, live: the default route moves" '
    apus network disconnect bridge live || exit 1
    same "$(default_route live)" "default via 192.168.0.1 dev eth1" && ! x live ip link show eth0 2>/dev/null && same "$(x live tail -n 1 /etc/hosts)" "$(printf "192.168.0.4\t%s" "$(x live hostname)")"'
check "O-12: an interface takes the lowest free number" 'apus network connect bridge live && x live ip -o link show eth0 >/dev/null'
check "O-20: what the container wrote into resolv.conf is its own" '
    apus run -tid --name mine centos >/dev/null; x mine sh -c "echo nameserver 192.0.2.1 >/etc/resolv.conf"; apus network connect my-docker-net mine
    same "$(x mine cat /etc/resolv.conf)" "nameserver 192.0.2.1"; code=$?; apus rm -f mine >/dev/null; exit $code'
check "a resolv.conf which the container has made without end costs the host nothing" '
    apus run -tid --name large centos >/dev/null; x large truncate -s 64G /etc/resolv.conf || exit
    (ulimit -v 4000000; apus network connect my-docker-net large); same "$? $(x large stat -c %s /etc/resolv.conf)" "0 68719476736"; code=$?; apus rm -f large >/dev/null; exit $code'
check "O-16: disconnected, the name is gone and the other line stays" '
    apus network disconnect my-docker-net live && same "$(lookup centos01 live)" "" && same "$(x live tail -n 1 /etc/hosts)" "$(printf "172.17.0.2\t%s" "$(x live hostname)")" && apus rm -f live >/dev/null'
check "O-11: which network has the default route" '
    apus network create na >/dev/null; apus network create nb >/dev/null; apus network create --internal n0 >/dev/null
    gateway() { apus network inspect "$1" | jq -r ".[0].IPAM.Config[0].Gateway"; }
    apus run -tid --network nb --name rr centos >/dev/null; apus network connect na rr; same "$(default_route rr)" "default via $(gateway na) dev eth1" || exit 1
    apus network connect n0 rr; same "$(default_route rr)" "default via $(gateway na) dev eth1" || exit 1
    apus network disconnect na rr; same "$(default_route rr)" "default via $(gateway nb) dev eth0" || exit 1
    apus network connect --gw-priority 5 na rr; same "$(default_route rr)" "default via $(gateway na) dev eth1" || exit 1
    apus rm -f rr >/dev/null; apus network rm na nb n0 >/dev/null'
check "O-13: several networks, in the order of their flags" '
    apus network create na >/dev/null; apus network create nb >/dev/null
    apus run -tid --network nb --network na --name rr centos >/dev/null || exit 1
    for pair in "eth0 nb" "eth1 na"; do set -- $pair; x rr ip -4 -o address show "$1" | grep -q " $(address rr "$2")/" || exit 1; done
    apus rm -f rr >/dev/null; apus run -tid --network name=na,alias=x,ip=$(apus network inspect na | jq -r ".[0].IPAM.Config[0].Subnet" | sed "s/0.0.16/0.77/; s,0.0/16,0.77,") --name rr centos >/dev/null || exit 1
    address rr na | grep -q "\.0\.77$"; code=$?; apus rm -f rr >/dev/null; apus network rm na nb >/dev/null; exit $code'
check "O-6: --ip is the container's at each start" '
    apus run -tid --network my-docker-net --ip 192.168.0.50 --mac-address 02:00:00:00:00:07 --name fixed centos >/dev/null; same "$(x fixed cat /sys/class/net/eth0/address)" 02:00:00:00:00:07 || exit 1
    apus restart -t 0 fixed >/dev/null; same "$(address fixed my-docker-net)" 192.168.0.50; code=$?; apus rm -f fixed >/dev/null; exit $code'
check "O-21: --dns of a user network is whom 127.0.0.11 asks" '
    apus run -tid --network my-docker-net --dns 192.0.2.77 --name dd centos >/dev/null; x dd grep -q "^nameserver 127.0.0.11$" /etc/resolv.conf && same "$(lookup dd centos01)" 192.168.0.2 && ! lookup dd www.example.test | grep -q 10.0.2.2
    code=$?; apus rm -f dd >/dev/null; exit $code'

# Modes
check "O-22: --network host and none" '
    same "$(apus run --rm --network host centos sh -c "hostname; ip -o link show uplink | wc -l; md5sum </etc/hosts; md5sum </etc/resolv.conf")" "$(hostname; echo 1; md5sum </etc/hosts; md5sum </etc/resolv.conf)" || exit 1
    same "$(apus run --rm --network none centos sh -c "ip -o link | wc -l; ip -o address show lo | grep -c 127.0.0.1; grep -c localhost /etc/hosts; grep -c nameserver /etc/resolv.conf")" "1
1
2
2"'
check "O-23: --network container:" '
    apus run -tid --network container:centos01 --name sharer centos >/dev/null || exit 1
    same "$(x sharer sh -c "hostname; cat /etc/hosts /etc/resolv.conf; ip -4 -o address show eth0")" "$(x centos01 sh -c "hostname; cat /etc/hosts /etc/resolv.conf; ip -4 -o address show eth0")" || exit 1
    same "$(apus inspect sharer | jq -c ".[0].NetworkSettings.Networks")" "{}"'
check "O-61: who shares keeps the network when its owner is started anew" '
    apus restart -t 0 centos01 >/dev/null; x sharer ip -4 -o address show eth0 | grep -q "192.168.0.2/24" && x sharer ping -c 1 -W 2 192.168.0.1 >/dev/null
    code=$?; apus rm -f sharer >/dev/null; exit $code'
check "all of it can be removed" 'apus rm -f centos01 centos02 >/dev/null && apus network rm my-docker-net >/dev/null && same "$(apus ps -aq)" "" && stop_daemon'
finish '^apus0$|^br_?'
