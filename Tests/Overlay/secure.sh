#!/bin/bash
# The store on an etcd with TLS, client certificates, users and passwords.
. "$(dirname "$0")/lib.sh"
begin secure

# authority NAME; certificate AUTHORITY NAME EXTENSION
authority() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" 2>>openssl.log; }
certificate() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$2.key" -out "$2.csr" 2>>openssl.log &&
        openssl x509 -req -in "$2.csr" -CA "$1.pem" -CAkey "$1.key" -CAcreateserial -days 2 -extfile <(echo "$3") -out "$2.pem" 2>>openssl.log
}
authority ours && authority others
certificate ours server "subjectAltName=IP:127.0.0.1,DNS:localhost" && certificate ours client "extendedKeyUsage=clientAuth" ||
    { not_ok "certificates are made" <openssl.log; finish; }
certificate others stranger "extendedKeyUsage=clientAuth"

scheme=https
etcd_begin one --cert-file server.pem --key-file server.key --client-cert-auth --trusted-ca-file ours.pem
tls=(--cacert ours.pem --cert client.pem --key client.key)
until_true 60 etcdctl --endpoints https://127.0.0.1:2379 "${tls[@]}" endpoint health || { not_ok "etcd starts" <one.log; finish; }

options=(--ca ours.pem --cert client.pem --key client.key)
says "a certificate opens the store" "done 2" txn absent=a put=a=1
patience=1500 watching watch.out watch 1 a
saw "a watch goes over TLS as well" watch.out "2 put a 1"
sleep 3
tool txn put=a=2
saw "and stays" watch.out "3 put a 2"
kill $watch
options=(--ca others.pem --cert client.pem --key client.key)
fails "a server of another authority is not believed" unreachable list a
has "the reason is told" "$out" "CERTIFICATE_VERIFY_FAILED"
options=(--ca ours.pem)
fails "without a certificate there is no answer" unreachable list a
options=(--ca ours.pem --cert stranger.pem --key stranger.key)
fails "nor with one of another authority" unreachable list a
options=(--ca ours.pem --cert client.pem --key client.key)
to=https://127.0.0.2:2379,https://localhost:2379 tool list a
has "a name of the certificate is as good as its address" "$out" "a 2 2 3"
options=(--ca missing.pem)
tool list a
has "a file that is missing is named" "$(<err)" "CA: open missing.pem: No such file or directory"
options=(--ca openssl.log)
tool list a
has "and one which is none" "$(<err)" "CA openssl.log: not what is expected of a file in PEM"
options=()
to=http://127.0.0.1:2379 tool list a
if [[ $out == failed* ]]; then ok "without TLS there is no answer"; else not_ok "without TLS there is no answer" <out; fi
etcd_end one
rm -rf "${scratch:?}/one"

# Users.
scheme=http
etcd_begin one
until_true 60 healthy one || { not_ok "etcd starts" <one.log; finish; }
options=(--user joe:secret)
has "a name where none is needed does no harm" "$(tool txn put=/apus/a=1; cat out)" done
options=()
{
    etcdctl user add root:top && etcdctl user add joe:secret && etcdctl role add ours &&
        etcdctl role grant-permission ours --prefix=true readwrite /apus/ && etcdctl user grant-role joe ours &&
        etcdctl user grant-role root root && etcdctl auth enable
} >auth.log 2>&1 || not_ok "users are made" <auth.log
fails "without a name nothing is told" "refused: the store refuses: http://127.0.0.1:2379: etcdserver: user name is empty" list /apus/
options=(--user joe:wrong)
fails "nor with a wrong password" "refused: the store refuses: http://127.0.0.1:2379: etcdserver: authentication failed" list /apus/
watching watch.out watch 0 /apus/
saw "a watch says so as well" watch.out "ended: the store refuses: http://127.0.0.1:2379: etcdserver: authentication failed"
options=(--user joe:secret)
tool list /apus/
has "with the right one there is an answer" "$out" "/apus/a 1"
fails "but not of what is not his" "refused: the store refuses: http://127.0.0.1:2379: etcdserver: permission denied" list /other/
fails "nor may he change it" refused txn put=/other/a=1
watching watch.out watch 0 /other/
saw "nor watch it" watch.out "permission denied"
watching watch.out watch 0 /apus/
sleep 1
tool txn put=/apus/b=2
saw "his own he may watch" watch.out "put /apus/b 2"
kill $watch

# A member that starts again knows no token any more.
mkfifo commands
"$STORE_TOOL" --endpoints "$(endpoints)" "${options[@]}" - <commands >tokens.out 2>tokens.err &
client=$!
exec 7>commands
echo "txn put=/apus/c=1" >&7
until_true 20 grep -q ^done tokens.out
etcd_end one
# Whoever is started now would hold the commands' pipe open for ever.
etcd_begin one 7>&-
until_true 60 curl -sf -m 2 http://127.0.0.1:2379/health >/dev/null
echo "txn absent=/apus/d put=/apus/d=1" >&7
until_true 20 bash -c '[ "$(wc -l <tokens.out)" -ge 2 ]'
same "a token that has gone is got anew" "$(awk '{ print $1 }' tokens.out | tr '\n' ' ')" "done done "
# Users who change make old tokens worthless, too.
etcdctl --user root:top user add another:x >/dev/null
echo "txn put=/apus/e=1" >&7
exec 7>&-
wait $client
same "also after users were changed" "$? $(awk 'END { print NR, $1 }' tokens.out)" "0 3 done"
finish
