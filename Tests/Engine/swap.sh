#!/bin/bash
# The same scenario with other parts in place of ours: the OCI runtimes runc and crun, the reference's bridge and host-local, a driver
# of one's own. What a part cannot do is said by name.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin swap
image busybox
x() { apus exec "$@"; }
# scenario [FLAG...]: prints what a person would see; the flags are those of run.
scenario() {
    apus network create --subnet 192.168.0.0/24 net >/dev/null || return
    apus run -d --name aa --network net -p 8080:80 "$@" busybox sh -c 'hostname >/tmp/index.html; exec busybox httpd -f -p 80 -h /tmp' >/dev/null || return
    apus run -tid --name bb --network net -m 64m "$@" busybox >/dev/null || return
    soon '[ "$(get 127.0.0.1 8080)" != nothing ]'
    echo "addresses: $(address aa net) $(address bb net)"
    echo "from outside: $([ "$(outside get 10.0.2.15 8080)" = "$(x aa hostname)" ] && echo yes || echo no)"
    echo "by name: $(x bb dig +short aa)"
    echo "ping: $(x bb ping -c 1 -W 2 aa >/dev/null 2>&1 && echo yes || echo no)"
    echo "exit code: $(x bb sh -c 'exit 5'; echo $?)"
    apus network create other >/dev/null
    apus network connect other bb && echo "interfaces: $(x bb sh -c 'ls /sys/class/net | tr "\n" " "')"
    apus network disconnect other bb
    apus pause bb >/dev/null && apus ps --format '{{.Status}}' -f name=bb | grep -o Paused
    apus unpause bb >/dev/null
    echo "memory: $(apus inspect bb | jq '.[0].HostConfig.Memory')"
    apus restart -t 0 aa >/dev/null && soon '[ "$(get 127.0.0.1 8080)" != nothing ]' && echo "again: yes"
    apus stop -t 0 bb >/dev/null && apus ps -a --format '{{.Status}}' -f name=bb | sed 's/ [0-9L].*//; s/ (.*//'
    apus rm -f aa bb >/dev/null
    apus network rm net other >/dev/null
}
export -f x scenario
want=$(scenario 2>&1)
export want
check "the scenario with our parts" "printf '%s\n' \"\$want\"; grep -q '^by name: 192.168.0.2' <<<\"\$want\" && grep -q '^again: yes' <<<\"\$want\" && [ \$(wc -l <<<\"\$want\") = 10 ]"
for runtime in runc crun; do
    if ! command -v $runtime >/dev/null; then skip "--runtime $runtime" "$runtime is not installed"; continue; fi
    # crun before 1.9 takes no cgroup tree that is mixed of both versions.
    if [ $runtime = crun ] && ! apus run --rm --runtime crun busybox true 2>"$scratch/crun" && grep -qi cgroup "$scratch/crun"; then
        skip "--runtime crun" "crun $(crun --version | sed -n 's/crun version //p') refuses this machine's cgroups: $(tail -n 1 "$scratch/crun" | cut -c 1-80)"
        continue
    fi
    check "--runtime $runtime" "same \"\$(scenario --runtime $runtime)\" \"\$want\""
done

reference=${REFERENCE_PLUGINS:-/usr/lib/cni}
instead() { mkdir -p "$scratch/instead" && rm -f "$scratch/instead"/* && local name && for name in "$@"; do cp "$reference/$name" "$scratch/instead/${as:-$name}"; done; }
export reference
if [ -x "$reference/bridge" ]; then
    # The reference's bridge knows neither isolation nor the lowest free address; what it is told about them it ignores.
    instead bridge
    check "Debian's bridge in place of ours" 'export CNI_PATH=$scratch/instead:$CNI_PATH; same "$(scenario)" "$want"'
    # It has no GC: the device of a network that was removed stays, and would be in the way of the next network with this subnet.
    for link in $(ip -o link show type bridge | grep -o 'br-[0-9a-f]*'); do ip link delete "$link"; done
    as=ipam instead host-local
    check "Debian's host-local in place of our ipam" 'export CNI_PATH=$scratch/instead:$CNI_PATH; scenario >got; diff got - <<<"$want" | grep "^[<>]" | grep -v "addresses:\|by name:" >rest; cat got; [ ! -s rest ]'
else
    skip "Debian's plugins" "containernetworking-plugins is not installed"
fi
check "a driver is whatever program has its name" '
    mkdir -p instead && rm -f instead/* && cat >instead/mine <<"END"
#!/bin/sh
case $CNI_COMMAND in
VERSION) echo "{\"cniVersion\": \"1.0.0\", \"supportedVersions\": [\"0.4.0\", \"1.0.0\"]}" ;;
ADD) cat >/dev/null; ip -n "${CNI_NETNS##*/}" link add mine type bridge 2>/dev/null || nsenter --net="$CNI_NETNS" ip link add "$CNI_IFNAME" type bridge
    echo "{\"cniVersion\": \"1.0.0\", \"interfaces\": [{\"name\": \"$CNI_IFNAME\", \"sandbox\": \"$CNI_NETNS\"}], \"ips\": []}" ;;
DEL) cat >/dev/null; nsenter --net="$CNI_NETNS" ip link delete "$CNI_IFNAME" 2>/dev/null; exit 0 ;;
*) cat >/dev/null ;;
esac
END
    chmod +x instead/mine; export CNI_PATH=$scratch/instead:$CNI_PATH
    apus network create --driver mine own >/dev/null && same "$(apus network ls --format "{{.Driver}}" -f name=own)" mine && apus run --rm --network own busybox ip -o link | grep -qE "eth0|mine"; code=$?; apus network rm own >/dev/null; exit $code'
check "all of it can be removed" 'same "$(apus ps -aq)" "" && stop_daemon'
finish '^apus0$|^br_?'
