#!/bin/bash
# The store of a single host: what is in its file, and what a full disk, garbage and kill -9 do to it.
. "$(dirname "$0")/lib.sh"
begin local
local_store() { "$STORE_TOOL" --local "$@"; }
reading() { out=$(local_store "$@" 2>err); code=$?; }

reading s.json txn absent=a put=a=1 put=b=2
same "a transaction" "$out" "done 2"
reading s.json list a b
same "is in the file" "$out" "revision 2
a 1 2 2
b 2 2 2"
same "which is nobody else's to read" "$(stat -c %a s.json)" 600
printf 'grant 60\ntxn put=l=1@1 put=k=1\nlist l k\nkeepalive 1\n' | local_store s.json - >out 2>err
has "what has a lease is there" "$(<out)" "l 1 3 3 leased"
reading s.json list l k
same "and ends with the process" "$out" "revision 3
k 1 3 3"
printf 'grant 1\ntxn put=m=1@1\npause 3000\nlist m\n' | local_store s.json - >out 2>err
same "or with its time" "$(tail -n 1 out)" "revision 5"
local_store s.json watch 1 a >watch.out
same "what was before the process is not known" "$(<watch.out)" "compacted 4"

# Garbage.
for what in '{' '' 'null' '{"version":7,"revision":1}' '{"version":1,"revision":1,"entries":[{"key":7}]}'; do
    printf %s "$what" >bad.json && cp bad.json before.json
    reading bad.json txn put=a=1
    if [ "$code" = 2 ] && grep -q "the store's answer makes no sense: bad.json: " err && cmp -s bad.json before.json; then
        ok "a file with '$what' is an error that names it, and stays"
    else
        not_ok "a file with '$what' is an error that names it, and stays" < <(echo "status $code"; cat err)
    fi
done
reading missing/s.json txn put=a=1 2>/dev/null
has "a directory that is missing is named" "$out" "missing/s.json.new: No such file or directory"

# A full disk.
mkdir small && mount -t tmpfs -o size=64k small small
{
    echo "txn put=a=1"
    echo "txn put=big=$(head -c 90000 /dev/zero | tr '\0' x)"
    echo "list a big"
    echo "txn put=b=2"
    echo "list a b"
} | local_store small/s.json - >out 2>err
same "a full disk says so, and nothing has changed" "$(cut -c 1-35 out | grep -v '^revision')" "done 2
failed full: the store is full: wri
a 1 2 2
done 3
a 1 2 2
b 2 3 3"
reading small/s.json list a b
same "nor in the file" "$out" "revision 3
a 1 2 2
b 2 3 3"

# Killed at any moment the file is the one before or the one after.
broken=0
for round in $(seq 30); do
    "$STORE_TOOL" --local kill.json - < <(for number in $(seq 20000); do echo "txn put=k=$number put=m=$number"; done) >kill.out 2>&1 &
    writer=$!
    until_true 20 grep -q ^done kill.out
    sleep "0.0$((round % 10))"
    kill -9 $writer
    wait $writer 2>/dev/null
    [ -e kill.json ] || continue
    reading kill.json list k m
    [ "$code" = 0 ] && [ "$(awk 'NR > 1 { print $2, $4 }' <<<"$out" | sort -u | wc -l)" = 1 ] || broken=$((broken + 1))
done
same "killed at any moment it is whole" "$broken" 0
finish
