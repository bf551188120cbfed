# shellcheck shell=bash disable=SC2154,SC2034 # $code, $out and $err are set by call; the suites use the rest
# What the suites of the plugin portmap share: a host with networks. Sourced after begin.
#
# The network front (br1: 10.1.0.1, fd01::1) has the containers test and twin, the isolated network back (br2: 10.2.0.1, fd02::1) has
# other; lan is a machine on the host's link up (host: 10.0.2.15, fd00::15; lan: 10.0.2.2, fd00::2). Each answers with its name on 80.
peer=$top/.build/release/peer-tool
[ -x "$peer" ] || { count=1 && echo "not ok 1 - $suite: $peer is not a program" && echo "1..1"; exit 1; }
inside() { nsenter --net=/run/netns/"$1" "${@:2}"; }

# Nothing happens on its own a moment later: no router is looked for, and addresses are used at once.
quiet='for f in /proc/sys/net/ipv6/conf/{all,default}; do echo 0 >$f/router_solicitations; echo 0 >$f/accept_dad; done'
eval "$quiet"
for name in test twin other lan; do container $name; inside $name bash -c "$quiet"; ip -n $name link set lo up; done
ip link add uplink type veth peer name eth0 netns lan && ip link set uplink up && ip -n lan link set eth0 up
ip address add 10.0.2.15/24 dev uplink && ip address add fd00::15/64 dev uplink nodad
ip -n lan address add 10.0.2.2/24 dev eth0 && ip -n lan address add fd00::2/64 dev eth0 nodad

# network NAME BRIDGE NUMBER [MEMBERS]: the configuration of a bridge plugin.
network() {
    printf '{"cniVersion":"1.1.0","name":"%s","type":"bridge","bridge":"%s","isDefaultGateway":true,"ipMasq":true,"hairpinMode":true%s,"ipam":{"type":"ipam","dataDir":"/run/addresses","ranges":[[{"subnet":"10.%s.0.0/24"}],[{"subnet":"fd0%s::/64"}]]}}' \
        "$1" "$2" "${4:+,$4}" "$3" "$3"
}
# attach NAME CONFIGURATION [NAME=VALUE...]: connects a container; its result is in result_NAME.
attach() {
    call bridge ADD "$2" CNI_CONTAINERID="$1" CNI_NETNS=/run/netns/"$1" "${@:3}"
    [ "$code" = 0 ] || not_ok "$1 has no network" <<<"$out $err"
    declare -g "result_$1=$out"
}
front=$(network front br1 1) back=$(network back br2 2 '"isolated":true')
attach test "$front"
attach twin "$front"
attach other "$back"
own=10.1.0.2 own6=fd01::2

serving=()
serve() { # serve NAMESPACE NAME PORT...
    local fifo=$scratch/ready
    [ -p "$fifo" ] || mkfifo "$fifo"
    if [ "$1" = host ]; then "$peer" serve "${@:2}" >"$fifo" & else inside "$1" "$peer" serve "${@:2}" >"$fifo" & fi
    serving+=($!)
    read -r _ <"$fifo"
}
# hold tcp|udp ADDRESS PORT: a program of the host that waits there; its process is $!.
hold() {
    "$peer" hold "$@" >"$scratch/held" &
    until grep -q ready "$scratch/held"; do kill -0 $! || break; sleep 0.01; done
}
release() { kill "$1"; wait "$1" 2>/dev/null; }
for name in test twin other lan; do serve $name $name 80 81 82 83; done
trap 'kill "${serving[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT

# ask tcp|udp FROM ADDRESS PORT [SOURCEPORT]: who answers, and who he thinks it was that asked.
ask() {
    if [ "$2" = host ]; then "$peer" ask "$1" "${@:3}"; else inside "$2" "$peer" ask "$1" "${@:3}"; fi
}
tcp() { ask tcp "$@"; }
udp() { ask udp "$@"; }

# ports MAPPING...: each is HOSTPORT CONTAINERPORT [PROTOCOL [HOSTIP [RANGE]]]; the members of a configuration.
ports() {
    local mapping words list=()
    for mapping in "$@"; do
        read -r -a words <<<"$mapping"
        list+=("{\"hostPort\":${words[0]},\"containerPort\":${words[1]},\"protocol\":\"${words[2]:-tcp}\"${words[3]:+,\"hostIP\":\"${words[3]#-}\"}${words[4]:+,\"range\":${words[4]}}}")
    done
    (IFS=,; printf '"runtimeConfig":{"portMappings":[%s]}' "${list[*]}")
}
# portmap VERB NAME MEMBERS [NAME=VALUE...]: a call for the container NAME, with the result of its network.
plugin=portmap version=1.1.0
portmap() {
    local result=result_$2
    call $plugin "$1" "{\"cniVersion\":\"$version\",\"name\":\"front\",\"type\":\"portmap\",$3,\"prevResult\":$(jq -c --arg version "$version" \
        '.cniVersion = $version' <<<"${!result}")}" CNI_CONTAINERID="$2" CNI_NETNS=/run/netns/"$2" "${@:4}"
}
# publish NAME MEMBERS, unpublish NAME MEMBERS: ADD and DEL which have to succeed.
publish() { portmap ADD "$@"; [ "$code" = 0 ] || not_ok "ADD of $2" <<<"$out $err"; }
unpublish() { portmap DEL "$@"; [ "$code" = 0 ] || not_ok "DEL of $2" <<<"$out $err"; }
# elements NAME [INTERFACE]: how many the container has.
elements() { nft list table inet apus_cni | grep -oE "comment \"[^ ]+ $1 ${2:-[^ ]+} portmap\"" | wc -l; }
