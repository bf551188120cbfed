#!/bin/bash
# The store of the overlay's control plane on an etcd of one member, and what it does when that stops, restarts, lies, or is full.
. "$(dirname "$0")/lib.sh"
begin store

etcd_begin one
until_true 60 healthy one || { not_ok "etcd starts" <one.log; finish; }

# Both stores do the same, word by word.
cat >commands <<END
txn absent=a put=a=1
txn absent=a put=a=2 read=a read=b
txn present=a unchanged=a@2 holds=a=1 put=a=2 put=b/1=x put=b/2=y
txn unchanged=a@2 put=a=3 read=a
txn holds=b/1=y put=a=3
txn holds=missing= put=a=3
txn unchanged=missing@0 put=a=3
list a b/
txn delete=missing
txn delete=a delete=b/1
txn put=a=again
list a b/
txn prefix=b/
txn put=a=1 put=a=2
txn put=a=1 delete=a
txn put=b/1=1 prefix=b/
txn put==1
txn put=a=1@4711
keepalive 4711
revoke 4711
txn put=é=ü absent=é
list é
END
timeout 60 "$STORE_TOOL" --endpoints "$(endpoints)" - <commands >etcd.out 2>err
timeout 60 "$STORE_TOOL" --local "$scratch/local.json" - <commands >local.out 2>err
if diff etcd.out local.out >diff.out && [ "$(grep -c ^done etcd.out)" -gt 5 ]; then ok "the two stores give the same answers"; else not_ok "the two stores give the same answers" <diff.out; fi
has "what contradicts itself is refused" "$(<etcd.out)" "refused: the store refuses: a transaction writes the key 'a' twice"

# Whoever is first has it.
winners=
for round in 1 2 3; do
    clients=()
    for client in 1 2 3 4 5 6 7 8; do
        "$STORE_TOOL" --endpoints "$(endpoints)" txn "absent=race/$round" "put=race/$round=$client" "read=race/$round" >"race.$client" 2>&1 &
        clients+=($!)
    done
    wait "${clients[@]}"
    winner=$(grep -l '^done' race.? | sed 's/race.//')
    # The others see who it was.
    winners+="$(wc -w <<<"$winner") $(grep -lE "^found race/$round $winner " race.? | wc -l) "
done
same "of eight clients one gets the key, the others see whose it is" "$winners" "1 7 1 7 1 7 "

# A list is of one moment, though it is read in pieces and everything changes meanwhile.
tool fill list/ 5000 100
says "5000 keys are there" "5000 at $(awk 'NR == 1 { print $2 }' <("$STORE_TOOL" --endpoints "$(endpoints)" list none)), 5000 distinct, newest $("$STORE_TOOL" --endpoints "$(endpoints)" list list/104999 | awk 'END { print $4 }')" count list/
(while [ ! -e enough ]; do "$STORE_TOOL" --endpoints "$(endpoints)" fill list/ 5000 100 >/dev/null 2>&1; done) &
writer=$!
torn=0 moments=
for _ in 1 2 3 4 5; do
    tool list list/
    moments+="$(head -n 1 out) "
    # A transaction writes a hundred keys: all of them have its revision, and none has one that is newer than the list.
    torn=$((torn + $(awk 'NR == 1 { now = $2; next } { n++; block = int(($1 + 0 ? 0 : substr($1, 6) - 100000) / 100); if (block in at && at[block] != $4) bad++; at[block] = $4; if ($4 > now) bad++ } END { print bad + (n != 5000) }' out)))
done
touch enough && wait $writer
same "lists under way are of one revision each" "$torn" 0
if [ "$(tr ' ' '\n' <<<"$moments" | grep -E '^[0-9]+$' | sort -u | wc -l)" -gt 1 ]; then ok "and of different ones"; else not_ok "and of different ones" <<<"$moments"; fi

# Watches.
tool txn put=w/1=a
revision=${out#done }
watching watch.out watch $((revision - 1)) w/ v/
saw "a watch tells what was before it" watch.out "$revision put w/1 a"
tool txn put=v/1=b delete=w/1 put=other=x
saw "and what comes" watch.out "$((revision + 1)) put v/1 b"
saw "also that a key went" watch.out "$((revision + 1)) deleted w/1"
if seen watch.out other; then not_ok "but nothing of others" <watch.out; else ok "but nothing of others"; fi
etcd_end one
saw "it ends when its member is killed" watch.out "ended: the store cannot be reached: http://127.0.0.1:2379"
fails "nobody listens" unreachable list w/
within "which is told at once" 1500
etcd_begin one
until_true 60 healthy one || not_ok "etcd starts again" <one.log
tool txn put=w/2=c
patience=1500 watching watch.out watch $((revision + 1)) w/ v/
saw "another one goes on where it was" watch.out "$((revision + 2)) put w/2 c"
# Longer than its patience.
sleep 3
tool txn put=w/3=d
saw "nothing happening is no reason to end" watch.out "put w/3 d"
kill -STOP "${etcd[one]}"
saw "a member which stands still is noticed" watch.out "ended: the store cannot be reached: http://127.0.0.1:2379: no sign of life for 1.5 s"
fails "a question to it fails" "noQuorum: the store has no quorum: http://127.0.0.1:2379: no answer in time" txn absent=x put=x=1
within "before anybody has waited long" 3000
kill -CONT "${etcd[one]}"
until_true 30 healthy one || not_ok "it goes on" <one.log
to=http://192.0.2.1:2379,http://127.0.0.1:9,$(endpoints) says "addresses where nobody is are passed over" "$(head -n 1 <("$STORE_TOOL" --endpoints "$(endpoints)" list none))" list none
within "in the time of one attempt each" 2500

# The past is forgotten.
tool list none && now=${out#revision }
etcdctl compact "$now" >/dev/null
watching watch.out watch 2 w/
saw "a watch of what is compacted says so" watch.out "compacted $now"
wait $watch
same "and ends" $? 0
tool count list/
has "a list does not care" "$out" "5000 at"

# Leases.
tool grant 2 && lease=${out#lease }
tool txn "put=l/1=a@$lease" "put=l/2=b@$lease" put=l/3=c
watching watch.out watch 0 l/
for _ in 1 2 3 4; do sleep 0.8; tool keepalive "$lease"; done
same "a lease is kept alive" "$out" done
tool list l/
has "and its keys with it" "$out" "l/1 a"
saw "then it ends, and takes its keys along" watch.out "deleted l/2"
tool list l/
same "not those of others" "$(awk 'NR > 1 { print $1 }' out)" l/3
fails "it cannot be kept any longer" leaseGone keepalive "$lease"
fails "and takes no keys" leaseGone txn "put=l/4=d@$lease"
says "ending it is no error" done revoke "$lease"
tool grant 600 && lease=${out#lease } && tool txn "put=l/5=e@$lease" && tool revoke "$lease"
saw "revoking takes the keys at once" watch.out "deleted l/5"
kill $watch

# Full.
etcd_end one
etcd_begin one --quota-backend-bytes 1
# Not `healthy`: it may be full already by what it reads from its own log, and says that it is not well then.
until_true 60 leads one || not_ok "etcd starts again" <one.log
for _ in 1 2 3; do tool txn put=full=1; [ "$code" = 0 ] || break; done
has "a full store says so" "$out" "failed full: the store is full: http://127.0.0.1:2379: etcdserver: mvcc: database space exceeded"
etcd_end one

# A server which lies; each at a port of its own, as the one before may be there for a moment yet.
port=4000
for what in garbage html empty shape half words stranger again numbers; do
    port=$((port + 1))
    python3 "$here/liar.py" $port $what >liar.log 2>&1 &
    liar=$!
    disown
    until_true 30 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
    to=http://127.0.0.1:$port
    tool list x/
    case "$what $out" in
    "garbage failed unreachable: "* | "half failed unreachable: "* | "stranger failed noQuorum"* | "words failed noQuorum"*) ok "$what: no list" ;;
    "html failed malformed"* | "empty failed malformed"* | "shape failed malformed"* | "again failed malformed"* | "numbers failed malformed"*)
        if grep -q "^log etcd: .*/v3/kv/range" err; then ok "$what: no list, and the log says what came"; else not_ok "$what: the log says what came" <err; fi
        ;;
    *) not_ok "$what: no list" < <(echo "$out"; cat err) ;;
    esac
    timeout 30 "$STORE_TOOL" --endpoints $to --patience 1000 watch 1 x/ >watch.out 2>watch.out.err
    same "$what: a watch ends, and the process does not" "$? $(grep -c ^ended watch.out)" "0 1"
    kill $liar
done
python3 "$here/liar.py" 5001 line & liars=$!
python3 "$here/liar.py" 5002 bytes & liars+=" $!"
python3 "$here/liar.py" 5003 large & liars+=" $!"
python3 "$here/liar.py" 5004 endless & liars+=" $!"
python3 "$here/liar.py" 5005 silent & liars+=" $!"
python3 "$here/liar.py" 5006 huge & liars+=" $!"
python3 "$here/liar.py" 5007 flood & liars+=" $!"
disown -a
for port in 5001 5002 5003 5004 5005 5006 5007; do until_true 30 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"; done
to=http://127.0.0.1:5001 patience=1000 watching watch.out watch 1 a/
saw "half a line and then nothing: the watch ends" watch.out "no sign of life for 1.0 s"
to=http://127.0.0.1:5002 watching watch.out watch 1 a/
saw "byte by byte an event comes as well" watch.out "5 put a/1 $(printf 'A%.0s' {1..30})"
kill $watch
to=http://127.0.0.1:5003 watching watch.out watch 1 a/
saw "a line of 32 MB is read" watch.out "5 put a/1 AAAA" 300
kill $watch
to=http://127.0.0.1:5004 patience=60000 watching watch.out watch 1 a/
saw "one without an end is not" watch.out "a message of more than 64 MB" 100
wait $watch
to=http://127.0.0.1:5005 patience=1000 watching watch.out watch 1 a/
saw "silence from the beginning ends a watch" watch.out "no sign of life for 1.0 s"
large="unreachable: the store cannot be reached: http://127.0.0.1:5006: an answer of more than 64 MB"
to=http://127.0.0.1:5006 fails "an answer of 100 GB is not taken" "$large" list x/
# One that does not say how long it is ends by its size or, where the machine is slow, by the time it takes.
to=http://127.0.0.1:5007 tool list x/
case $out in
"failed ${large/5006/5007}" | "failed noQuorum: "*": no answer in time") ok "nor one without an end" ;;
*) not_ok "nor one without an end" < <(cat out err) ;;
esac
kill $liars

# What is wrong before anybody is asked.
to=ftp://127.0.0.1 tool list x/
has "an endpoint that is none is named" "$(<err)" "endpoint 'ftp://127.0.0.1': http://HOST:PORT or https://HOST:PORT is needed"
to=http://nowhere.invalid:2379 fails "a name nobody knows" unreachable list x/
finish
