#!/bin/bash
# Pulling from docker-registry on loopback, from a server which misbehaves, and by skopeo.
. "$(dirname "$0")/lib.sh"
begin pull

for name in docker-registry skopeo; do
    command -v $name >/dev/null || { skip "pulling" "$name is not installed" && finish; }
done
export HOME=$scratch TMPDIR=$scratch
# until_true SECONDS COMMAND...
until_true() { local end=$((SECONDS + $1)); shift; until "$@" 2>/dev/null; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done; }
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

mkdir registry && cat >registry.yml <<END
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $scratch/registry}, delete: {enabled: true}}
http: {addr: "127.0.0.1:5000"}
END
docker-registry serve registry.yml >registry.log 2>&1 &
registry=$!
if ! until_true 60 listening 5000; then not_ok "the registry listens" <registry.log; finish; fi

mkdir a b && echo a >a/file && head -c 300000 /dev/urandom >b/big && layer a.tar -C a . && layer b.tar -C b .
GZIP=1 image oci web.image web:1 a.tar b.tar
push="skopeo --insecure-policy copy --quiet --dest-tls-verify=false"
$push oci-archive:web.image docker://localhost:5000/team/web:1 || not_ok "skopeo pushes" </dev/null

good "an image is pulled" pull localhost:5000/team/web:1
same "each blob is received once" "$(grep -c ^received out)" 3
id=$(tail -n 1 out | awk '{ print $1 }')
tool inspect localhost:5000/team/web:1
same "its files are there" "$(cmp b/big "$store/layers/$(jq -r '.chain[1]' out)/diff/big" && echo same)" same
digest=$(jq -r '.digests[0]' out)
same "it is known by the registry's digest, too" "${digest%%sha*}" "localhost:5000/team/web@"
good "pulling again" pull localhost:5000/team/web:1
same "receives nothing" "$(grep -c ^received out) $(grep -c ^present out)" "0 3"
rm -rf "$store"
good "it is pulled by digest" pull "$digest"
same "it is the same image" "$(tail -n 1 out | awk '{ print $1 }')" "$id"
same "and has no tag" "$(tool images; jq -c .tags out)" null
refused "an unknown tag" "MANIFEST_UNKNOWN" pull localhost:5000/team/web:2
refused "an unknown name" "status 404" pull localhost:5000/nobody/nothing
refused "a digest which is not there" "MANIFEST_UNKNOWN" pull "localhost:5000/team/web@sha256:$(printf '0%.0s' {1..64})"
refused "nobody listens" "Connection refused" pull 127.0.0.1:5999/web

# What the registry has is what skopeo pulls, too: the same way in after the transfer.
rm -rf "$store"
ip addr add 192.0.2.7/32 dev lo
sed 's/127.0.0.1:5000/192.0.2.7:5001/' registry.yml >second.yml && docker-registry serve second.yml >second.log 2>&1 &
second=$!
until_true 60 bash -c 'exec 3<>/dev/tcp/192.0.2.7/5001'
tool open
# skopeo asks for TLS, which nobody speaks here.
refused "another host is spoken to over TLS, by skopeo" "docker://192.0.2.7:5001/team/web:1" pull 192.0.2.7:5001/team/web:1
same "which says what it missed" "$(grep -c 'server gave HTTP response to HTTPS client' <<<"$err")" 1
good "declared insecure, it is spoken to without" pull 192.0.2.7:5001/team/web:1 --insecure 192.0.2.7:5001
same "it is the same image" "$(tail -n 1 out | awk '{ print $1 }')" "$id"
mkdir bin && for name in gzip sh; do ln -s "$(command -v $name)" bin; done
PATH=$scratch/bin /usr/bin/env "$IMAGE_TOOL" "$store" pull quay.example/web >out 2>err
same "without skopeo the error says what is missing" "$(grep -c "skopeo is needed to pull .*Debian's package skopeo" err)" 1
# The layout skopeo writes is loaded and gone afterwards: here it is made to speak plain HTTP by its own configuration.
mkdir -p .config/containers && printf '[[registry]]\nlocation = "192.0.2.7:5001"\ninsecure = true\n' >.config/containers/registries.conf
rm -rf "$store"
good "skopeo pulls what its configuration allows" pull 192.0.2.7:5001/team/web:1
same "it is the same image" "$(tail -n 1 out | awk '{ print $1 }')" "$id"
same "with its name and digest" "$(tool images; jq -c '[.tags, .digests] | length' out) $(jq -r '.tags[0]' out)" "2 192.0.2.7:5001/team/web:1"
same "nothing is left of the transfer" "$(ls "$store/incoming" | wc -l)" 0
rm -r .config
kill $second

# Several platforms.
PLATFORM=linux/arm64/v8 CMD=/arm image layout multi "" a.tar && PLATFORM=linux/amd64 CMD=/amd image layout multi "" b.tar
for blob in multi/blobs/sha256/*; do
    jq -e .layers "$blob" >/dev/null 2>&1 || continue
    jq -c --arg d "sha256:$(basename "$blob")" --argjson s "$(stat -c %s "$blob")" \
        '{mediaType:"application/vnd.oci.image.manifest.v1+json",digest:$d,size:$s,platform:{os:.os,architecture:.architecture}}' \
        "multi/blobs/sha256/$(jq -r '.config.digest[7:]' "$blob")"
done | jq -sc '{schemaVersion:2,mediaType:"application/vnd.oci.image.index.v1+json",manifests:.}' >list.json
list=$(sha256sum <list.json | cut -d ' ' -f 1) && cp list.json "multi/blobs/sha256/$list"
jq -nc --arg d "sha256:$list" --argjson s "$(stat -c %s list.json)" '{schemaVersion:2,manifests:[{mediaType:"application/vnd.oci.image.index.v1+json",digest:$d,size:$s}]}' >multi/index.json
$push --all oci:multi docker://localhost:5000/multi:1 2>log || not_ok "skopeo pushes a list" <log
good "of an index the platform is chosen" pull localhost:5000/multi:1 --platform linux/arm64
same "the right one" "$(tool inspect localhost:5000/multi:1; jq -r '.config.Cmd[0]' out)" /arm
good "the other one" pull localhost:5000/multi:1 --platform linux/amd64
same "takes the name" "$(tool inspect localhost:5000/multi:1; jq -r '.config.Cmd[0]' out)" /amd
refused "what there is not" "there are: " pull localhost:5000/multi:1 --platform linux/s390x

# A registry with lies and silence.
python3 "$here/liar.py" 5002 "$scratch/registry" 127.0.0.1:5000 >liar.log 2>&1 &
liar=$!
until_true 30 listening 5002 || not_ok "the liar listens" <liar.log
rm -rf "$store" && tool open
refused "it wants credentials" "wants credentials" pull localhost:5002/unauthorized/web:1
refused "a manifest is changed" "the manifest's digest is" pull localhost:5002/manifest/web:1
refused "a blob is changed" "its digest is" pull localhost:5002/blob/web:1
refused "a blob is too long" "it has more bytes" pull localhost:5002/long/web:1
refused "the connection is cut" "bytes too early" pull localhost:5002/cut/web:1
refused "it falls silent" "nothing came for 1 seconds" pull localhost:5002/silent/web:1 --patience 1
refused "it speaks no HTTP" "is no HTTP" pull localhost:5002/garbage/web:1
refused "the head never ends" "is no HTTP" pull localhost:5002/endless/web:1
refused "it redirects into the network" "it redirects to http://192.0.2.7:5001/" pull localhost:5002/outside/web:1
refused "it redirects to TLS" "it redirects to https://" pull localhost:5002/tls/web:1
refused "it redirects in a circle" "too many redirections" pull localhost:5002/circle/web:1
refused "two lengths" "no clear length" pull localhost:5002/smuggle/web:1
refused "a manifest of a gigabyte" "more than 4194304 bytes" pull localhost:5002/huge/web:1
good "chunks are read" pull localhost:5002/chunked/web:1
same "to the same image" "$(tail -n 1 out | awk '{ print $1 }')" "$id"
rm -rf "$store"
# Twenty megabytes for the three hundred thousand bytes of a blob; the limit is in seconds of processor.
ulimit -St 10
good "chunks of a byte each cost no more than what is sent" pull localhost:5002/crumbs/web:1
ulimit -St unlimited
rm -rf "$store"
good "a redirection to loopback is followed" pull localhost:5002/redirect/web:1
same "to the same image" "$(tail -n 1 out | awk '{ print $1 }')" "$id"
kill $registry $liar
finish
