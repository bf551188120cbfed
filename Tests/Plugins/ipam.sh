#!/bin/bash
# The plugin ipam, under both its names: the contract, every key, host-local's files, and what happens when it is killed.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
. "$here/contract.sh"
begin ipam ipam
. "$here/ipam.bash"

# The contract. What the first ADD leaves for good (lock, last address) is there before anything is compared.
add first '"subnet":"10.1.0.0/24"'
del first '"subnet":"10.1.0.0/24"'
contract ipam "$all_versions" '"ipam":{"type":"ipam","subnet":"10.1.0.0/24"}'
contract host-local "$all_versions" '"ipam":{"type":"host-local","subnet":"10.1.0.0/24"}'
own_namespace ipam '"ipam":{"type":"ipam","subnet":"10.1.0.0/24"}'

# Results.
both='"ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00::/64","gateway":"fd00::ff"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0","gw":"fd00::ff","mtu":1400}]'
ancient='"ip4":{"ip":"10.1.0.2/24","gateway":"10.1.0.1","routes":[{"dst":"0.0.0.0/0"}]},"ip6":{"ip":"fd00::1/64","gateway":"fd00::ff","routes":[{"dst":"::/0","gw":"fd00::ff"}]},"dns":{}}'
old='"ips":[{"version":"4","address":"10.1.0.2/24","gateway":"10.1.0.1"},{"version":"6","address":"fd00::1/64","gateway":"fd00::ff"}],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0","gw":"fd00::ff","mtu":1400}],"dns":{}}'
for version in 0.1.0 0.2.0 0.3.0 0.3.1 0.4.0 1.0.0 1.1.0; do
    case $version in 0.1.0 | 0.2.0) want=$ancient ;; 0.*) want=$old ;; *) want=$(sed 's/"version":"[46]",//g; s/,"dns":{}//' <<<"$old") ;; esac
    fresh
    add c "$both"
    same "I6: ADD in version $version" "$code $(jq -cS . <<<"$out")" "0 $(jq -cS . <<<"{\"cniVersion\":\"$version\",$want")"
done
printf '# a comment\n; another\nnameserver 9.9.9.9\nnameserver  fd00::53\ndomain example.org\nsearch a.example b.example\nsearch c.example\noptions ndots:2 edns0\nbad\n' >"$scratch/resolv"
add d "\"subnet\":\"10.9.0.0/24\",\"resolvConf\":\"$scratch/resolv\""
same "resolvConf" "$(jq -c .dns <<<"$out")" \
    '{"nameservers":["9.9.9.9","fd00::53"],"domain":"example.org","search":["a.example","b.example","c.example"],"options":["ndots:2","edns0"]}'
untouched "a file which is not there costs no address" '
    for verb in ADD STATUS; do
        ipam $verb "\"subnet\":\"10.9.0.0/24\",\"resolvConf\":\"/nonexistent\""
        refused "$verb: resolvConf which is not there" 7 "cannot read ipam.resolvConf '\''/nonexistent'\''"
    done'

# Files.
fresh
add a '"subnet":"10.1.0.0/24"'
add b '"subnet":"10.1.0.0/24"' '' CNI_IFNAME=net1
same "files are host-local's" "$(files)" "10.1.0.2=a/eth0 10.1.0.3=b/net1 last_reserved_ip.0=10.1.0.3 "
same "the content has no end of line" "$(od -An -c "$data/net/10.1.0.2" | tr -d ' \n')" 'a\r\neth0'
add a '"subnet":"10.1.0.0/24"'
refused "E10: a second ADD" 100 "10.1.0.2 has been allocated to a, duplicate allocation is not allowed"
add a '"subnet":"10.1.0.0/24"' '' CNI_IFNAME=eth1
gives "another interface of the container" 10.1.0.4/24
del a '"subnet":"10.1.0.0/24"'
same "DEL frees the interface's address only" "$(files)" "10.1.0.3=b/net1 10.1.0.4=a/eth1 last_reserved_ip.0=10.1.0.4 "
del b '"subnet":"10.1.0.0/33","ranges":7' '' CNI_IFNAME=net1
same "DEL does without a configuration that makes sense" "$code $(files)" "0 10.1.0.4=a/eth1 last_reserved_ip.0=10.1.0.4 "
add z "\"subnet\":\"10.1.0.0/24\",\"dataDir\":\"$scratch/elsewhere\""
same "dataDir" "$(ls "$scratch/elsewhere/net")" $'10.1.0.2\nlast_reserved_ip.0\nlock'

# Where addresses come from.
fresh
add a '"ranges":[[{"subnet":"10.1.0.0/30"},{"subnet":"10.2.0.0/28","rangeStart":"10.2.0.4","rangeEnd":"10.2.0.5","gateway":"10.2.0.9"}]]'
gives "the first range" 10.1.0.2/30
for name in b c; do add $name '"ranges":[[{"subnet":"10.1.0.0/30"},{"subnet":"10.2.0.0/28","rangeStart":"10.2.0.4","rangeEnd":"10.2.0.5","gateway":"10.2.0.9"}]]'; done
same "then the second" "$(jq -c '.ips[0]' <<<"$out")" '{"address":"10.2.0.5/28","gateway":"10.2.0.9"}'
untouched "no address left" '
    add d "\"ranges\":[[{\"subnet\":\"10.1.0.0/30\"},{\"subnet\":\"10.2.0.0/28\",\"rangeStart\":\"10.2.0.4\",\"rangeEnd\":\"10.2.0.5\"}]]"
    refused "ADD says which set is full" 11 "failed to allocate for range 0: no IP addresses available in range set: 10.1.0.1-10.1.0.2,10.2.0.4-10.2.0.5"
    ipam STATUS "\"ranges\":[[{\"subnet\":\"10.1.0.0/30\"},{\"subnet\":\"10.2.0.0/28\",\"rangeStart\":\"10.2.0.4\",\"rangeEnd\":\"10.2.0.5\"}]]"
    refused "H3: STATUS says it, too" 50 "no IP addresses available in range set: 10.1.0.1-10.1.0.2,10.2.0.4-10.2.0.5"'
fresh
for name in a b c; do add $name '"subnet":"10.1.0.0/29","order":"lowest"'; done
del a ''
add d '"subnet":"10.1.0.0/29","order":"lowest"'
gives "order lowest" 10.1.0.2/29
del b ''
add e '"subnet":"10.1.0.0/29"'
gives "order sequential goes on behind the last" 10.1.0.3/29
add f '"subnet":"10.1.0.0/29"'
gives "and on" 10.1.0.5/29
fresh
add a '"subnet":"10.1.0.0/24","exclude":["10.1.0.2","10.1.0.4-10.1.0.6"]'
gives "exclude" 10.1.0.3/24
add b '"ranges":[[{"subnet":"10.1.0.0/24","exclude":["10.1.0.0/28"]}]]'
gives "exclude of a range" 10.1.0.16/24
add c '"subnet":"10.9.0.0/24"' '"runtimeConfig":{"ipRanges":[[{"subnet":"10.7.0.0/24","rangeStart":"10.7.0.9"}],[{"subnet":"fd07::/64"}]]}'
gives "M2: ipRanges stand before all" "10.7.0.9/24 fd07::2/64 10.9.0.2/24"
add d '"SUBNET":"10.8.0.0/24","Ranges":[],"gateway":null,"unknown":[{}]'
gives "B5-B7: any case, null, unknown keys" 10.8.0.2/24

# Wanted addresses.
fresh
two='"ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00::/64"}]]'
add a "$two" '' CNI_ARGS='IgnoreUnknown=1;K8S_POD_NAME=p;IP=10.1.0.20'
gives "M14: IP= of CNI_ARGS" "10.1.0.20/24 fd00::2/64"
add b "$two" '"args":{"cni":{"ips":["10.1.0.21","fd00::21"]}}'
gives "M13: args.cni.ips" "10.1.0.21/24 fd00::21/64"
add c "$two" '"runtimeConfig":{"ips":["10.1.0.22/16","fd00::22/80"]}'
gives "M5: runtimeConfig.ips, the prefix is the range's" "10.1.0.22/24 fd00::22/64"
add d "$two" '"args":{"cni":{"ips":["fd00::23"]}}' CNI_ARGS=IP=10.1.0.23
gives "B12: all together" "10.1.0.23/24 fd00::23/64"
add e "$two" '' CNI_ARGS='MAC=02:42:00:00:00:05'
same "A12: MAC= is not for this plugin" "$code" 0
before=$(files)
wanted() { add x "$two" "\"runtimeConfig\":{\"ips\":$1}"; refused "$2" "$3" "$4"; }
wanted '["10.1.0.20"]' "taken" 100 "requested IP address 10.1.0.20 is not available in range set 10.1.0.1-10.1.0.254"
wanted '["10.1.0.30","fd00::21"]' "one of two is taken" 100 "requested IP address fd00::21 is not available"
wanted '["10.1.0.1"]' "the gateway" 100 "requested ip 10.1.0.1 is subnet's gateway"
wanted '["10.1.0.31","10.1.0.32","10.3.0.1"]' "too many of a set, and of none" 100 "failed to allocate all requested IPs: 10.1.0.32 10.3.0.1"
wanted '["ten"]' "not an address" 7 "'ten' is not an address"
same "none of them keeps an address" "$(files | tr ' ' '\n' | grep -v last_)" "$(tr ' ' '\n' <<<"$before" | grep -v last_)"
add x "$two" '' CNI_ARGS=IP=ten
refused "CNI_ARGS with a bad address" 4 "CNI_ARGS: IP is 'ten'"
add x "$two" '' CNI_ARGS='FOO=bar'
refused "A11: unknown pairs" 999 'ARGS: unknown args ["FOO=bar"]'
add x "$two,\"exclude\":[\"10.1.0.99\"]" '"runtimeConfig":{"ips":["10.1.0.99"]}'
refused "an excluded address" 100 "requested ip 10.1.0.99 is excluded"

# What is wrong is named.
untouched "a bad configuration changes nothing" '
    bad() { add x "$1" "${4-}"; refused "refused: $1" "$2" "$3"; }
    bad "" 7 "no IP ranges specified"
    bad "\"ranges\":[]" 7 "no IP ranges specified"
    bad "\"ranges\":[[]]" 7 "ipam.ranges[0]: invalid range set 0: empty range set"
    bad "\"subnet\":\"10.1.0.0\"" 7 "ipam.subnet: '\''10.1.0.0'\'' is not an address with a prefix length"
    bad "\"subnet\":\"10.1.0.0/31\"" 7 "ipam.subnet: invalid range set 0: Network 10.1.0.0/31 too small to allocate from"
    bad "\"subnet\":\"10.1.0.9/24\"" 7 "has host bits set. For a subnet mask of length 24 the network address is 10.1.0.0"
    bad "\"subnet\":\"10.1.0.0/24\",\"rangeStart\":\"10.2.0.1\"" 7 "10.2.0.1 not in network 10.1.0.0/24"
    bad "\"subnet\":\"10.1.0.0/24\",\"rangeEnd\":\"x\"" 7 "ipam.rangeEnd: '\''x'\'' is not an IP address"
    bad "\"subnet\":7" 6 "ipam.subnet"
    bad "\"ranges\":[[{\"subnet\":\"10.1.0.0/24\"},{\"subnet\":\"fd00::/64\"}]]" 7 "mixed address families"
    bad "\"ranges\":[[{\"subnet\":\"10.1.0.0/24\"},{\"subnet\":\"10.1.0.0/25\"}]]" 7 "subnets 10.1.0.1-10.1.0.254 and 10.1.0.1-10.1.0.126 overlap"
    bad "\"subnet\":\"10.1.0.0/24\",\"ranges\":[[{\"subnet\":\"10.1.0.0/25\"}]]" 7 "range set 0 overlaps with 1"
    bad "\"subnet\":\"10.1.0.0/24\",\"order\":\"random\"" 7 "ipam.order"
    bad "\"subnet\":\"10.1.0.0/24\",\"exclude\":[\"10.1.0.9-10.1.0.2\"]" 7 "ipam.exclude[0]: '\''10.1.0.9-10.1.0.2'\''"
    bad "\"pools\":[{\"base\":\"172.16.0.0/12\",\"size\":8}]" 7 "ipam.pools[0]: size 8 is not between"
    bad "\"pools\":[{\"size\":8}]" 7 "ipam.pools[0].base"
    call ipam ADD "{\"cniVersion\":\"1.1.0\",\"name\":\"net\"}"
    refused "no ipam at all" 7 "ipam"
    version=0.2.0
    bad "\"ranges\":[[{\"subnet\":\"10.1.0.0/24\"}],[{\"subnet\":\"10.2.0.0/24\"}]]" 1 "CNI version 0.2.0 does not support more than 1 address per family"
    version=1.1.0
    mkdir -p $scratch/no; mount -t tmpfs -o ro none $scratch/no
    bad "\"subnet\":\"10.1.0.0/24\",\"dataDir\":\"$scratch/no\"" 5 "Read-only file system"
    umount $scratch/no'

# CHECK and GC.
fresh
add a "$two"
result=$out
check() { ipam CHECK "$two" "\"prevResult\":$result" CNI_CONTAINERID=a; }
check
expect "G7: CHECK right after ADD" 0 ""
mv "$data/net/10.1.0.2" "$data/net/10.1.0.3"
check
refused "CHECK finds another address" 100 "10.1.0.2 of eth0 is not reserved for container a"
rm "$data/net/10.1.0.3" "$data/net/fd00::2"
check
refused "G4: CHECK finds nothing" 100 "ipam: Failed to find address added by container a"
fresh
for name in a b c; do add $name '"subnet":"10.1.0.0/24"'; done
gc() { ipam GC '"subnet":"10.1.0.0/24"' "$1" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=; }
gc ''
same "H12: GC without a list removes nothing" "$code$out $(files)" "0 10.1.0.2=a/eth0 10.1.0.3=b/eth0 10.1.0.4=c/eth0 last_reserved_ip.0=10.1.0.4 "
gc '"cni.dev/valid-attachments":[{"containerID":"b","ifname":"eth0"},{"containerID":"c","ifname":"eth1"}]'
same "H8: GC removes what is not valid" "$code$out $(files)" "0 10.1.0.3=b/eth0 last_reserved_ip.0=10.1.0.4 "
gc '"cni.dev/attachments":[]'
same "H7: the list by its old name; empty, all goes" "$code$out $(files)" "0 last_reserved_ip.0=10.1.0.4 "

# Pools. The host has 10/8 on a VPN, and 172.16/16 and fd00:1::/64 on a link.
fresh
ip link add up0 type veth peer name up1
ip link set up0 up && ip link set up1 up
ip address add 172.16.3.4/16 dev up0
ip address add fd00:1::4/64 dev up0 nodad
ip route add 10.0.0.0/8 dev up0
ip route add 0.0.0.0/1 dev up0
ip route add 172.17.9.0/24 dev up0 table 77
pools='"pools":[{"base":"10.0.0.0/8","size":24},{"base":"172.16.0.0/12","size":16},{"base":"fd00:1::/32","size":64}]'
for network in one two; do
    ipam STATUS "$pools"
    expect "STATUS before the subnet is chosen, $network" 0 ""
    same "STATUS keeps nothing" "$(ls $data/$network 2>/dev/null)" ""
    add a "$pools"
    case $network in one) want="172.18.0.2/16 fd00:1:0:1::2/64" ;; two) want="172.19.0.2/16 fd00:1:0:2::2/64" ;; esac
    gives "network $network gets subnets nobody has" "$want"
    ip route add "$(jq -r '.ips[0].address' <<<"$out" | sed 's/0\.2/0.0/')" dev up0
done
network=one
add b "$pools"
gives "the network keeps them, whatever routes there are" "172.18.0.3/16 fd00:1:0:1::3/64"
network=three
add a '"pools":[{"base":"10.0.0.0/8","size":24},{"base":"172.16.0.0/15","size":16}]'
refused "no subnet left" 11 "no free IPv4 subnet"
ipam STATUS '"pools":[{"base":"10.0.0.0/8","size":24}]'
refused "H3: STATUS when no subnet is left" 50 "no free IPv4 subnet"
add a '"subnet":"10.50.0.0/24","pools":[{"base":"10.0.0.0/8","size":24}]'
gives "a range of the family comes before pools" 10.50.0.2/24
ip link delete up0
network=net
fresh
seq 1 30 | xargs -P 30 -I{} env -i CNI_COMMAND=ADD CNI_CONTAINERID=c CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH=/ sh -c \
    'echo "{\"cniVersion\":\"1.1.0\",\"name\":\"n{}\",\"ipam\":{\"pools\":[{\"base\":\"10.0.0.0/8\",\"size\":16}]}}" | "$0"' "$PLUGINS/ipam" >"$scratch/many"
same "thirty networks at once get thirty subnets" "$(jq -r '.ips[0].address' "$scratch/many" | sort -u | wc -l)" 30

# Many at once.
fresh
storm 2000 "$PLUGINS/ipam" "all ours"
finish
