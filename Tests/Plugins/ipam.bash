# shellcheck shell=bash disable=SC2154,SC2034 # $code, $out and $err are set by call; the suites use the rest
# What the suites of the plugin ipam share. Sourced after begin.
reference=${REFERENCE_PLUGINS:-/usr/lib/cni}/host-local

# Installed as `make install` does it.
mkdir "$scratch/bin"
cp "$PLUGINS/ipam" "$scratch/bin/ipam"
ln -s ipam "$scratch/bin/host-local"
PLUGINS=$scratch/bin
container test
data=/var/lib/cni/networks

# ipam VERB IPAM [MEMBERS [NAME=VALUE...]]: a call with the object "ipam"; the network is $network.
network=net version=1.1.0 plugin=ipam
ipam() {
    local verb=$1 keys=$2 members=${3-}
    shift $(($# > 3 ? 3 : $#))
    call $plugin "$verb" "{\"cniVersion\":\"$version\",\"name\":\"$network\",\"ipam\":{\"type\":\"$plugin\"${keys:+,$keys}}${members:+,$members}}" "$@"
}
add() { ipam ADD "$2" "${3-}" CNI_CONTAINERID="$1" "${@:4}"; }
del() { ipam DEL "$2" "${3-}" CNI_CONTAINERID="$1" "${@:4}"; }
addresses() { jq -r '[.ips[]?.address] | join(" ")' <<<"$out"; }
files() { (cd "$data/$network" && for file in *; do [ "$file" = lock ] || printf '%s=%s ' "$file" "$(tr -d '\r' <"$file" | tr '\n' /)"; done); }
# gives NAME ADDRESSES: the last ADD gave these.
gives() { if [ "$code" = 0 ]; then same "$1" "$(addresses)" "$2"; else not_ok "$1" <<<"$code $out $err"; fi; }
fresh() { rm -rf "${data:?}" /run/apus; }

# storm COUNT PROGRAM NAME: adds c1 to cCOUNT at once, every tenth with PROGRAM. The file of each address names who was told it.
storm() {
    mkdir "$scratch/storm"
    seq 1 "$1" | xargs -P 100 -I{} env -i CNI_COMMAND=ADD CNI_CONTAINERID=c{} CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH=/ sh -c \
        'case {} in *7) program=$1 ;; *) program=$2 ;; esac
        echo "{\"cniVersion\":\"1.0.0\",\"name\":\"net\",\"ipam\":{\"type\":\"x\",\"subnet\":\"10.1.0.0/16\"}}" | "$program" >"$0/c{}"' \
        "$scratch/storm" "$2" "$PLUGINS/ipam"
    (cd "$scratch/storm" && jq -r '"\(input_filename) \(.ips[0].address)"' c*) >"$scratch/told"
    rm -r "$scratch/storm"
    same "$1 ADDs at once, $3: each gets an address" "$(grep -c '/16$' "$scratch/told")" "$1"
    same "$1 ADDs at once, $3: each its own" "$(awk '{ print $2 }' "$scratch/told" | sort -u | wc -l)" "$1"
    same "$1 ADDs at once, $3: the files say the same" \
        "$(cd "$data/net" && awk 'FNR == 1 { sub(/\r/, ""); print $0, FILENAME "/16" }' 10.* | sort)" "$(sort "$scratch/told")"
}
