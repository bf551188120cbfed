#!/bin/bash
# Names, IDs, removing and pruning; and what happens to a store that was damaged.
. "$(dirname "$0")/lib.sh"
begin store

mkdir a b c && echo a >a/file && echo b >b/file && echo c >c/file
for name in a b c; do layer $name.tar -C $name .; done
image docker20 one.image web:1 a.tar b.tar && good "an image" load one.image
one=$(id_of)
image docker20 two.image web:2 a.tar c.tar && good "and another one" load two.image
two=$(id_of)
same "share a layer" "$(ls "$store/layers" | wc -l)" 3
same "both are listed" "$(tool images; jq -r '[.id[:12], .tags[0]] | join(" ")' out | sort | xargs)" \
    "$(printf '%s web:1\n%s web:2\n' "${one:0:12}" "${two:0:12}" | sort | xargs)"

good "a further name" tag web:1 localhost:5000/team/web
same "is there" "$(tool inspect "${one:0:8}"; jq -c .tags out)" '["localhost:5000/team/web:latest","web:1"]'
refused "a name of nothing" "no such image: nothing" tag nothing x
refused "a typo says what is wrong" "invalid reference \"Web:1\"" inspect Web:1
refused "an ID with several names" "has several names: localhost:5000/team/web:latest, web:1" remove "$one"
good "one of several names is removed" remove localhost:5000/team/web
same "and nothing else" "$out" $'untagged localhost:5000/team/web:latest\nfreed 0'
refused "an image in use" "image web:1 is used by container c1" remove web:1 --user "$one=container c1"
refused "one in use by a running container, by force" "is used by container c1" remove web:1 --running "$one=container c1" --force yes
good "by force the name of one in use goes" remove web:1 --user "$one=container c1" --force yes
same "its files stay" "$(ls "$store/layers" | wc -l) $(tool images; jq -c 'select(.id == "'"$one"'") | .tags' out)" "3 null"
good "pruning leaves what is used" prune --user "$one=container c1"
same "that is all of it" "$(ls "$store/layers" | wc -l)" 3
good "and takes what is not" prune
same "with all it had alone" "$(ls "$store/layers" | wc -l) $(head -n 1 out)" "2 deleted sha256:$one"
good "an image is loaded again" load one.image
image docker20 new.image web:1 c.tar && good "a name that moves to another image" load new.image
same "leaves the first without one" "$(tool images; jq -c 'select(.id == "'"$one"'") | .tags' out)" null
good "which pruning takes" prune
same "and no other" "$(tool images; jq -r '.tags[0]' out | sort | xargs)" "web:1 web:2"
good "all that nobody uses is pruned when it is asked for" prune --all yes
same "nothing is left" "$(find "$store/blobs/sha256" "$store/layers" "$store/incoming" -mindepth 1 | wc -l)" 0

# Import.
tar -cf root.tar -C a . && good "a root file system is imported" import root.tar --name mine
same "its layer is that archive" "$(tool inspect mine; jq -r '.chain[0]' out)" "$(sha256sum root.tar | cut -d ' ' -f 1)"
same "it has a command" "$(jq -c .config out)" '{"Cmd":["/bin/sh"]}'
gzip -k root.tar && good "the same packed" import root.tar.gz --name mine2
same "is the same image" "$(tool images; jq -r .id out | sort -u | wc -l)" 1
head -c 1000 root.tar >cut.tar && refused "a truncated one is refused" "truncated" import cut.tar --name cut

# Damage.
good "an image to damage" load two.image
layer=$store/blobs/sha256/$(sha256sum c.tar | cut -d ' ' -f 1)
printf x | dd of="$layer" bs=1 seek=600 conv=notrunc 2>/dev/null
refused "a damaged blob is not saved" "the stored blob is damaged" save out.tar web:2
same "and leaves no archive" "$(ls out.tar* 2>&1 | grep -c 'No such')" 1
good "loading again" load two.image
good "makes it good" save out.tar web:2
rm -r "$store/layers/"*
mkdir -p c1/upper c1/work c1/root
good "layers that have gone are unpacked again" mount web:2 "$scratch/c1/upper" "$scratch/c1/work" "$scratch/c1/root"
same "and mounted" "$(cat c1/root/file)" c
umount c1/root
manifest=$store/blobs/sha256/$(tool inspect web:2; jq -r .manifest out)
echo '{}' >"$manifest"
refused "a damaged manifest is told of" "load or pull its image again" save x.tar web:2
rm -rf "$store"
image layout none.image none:1 && good "an image without layers" load none.image
good "is mounted" mount none:1 "$scratch/c1/upper" "$scratch/c1/work" "$scratch/c1/root"
umount c1/root
finish
