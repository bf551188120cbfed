#!/bin/bash
# A node that comes back while the store answers some questions and not others: whatever failed on the way is made up for later.
#
# Found with three hosts: one that had been cut off got a new lease, was then refused the list of the network by a member without a leader,
# and never told the store of its containers again, which nobody reached any more.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/hosts.bash"
begin rejoin
command -v jq >/dev/null || { skip rejoin "jq is not installed"; finish; }
MEMBERS=1
hosts_begin 2
etcd_at 1
until_true 60 etcd_healthy 1 || { not_ok "etcd starts" <"$scratch/e1.log"; finish; }

# Between host 1 and etcd stands one that can refuse.
gate_begin() {
    become 1 python3 "$here/gate.py" 127.0.0.1:4000 192.0.2.1:2379 "$scratch/refuse" >>"$scratch/gate.log" 2>&1 &
    gate=$!
    disown
    until_true 20 at 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/4000'
}
gate_end() { kill -9 $gate; until_true 20 gone $gate; }
refuse() { : >"$scratch/gate.log"; echo "$1 $2" >"$scratch/new" && mv "$scratch/new" "$scratch/refuse"; }
allow() { rm -f "$scratch/refuse"; }
was_refused() { grep -q "^refused /v3/kv/$1 .*$2" "$scratch/gate.log"; }
told() { [ "$(grep -c "is in the cluster" "$scratch/h1/netd.log")" -gt "$1" ]; }
joins() { grep -c "is in the cluster" "$scratch/h1/netd.log"; }
known() { keys "eps/" | grep -q "$1:eth0$"; }
check() { if until_true 30 "${@:2}"; then ok "$1"; else not_ok "$1" < <(keys ""; cat "$scratch/gate.log"; difference 1 2); fi; }

gate_begin
ENDPOINTS='["http://127.0.0.1:4000"]' settings 1
for i in 1 2; do netd_at $i || { not_ok "apus-netd starts" <"$scratch/h$i/netd.log"; finish; }; done
attach 1 a1
attach 2 b1
check "two containers know each other" right 1 2

# The network's list is refused when the session begins; its watch had ended before, or it would have told.
refuse range /eps/
gate_end
gate_begin
before=$(joins)
# Not as JSON: jq keeps 53 bits of a number.
lease=$(at 1 etcdctl --endpoints "$(etcd_urls)" get "/apus/v1/nodes/$(<"$scratch/h1/state/node")" -w fields | sed -n 's/^"Lease" : //p')
at 1 etcdctl --endpoints "$(etcd_urls)" lease revoke "$(printf %x "$lease")" >/dev/null
check "a node whose lease was taken has another" told "$before"
check "and cannot read the network" was_refused range /eps/
check "its container is told to the store all the same" known a1
allow
attach 2 b2
check "and the network is followed again" right 1 2

# A daemon that starts, and is refused the list of networks.
netd_kill 1
refuse range /nets/
before=$(joins)
netd_at 1
check "a daemon that starts again is in the cluster" told "$before"
check "and cannot read which networks there are" was_refused range /nets/
allow
detach 2 b2
attach 2 b3
check "what it had is taken up later" right 1 2
attach 1 a2
check "and goes on" known a2

# Containers that leave while the store cannot be told. Their node lives on, and its lease with it; a claimed address hangs on no lease.
unknown() { ! keys "$1" | grep -q "$2"; }
attach 1 a3 '"runtimeConfig":{"ips":["10.20.9.9/16"]}'
check "a container with an address of its choice" known a3
refuse txn /eps/
detach 1 a2 && detach 1 a3
check "two leave, and the store is not told" was_refused txn a3
allow
check "the endpoints of both are taken out later" unknown eps/ 'a[23]:eth0'
check "and the claim" unknown ips/ 10.20.9.9
check "others forget them" right 1 2
attach 1 a3 '"runtimeConfig":{"ips":["10.20.9.9/16"]}'
refuse txn /eps/
detach 1 a3
netd_kill 1
allow
netd_at 1
check "so it is where the daemon has ended meanwhile" unknown ips/ 10.20.9.9
check "and those which are here stay" known a1

# A removal whose every commit comes too late: it says so, and the network is still there.
ask 1 '{"do":"overlay","act":"create-network","with":{"name":"busy"}}'
refuse txn "/nets/ late"
remove='{"do":"overlay","act":"remove-network","with":{"name":"busy"}}'
ask 1 "$remove"
same "a removal which never gets through says so" "$(jq -r '.code + " " + .error' <<<"$out")" "failed network busy was not removed: too many join or leave it at this moment"
allow
ask 1 "$remove"
same "the next one does it" "$(jq -c .ok <<<"$out")" true

detach 1 a1 && detach 2 b1 && detach 2 b3
same "the end: the store has no endpoint" "$(keys eps/)" ""
finish
