#!/bin/bash
# Everything `load` takes: archives of Docker old and new, of skopeo, layout directories of umoci, compressed or not.
. "$(dirname "$0")/lib.sh"
begin load

mkdir -p files/etc files/bin && echo one >files/etc/file && ln -s file files/etc/link && install -m 4755 /bin/true files/bin/true
layer one.tar -C files .
mkdir second && echo two >second/file && layer two.tar -C second .

for shape in docker20 docker29 oci layout; do
    rm -rf "$store"
    image "$shape" "$shape.image" web:1 one.tar two.tar
    good "$shape is loaded" load "$shape.image" --name web:1
    same "$shape has its name" "$(tool images; jq -r '.tags[]' out)" web:1
    same "$shape has its layers" "$(cat "$store/layers/$(jq -r '.chain[1]' out)/diff/file")" two
done
id=$(tool images; jq -r .id out)

rm -rf "$store"
image layout tag.image v1 one.tar two.tar
good "a layout with a mere tag is loaded without a name" load tag.image
same "its name is none" "$(tool images; jq -c .tags out)" null

for packing in "gzip -c" "zstd -qc"; do
    rm -rf "$store"
    $packing <docker20.image >packed.tar
    good "an archive packed by $packing is loaded" load packed.tar
    same "it is the same image" "$(id_of)" "$id"
    rm -rf "$store"
    "$IMAGE_TOOL" "$store" load - <packed.tar >out 2>err
    same "and so it is from a file on standard input" "$(id_of)" "$id"
    rm -rf "$store"
    cat packed.tar | "$IMAGE_TOOL" "$store" load - >out 2>err
    same "and through a pipe" "$(id_of)" "$id"
    rm -rf "$store"
done
cat docker20.image | "$IMAGE_TOOL" "$store" load - >out 2>err
same "a plain archive is loaded through a pipe" "$(id_of)" "$id"

rm -rf "$store"
GZIP=1 image oci gzip.image web:gzip one.tar two.tar && good "layers packed by gzip are loaded" load gzip.image
ZSTD=1 image layout zstd.image web:zstd one.tar two.tar && good "layers packed by zstd are loaded" load zstd.image
same "however it is packed, a layer is unpacked once" "$(ls "$store/layers" | wc -l)" 2
mkdir nozstd && for name in gzip sh; do ln -s "$(command -v $name)" nozstd; done
rm -rf "$store"
PATH=$scratch/nozstd $(command -v env) "$IMAGE_TOOL" "$store" load zstd.image >out 2>err
same "without zstd the error names the package" "$(grep -c "zstd is needed to .*Debian's package zstd" err)" 1

# Symbolic links in an archive lead to another entry, as docker save writes a layer which it has already.
rm -rf "$store"
mkdir linked && tar -xf docker20.image -C linked
first=$(jq -r '.[0].Layers[0]' linked/manifest.json) second=$(jq -r '.[0].Layers[1]' linked/manifest.json)
mv "linked/$first" linked/one.tar && ln -s ../one.tar "linked/$first" && tar -cf linked.image -C linked .
good "a layer behind a symbolic link is loaded" load linked.image
same "it is the image it would be without" "$(id_of)" "$id"
rm "linked/$second" && ln -s /etc/passwd "linked/$second" && tar -cf evil.image -C linked .
refused "a link to a file of the machine leads nowhere" "manifest.json names it, and it is missing" load evil.image
ln -sfn "$(basename "$second")" "linked/$second" && tar -cf loop.image -C linked .
refused "nor does one to itself" "manifest.json names it, and it is missing" load loop.image

# The real tools.
if command -v skopeo >/dev/null && command -v umoci >/dev/null; then
    export HOME=$scratch TMPDIR=$scratch
    umoci init --layout umoci && umoci new --image umoci:first && umoci insert --image umoci:first "$scratch/files" /files 2>log
    umoci config --image umoci:first --config.env A=b --config.cmd /files/bin/true 2>>log
    skopeo="skopeo --insecure-policy copy --quiet"
    rm -rf "$store"
    good "umoci's layout is loaded" load umoci --name umoci:first
    first=$(id_of)
    $skopeo oci:umoci:first docker-archive:skopeo-docker.tar:web:2 && good "skopeo's docker-archive is loaded" load skopeo-docker.tar
    same "it has the name skopeo gave it" "$(tool inspect web:2; jq -r '.tags[0]' out)" web:2
    $skopeo oci:umoci:first oci-archive:skopeo-oci.tar:localhost/web:3 && good "skopeo's oci-archive is loaded" load skopeo-oci.tar
    same "the image is the same" "$(tool inspect localhost/web:3; jq -r .id out)" "$first"
    $skopeo oci:umoci:first dir:skopeo-dir && refused "skopeo's dir is no layout" "manifest.json: expected array" load skopeo-dir ||
        skip "skopeo's dir" "skopeo cannot write it"
    good "an image is saved" save saved.tar umoci:first web:2
    same "skopeo reads what was saved as Docker would" \
        "$(skopeo inspect --config docker-archive:saved.tar:umoci:first 2>&1 | jq -r '.config.Env[]')" \
        "$(skopeo inspect --config oci:umoci:first | jq -r '.config.Env[]')"
    $skopeo oci-archive:saved.tar:first oci:again:x 2>log
    mkdir saved && tar -xf saved.tar -C saved
    same "skopeo reads it as a layout" "$(skopeo inspect --config oci:saved:first 2>&1 | jq -r '.config.Cmd[0]')" /files/bin/true
    umoci raw unpack --image saved:first umoci-root 2>log
    same "umoci unpacks it" "$(cat umoci-root/files/etc/file 2>&1)" one
else
    skip "skopeo and umoci" "not installed"
fi
cp "$scratch/out" last 2>/dev/null
rm -rf "$store"
good "what was saved is loaded again" load saved.tar
same "with all its names" "$(tool images; jq -r '.tags[]' out | sort | xargs)" "umoci:first web:2"
good "saving twice" save again.tar umoci:first web:2
same "gives the same bytes" "$(sha256sum <again.tar)" "$(tool save third.tar umoci:first web:2; sha256sum <third.tar)"

# Platforms.
rm -rf "$store" multi
PLATFORM=linux/arm64/v8 CMD=/arm image layout multi "" one.tar && PLATFORM=linux/amd64 CMD=/amd image layout multi "" one.tar
entry() { # the manifest of the image that runs $1, as an entry for the platform $2
    local blob
    for blob in multi/blobs/sha256/*; do
        jq -e '.layers' "$blob" >/dev/null 2>&1 || continue
        [ "$(jq -r '.config.Cmd[0]' "multi/blobs/sha256/$(jq -r '.config.digest[7:]' "$blob")")" = "$1" ] || continue
        jq -nc --arg d "sha256:$(basename "$blob")" --argjson s "$(stat -c %s "$blob")" --arg p "$2" \
            '{mediaType:"application/vnd.oci.image.manifest.v1+json",digest:$d,size:$s,platform:{os:"linux",architecture:$p}}'
    done
}
jq -nc --argjson a "$(entry /arm arm64)" --argjson b "$(entry /amd amd64)" '{schemaVersion:2,manifests:[$a,$b]}' >list.json
cp list.json multi/index.json
good "of two platforms one is loaded" load multi --platform linux/amd64
same "the right one" "$(tool images; jq -r '.config.Cmd[0]' out)" /amd
good "the other one is loaded when it is asked for" load multi --platform linux/arm64
refused "what there is not is refused with what there is" "there are: linux/arm64, linux/amd64" load multi --platform linux/s390x
digest=$(sha256sum <list.json | cut -d ' ' -f 1) && cp list.json "multi/blobs/sha256/$digest"
jq -nc --arg d "sha256:$digest" --argjson s "$(stat -c %s list.json)" \
    '{schemaVersion:2,manifests:[{mediaType:"application/vnd.oci.image.index.v1+json",digest:$d,size:$s,annotations:{"org.opencontainers.image.ref.name":"multi:1"}}]}' >multi/index.json
good "an index in an index is followed" load multi --platform linux/amd64
same "it has the name of the outer one" "$(tool inspect multi:1; jq -r '.config.Cmd[0]' out)" /amd

# What is wrong with an archive.
rm -rf "$store"
tool open
refused "a missing file" "No such file" load nothing.tar
refused "a root file system" "a root file system is imported, not loaded" load one.tar
echo text >text && refused "what is no archive" "truncated" load text
: >empty && refused "an empty file" "truncated" load empty
CUT=12000 image docker20 cut.image web:1 one.tar && refused "a truncated archive" "truncated" load cut.image
gzip -c docker20.image | head -c 2000 >cut.gz && refused "a truncated gzip" "cannot be unpacked" load cut.gz
DIFFID=0 image docker29 wrong.image web:1 one.tar && refused "a wrong diff_id" "its diff_id is" load wrong.image
DIGEST=1 image oci wrong.image web:1 one.tar && refused "a wrong digest in an archive" "its digest is" load wrong.image
DIGEST=1 image layout wrong.layout web:1 one.tar && refused "a wrong digest in a layout" "its digest is" load wrong.layout
SIZE=5 image oci wrong.image web:1 one.tar && refused "a wrong size" "are announced" load wrong.image
image layout missing.layout web:1 one.tar && rm "missing.layout/blobs/sha256/$(sha256sum one.tar | cut -d ' ' -f 1)"
refused "a missing blob" "it is missing" load missing.layout
image layout outside web:1 one.tar && blob=outside/blobs/sha256/$(sha256sum one.tar | cut -d ' ' -f 1) && ln -sfn "$scratch/one.tar" "$blob"
refused "a blob of a layout which leads outside" "it leads out of the directory" load outside
image docker20 name.image "Bad Name" one.tar && refused "a bad name" "invalid reference" load name.image
finish
