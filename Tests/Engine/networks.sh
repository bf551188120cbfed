#!/bin/bash
# Networks beyond the guide: configurations lent, dual stack, other drivers, what is left when somebody is killed, and what others take away.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin networks
image busybox
x() { apus exec "$@"; }
gone() { apus rm -f "$@" >/dev/null; }
first() { apus network inspect "$1" | jq -r ".[0].IPAM.Config[${2:-0}].${3:-Subnet}"; }
# killed MILLISECONDS COMMAND...: kills COMMAND after a while, with all it started.
killed() {
    local pid
    setsid "${@:2}" >/dev/null 2>&1 &
    pid=$!
    sleep "0.$1"
    kill -9 -- -"$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    true
}
export -f x gone first killed

check "a configuration is lent" '
    apus network create --config-only --subnet 10.40.0.0/24 --label a=b lender >/dev/null && apus network create --config-from lender taker >/dev/null || exit 1
    same "$(first taker)" 10.40.0.0/24 && same "$(apus network inspect lender | jq -r .[0].Driver)" null || exit 1
    apus run --rm --network lender busybox true 2>errors; same $? 125 && grep -q "configuration-only network" errors || exit 1
    apus network rm lender 2>errors; same $? 1 && grep -q "in use" errors && apus network rm taker >/dev/null && apus network rm lender >/dev/null'
check "two families" '
    apus network create --ipv6 --subnet 10.41.0.0/24 --subnet fd41::/64 both >/dev/null && apus run -d --name bb --network both busybox sleep 100 >/dev/null || exit 1
    x bb ip -6 route show default | grep -q "via fd41::1" && x bb ip -4 route show default | grep -q "via 10.41.0.1" && x bb ping -6 -c 1 -W 2 fd41::1 >/dev/null
    code=$?; gone bb; apus network rm both >/dev/null; exit $code'
check "an address somebody else has, and a range" '
    apus network create --subnet 10.42.0.0/24 --ip-range 10.42.0.64/28 --aux-address router=10.42.0.64 part >/dev/null && apus run -d --name pp --network part busybox sleep 100 >/dev/null || exit 1
    same "$(address pp part)" 10.42.0.65; code=$?; gone pp; apus network rm part >/dev/null; exit $code'
check "the default bridge is made once, also where /sys shows another namespace" '
    mkdir -p counting && cat >counting/bridge <<END
#!/bin/sh
echo \$CNI_COMMAND >>$scratch/calls
exec $scratch/plugins/bridge
END
    chmod +x counting/bridge; export CNI_PATH=$scratch/counting:$CNI_PATH
    apus run --rm busybox true && rm -f calls && apus run --rm busybox true && same "$(paste -sd" " calls)" "ADD DEL"'
cat >"$scratch/plugins/mine" <<'PLUGIN'
#!/bin/sh
[ "$CNI_COMMAND" = ADD ] || exit 0
cat >"$scratch/asked"
printf '{"cniVersion":"1.1.0","interfaces":[{"name":"%s","sandbox":"%s"}]}' "$CNI_IFNAME" "$CNI_NETNS"
PLUGIN
chmod +x "$scratch/plugins/mine"
check "a driver is a program: its options are its keys" '
    apus network create -d mine -o colour=blue -o depth=3 own >/dev/null && apus run --rm --network own busybox true || exit 1
    same "$(jq -c "[.colour, .depth, .type]" "$scratch/asked")" "[\"blue\",3,\"mine\"]"; code=$?; apus network rm own >/dev/null; exit $code'
check "a network that goes takes its device and its subnet with it" '
    id=$(apus network create brief); was=$(first brief); apus run --rm --network brief busybox true || exit 1
    ip link show "br-${id:0:12}" >/dev/null && apus network rm brief >/dev/null || exit 1
    ip link show "br-${id:0:12}" 2>/dev/null && exit 1
    apus network create brief >/dev/null; same "$(first brief)" "$was"; code=$?; apus network rm brief >/dev/null; exit $code'
check "published ports follow the way out, with their numbers" '
    apus network create zz >/dev/null; apus network create aa >/dev/null
    apus run -d --name pp --network zz -p 80 busybox httpd -f -p 80 -h /etc >/dev/null || exit 1
    port=$(apus port pp 80 | head -n 1 | sed "s/.*://"); [ "$(get 127.0.0.1 "$port" group)" != nothing ] || { gone pp; exit 1; }
    apus network connect aa pp && same "$(apus port pp 80 | head -n 1 | sed "s/.*://")" "$port" && [ "$(get 127.0.0.1 "$port" group)" != nothing ] || exit 1
    apus network disconnect zz pp && [ "$(get 127.0.0.1 "$port" group)" != nothing ]; code=$?; gone pp; apus network rm zz aa >/dev/null; exit $code'
check "a network whose addresses are all given away is no fault" '
    apus network create --subnet 10.99.0.0/30 small >/dev/null && apus run -d --name only --network small busybox sleep 100 >/dev/null && apus run --rm --network small busybox true 2>/dev/null && exit 1
    apus system check >found; code=$?; grep -q "^network small: it can take no more containers: .*(no fault)$" found && same $code 0 && apus system check --repair | grep -q "Everything is as it should be"; code=$?; cat found; gone only; apus network rm small >/dev/null; exit $code'
check "system check says what is missing, and puts it back" '
    apus run -d --name cc -p 8080:80 busybox httpd -f -p 80 -h /etc >/dev/null && apus system check >/dev/null || exit 1
    nft flush ruleset; apus system check >found; same $? 1 && grep -q "container cc" found || exit 1
    apus system check --repair >found && grep -q repaired found && apus system check >/dev/null && [ "$(outside get 10.0.2.15 8080 group)" != nothing ] || exit 1
    x cc ip route del default 2>/dev/null || nsenter --net="$(apus inspect cc | jq -r ".[0].NetworkSettings.SandboxKey")" ip route del default
    apus system check >/dev/null; same $? 1 && apus system check --repair >/dev/null && x cc ip route | grep -q "^default"; code=$?; gone cc; exit $code'
check "network reload puts the rules back" '
    apus run -d --name cc -p 8080:80 busybox httpd -f -p 80 -h /etc >/dev/null; nft flush ruleset
    apus network reload && apus system check >/dev/null; code=$?; gone cc; exit $code'
check "who is killed at any moment leaves what the next command takes away" '
    apus network create kk >/dev/null
    for delay in 02 05 1 15 2 3 4 6; do
        killed $delay apus run -d --name "k$delay" --network kk -p 9000:80 busybox sleep 100
        apus system check --repair >/dev/null; apus rm -f "k$delay" >/dev/null 2>&1
    done
    apus system check >found || { cat found; exit 1; }
    apus run -d --name kl --network kk busybox sleep 100 >/dev/null || exit 1
    for delay in 01 03 06 1 2; do killed $delay apus network connect bridge kl; killed $delay apus network disconnect bridge kl; done
    apus system check --repair >/dev/null; apus network disconnect bridge kl 2>/dev/null; apus network connect bridge kl && x kl ip -4 -o address | grep -q " 172.17.0.2/"
    code=$?; gone kl; apus network rm kk >/dev/null; exit $code'
check "the picture" '
    apus run -d --name gg -p 8080:80 busybox sleep 100 >/dev/null
    apus network graph | grep -q "gg .*172.17.0.2.*default route" && apus network graph --mermaid | grep -q "^graph LR" && apus network graph --svg | grep -q "^<svg " && apus network graph --svg --mermaid 2>/dev/null; same $? 1
    code=$?; gone gg; exit $code'
check "all of it can be removed" 'same "$(apus ps -aq)" "" && apus network prune -f >/dev/null && stop_daemon'
finish '^apus0$'
