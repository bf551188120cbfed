#!/bin/bash
# The plugin ipam beside the reference host-local, in the same directory: a live host changes from one to the other, and back.
# REFERENCE_PLUGINS is the folder with the reference plugins.
# shellcheck disable=SC2154 # $code and $out are set by call
. "$(dirname "$0")/lib.sh"
begin ipam-reference ipam
. "$here/ipam.bash"
if [ ! -x "$reference" ]; then
    skip "the reference" "$reference is not a program"
    finish
fi
cp "$reference" "$scratch/bin/reference"
version=1.0.0 subnet='"subnet":"10.1.0.0/24"'
with() { plugin=$1; shift; "$@"; plugin=ipam; }

# Both are asked the same, each in a directory of its own: what they answer and leave is equal.
lockless() { find "$1" -type f ! -name lock -printf '%f=' -exec sh -c 'od -An -c "$1" | tr -d " \n"' - {} \; -printf '\n' | sort; }
both() { # both NAME IPAM [MEMBERS [NAME=VALUE...]]: ADD of a, b and c, DEL of b, ADD of d, DEL with two forms
    local name=$1 keys=$2 side step answer
    shift 2
    for side in reference ipam; do
        fresh
        : >"$scratch/$side.log"
        for step in "ADD a" "ADD b" "ADD c" "ADD a" "DEL b" "ADD d" "ADD e" "DEL b" "DEL c" "DEL nobody"; do
            with $side ipam "${step% *}" "$keys" "${1-}" CNI_CONTAINERID="${step#* }" "${@:2}"
            answer=$(jq -cS 'if .code then "error" elif .dns == {} then del(.dns) else . end' <<<"$out")
            echo "$step: $code $answer" >>"$scratch/$side.log"
        done
        lockless "$data/$network" >>"$scratch/$side.log"
    done
    if diff -u "$scratch/reference.log" "$scratch/ipam.log" >"$scratch/diff"; then ok "as the reference: $name"; else not_ok "as the reference: $name" <"$scratch/diff"; fi
}
for version in 0.3.1 0.4.0 1.0.0; do
    both "one range, $version" "$subnet"
    both "two families, $version" '"ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00::/64"}]],"routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"},{"dst":"::/0"}]'
done
both "the version of old" "$subnet"
version=0.2.0 both "version 0.2.0" '"ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00::/64"}]],"routes":[{"dst":"10.0.0.0/8"}]'
both "part of a subnet" "$subnet,\"rangeStart\":\"10.1.0.20\",\"rangeEnd\":\"10.1.0.22\",\"gateway\":\"10.1.0.21\""
both "full" '"subnet":"10.1.0.0/30"'
both "two ranges of a set" '"ranges":[[{"subnet":"10.1.0.0/30"},{"subnet":"10.2.0.0/30"},{"subnet":"10.3.0.0/28","rangeStart":"10.3.0.14"}]]'
both "a gateway in the middle" '"subnet":"10.1.0.0/29","gateway":"10.1.0.3"'
both "the network's own address" '"subnet":"10.1.0.0/29","rangeStart":"10.1.0.0","gateway":"10.1.0.6"'
both "a gateway elsewhere" '"subnet":"10.1.0.0/29","gateway":"169.254.1.1"'
both "IPv6 to its last address" '"subnet":"fd00::fffc/126"'
both "long addresses" '"ranges":[[{"subnet":"fd00:0:0:1::/64","rangeStart":"fd00:0:0:1:0:0:1:fffe"}],[{"subnet":"2001:db8::/96"}]]'
both "a wanted address" "$subnet" '"runtimeConfig":{"ips":["10.1.0.77"]}'
both "wanted addresses of both families" '"ranges":[[{"subnet":"10.1.0.0/24"}],[{"subnet":"fd00::/64"}]]' '"args":{"cni":{"ips":["fd00::9","10.1.0.9"]}}'
both "a wanted address by CNI_ARGS" "$subnet" '' 'CNI_ARGS=IgnoreUnknown=true;IP=10.1.0.200;X=y'
both "a wanted address out of range" "$subnet" '"runtimeConfig":{"ips":["10.2.0.77"]}'
both "ranges of the runtime" "$subnet" '"runtimeConfig":{"ipRanges":[[{"subnet":"10.9.0.0/24"}]]}'
both "resolvConf" "$subnet,\"resolvConf\":\"/etc/resolv.conf\""
both "an interface with a long name" "$subnet" '' CNI_IFNAME=abcdefghijklmno
for keys in '"subnet":"10.1.0.0/31"' '"subnet":"10.1.0.1/24"' '"subnet":"fd00::/127"' '"ranges":[]' '"ranges":[[]]' \
    "$subnet,\"rangeStart\":\"10.1.0.9\",\"rangeEnd\":\"10.1.0.8\"" "$subnet,\"ranges\":[[$(printf '{"subnet":"10.1.0.0/25"}')]]"; do
    for side in reference ipam; do fresh; with $side ipam ADD "$keys"; echo "$code" >"$scratch/$side.log"; done
    same "refused as by the reference: $keys" "$(<"$scratch/ipam.log")" "$(<"$scratch/reference.log")"
done

# In one directory, in turns.
fresh
want=() turn=0
for name in a b c d e f g h; do
    with "$([ $((turn % 2)) = 0 ] && echo ipam || echo reference)" add $name "$subnet"
    want+=("10.1.0.$((turn + 2))/24=$(addresses)") turn=$((turn + 1))
done
same "in turns each goes on where the other stopped" "${want[*]}" "$(for i in {2..9}; do echo -n "10.1.0.$i/24=10.1.0.$i/24 "; done | sed 's/ $//')"
add b "$subnet"
refused "ours sees that the reference's container has an address" 100 "10.1.0.3 has been allocated to b"
with reference add a "$subnet"
same "the reference sees that ours has one" "$code $(jq -r .msg <<<"$out")" \
    "1 failed to allocate for range 0: 10.1.0.2 has been allocated to a, duplicate allocation is not allowed"
for name in b d f h; do del $name "$subnet"; done
same "ours frees what the reference gave" "$code $(files)" "0 10.1.0.2=a/eth0 10.1.0.4=c/eth0 10.1.0.6=e/eth0 10.1.0.8=g/eth0 last_reserved_ip.0=10.1.0.9 "
for name in a c; do with reference del $name "$subnet"; done
same "the reference frees what ours gave" "$code $(files)" "0 10.1.0.6=e/eth0 10.1.0.8=g/eth0 last_reserved_ip.0=10.1.0.9 "
with reference ipam CHECK "$subnet" '"prevResult":{}' CNI_CONTAINERID=e
same "the reference's CHECK finds ours" "$code" 0
ipam CHECK "$subnet" '"prevResult":{}' CNI_CONTAINERID=a
refused "our CHECK sees what the reference freed" 100 "Failed to find address added by container a"
with reference add x '"subnet":"10.1.0.0/29"'
add y '"subnet":"10.1.0.0/29"'
del e "$subnet"
with reference add z '"subnet":"10.1.0.0/29"'
gives "the reference gives what ours freed" 10.1.0.4/29
printf old >"$data/net/10.1.0.99"
del old "$subnet"
same "a file of an old version is freed" "$(ls "$data/net/10.1.0.99" 2>&1 | grep -c 'No such')" 1

# Ours does not read what it knows; the seal tells it when the reference was there, in the same clock tick, too.
fresh
for round in {1..40}; do
    add "o$round" "$subnet"
    with reference add "r$round" "$subnet"
    with reference del "o$round" "$subnet"
    del "r$round" "$subnet"
done
same "forty rounds of both leave nothing" "$(ls "$data/net")" $'last_reserved_ip.0\nlock'
fresh
storm 1000 "$reference" "every tenth the reference's"
finish
