#!/bin/bash
# The store on an etcd of three members: the leader is killed, two of three are, one comes back with nothing.
. "$(dirname "$0")/lib.sh"
begin cluster
members=(one two three)

for name in "${members[@]}"; do etcd_begin "$name" --heartbeat-interval 100 --election-timeout 1000; done
for name in "${members[@]}"; do until_true 60 healthy "$name" || { not_ok "$name starts" <"$name.log"; finish; }; done

# The name of the member which leads.
leader() {
    local name id
    for name in "${members[@]}"; do
        id=$(curl -sf -m 2 "http://$(place "$name"):2379/v3/maintenance/status" -d '{}') || continue
        [ "$(jq -r .leader <<<"$id")" = "$(jq -r .header.member_id <<<"$id")" ] && echo "$name" && return
    done
    return 1
}
# Puts until it is done; the answer is how long that took, in milliseconds.
until_put() {
    local begun=${EPOCHREALTIME/./}
    until_true 30 put_once "$1" || { echo never; return; }
    echo $(((${EPOCHREALTIME/./} - begun) / 1000))
}
put_once() { "$STORE_TOOL" --endpoints "${to:-$(endpoints)}" txn "put=$1=1" 2>/dev/null | grep -q ^done; }
follower() { local name; for name in "${members[@]}"; do [ "$name" != "$1" ] && echo "$name" && return; done; }

# A hundred transactions with a condition, each of which may be done once; the leader is killed in the middle of them.
tool txn put=a/1=x
revision=${out#done }
lead=$(leader)
other=$(follower "$lead")
to=http://$(place "$other"):2379 watching watch.out watch $((revision - 1)) a/
saw "a watch at a member which follows" watch.out "put a/1 x"
(
    for number in $(seq 100); do echo "txn absent=once/$number put=once/$number=1 read=once/$number"; done |
        "$STORE_TOOL" --endpoints "$(endpoints)" - >once.out 2>once.err
) &
many=$!
until_true 20 grep -q . once.out
etcd_end "$lead"
took=$(until_put a/2)
if [ "$took" != never ] && [ "$took" -le 15000 ]; then ok "after the leader's end changes are made again ($took ms)"; else not_ok "after the leader's end changes are made again" <<<"$took"; fi
wait $many
# What was said to be done is there; what was said to be refused is somebody's, which here is nobody but us.
tool count once/
there=${out%% *} done=$(grep -c ^done once.out) unknown=$(grep -c ^failed once.out)
if [ "$done" -le "$there" ] && [ "$there" -le $((done + unknown)) ] && ! grep -q ^not once.out; then
    ok "what was told as done is there, and nothing is told as refused that was done ($done done, $unknown unknown, $there there)"
else
    not_ok "what was told as done is there" < <(echo "$done done, $unknown unknown, $there there"; grep -v ^done once.out)
fi
if seen watch.out "ended: the store has no quorum"; then
    ok "a watch tells that there was no leader for a while"
    to=http://$(place "$other"):2379 watching watch.out watch "$revision" a/
fi
saw "and nothing is missed" watch.out "put a/2 1"
etcd_begin "$lead"
until_true 60 healthy "$lead" || not_ok "it comes back" <"$lead.log"

# A member is asked which has been killed, and others behind it.
etcd_end one
tool txn put=a/3=1
has "another member answers in the place of one that is gone" "$out" done
within "at once" 1500
etcd_begin one
until_true 60 healthy one

# Two of three.
watching watch.out watch 0 a/
sleep 1
lead=$(leader)
other=$(follower "$lead")
etcd_end "$lead" && etcd_end "$other"
fails "without a majority nothing is changed" noQuorum txn absent=b put=b=1
within "which is told in three seconds" 3500
saw "a watch tells it" watch.out "ended: the store" 30
until_true 20 bash -c "curl -s -m 3 -H 'Grpc-Metadata-hasleader: true' http://$(place "$(follower "$lead")"):2379/v3/kv/range -d '{\"key\":\"YQ==\"}' | grep -q 'no leader'"
fails "nothing is read either, as it could be old" noQuorum list a/
within "which is told in three seconds, too" 3500
fails "no lease is given" noQuorum grant 10
etcd_begin "$lead"
took=$(until_put a/4)
if [ "$took" != never ]; then ok "with a second member it goes on ($took ms)"; else not_ok "with a second member it goes on" <"$lead.log"; fi

# The third comes back with nothing.
rm -rf "${scratch:?}/$other"
peers=$(etcdctl --endpoints "$(endpoints)" member list 2>/dev/null | awk -F', ' -v n="$other" '$3 == n { print $1 }')
until_true 20 etcdctl --endpoints "http://$(place "$lead"):2379" member remove "$peers" >/dev/null
until_true 20 etcdctl --endpoints "http://$(place "$lead"):2379" member add "$other" --peer-urls "http://$(place "$other"):2380" >/dev/null
etcd_begin "$other" --initial-cluster-state existing
until_true 60 healthy "$other" || not_ok "it starts with nothing" <"$other.log"
to=http://$(place "$other"):2379 tool list a/
has "a member that was wiped has everything again" "$out" "a/4 1"
finish
