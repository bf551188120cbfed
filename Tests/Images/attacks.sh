#!/bin/bash
# Layers which try to do harm: nothing outside of the store changes, nothing stays in it, and the error says what and where.
. "$(dirname "$0")/lib.sh"
begin attacks
export CANARY=$scratch/canary
passwd=$(stat -c '%i %h %Z %Y' /etc/passwd)

# attack NAME TEXT [OPTION VALUE...]: refused with TEXT, naming the archive.
attack() {
    local name=$1 text=$2
    shift 2
    hostile "$name" "$name.tar" && image docker20 "$name.image" evil:1 "$name.tar"
    refused "$name" "$text" load "$name.image" "$@"
    [[ $err == "$name.image, layer "* ]] || not_ok "$name names the archive" <<<"$err"
    [ ! -e "$store/layers" ] || [ -z "$(ls "$store/layers")" ] || not_ok "$name leaves no layer" < <(ls "$store/layers")
    # What one attack may have left is not counted against the next one.
    rm -rf "$name.tar" "$name.image" "$CANARY"
    [ -z "$(ls "$store/layers")" ] || tool prune --all yes
}
tool open
attack absolute "an absolute path"
attack up "a path with .. in it"
attack up-inside "a path with .. in it"
attack symlink "symbolic link, which is not followed"
attack symlink-relative "symbolic link, which is not followed"
attack symlink-directory "symbolic link, which is not followed"
attack symlink-chain "symbolic link, which is not followed"
attack hardlink-absolute "an absolute path"
attack hardlink-up "a path with .. in it"
attack hardlink-symlink "no earlier file of the layer"
attack hardlink-missing "no earlier file of the layer"
attack hardlink-directory "no earlier file of the layer"
attack whiteout-up "a whiteout of something that is no name"
attack whiteout-empty "a whiteout of something that is no name"
attack whiteout-device "character device 0:0"
attack nul "NUL byte"
attack long "a path of"
attack long-name "more than 255 bytes"
attack deep "a path of 513 names (at most 512)"
attack root-file "root is no directory"
attack negative "size is no number"
attack sparse "sparse files are not supported"
attack terabyte "the limit is"
attack parent-is-file "before is no directory"
attack entries "more than 1000 entries" --entries 1000
attack wide "paths of more than 2000000 bytes" --paths 2000000
attack bomb "more than 10485760 bytes together" --total 10485760
attack bomb "a file of 1048576 bytes; the limit is 1000000" --file 1000000

# A few bytes which unpack to many.

mkdir zeros && head -c 200M /dev/zero >zeros/file && layer zeros.tar -C zeros file && GZIP=1 image oci bomb.image bomb:1 zeros.tar
rm -r zeros zeros.tar
refused "a gzip bomb" "the limit is 10000000" load bomb.image --file 10000000
rm -f bomb.image

# What is harmless has to be taken, and its effect to be the right one.
accepted() {
    hostile "$1" "$1.tar" && image docker20 "$1.image" evil:1 "$1.tar" && good "$1 is loaded" load "$1.image"
    diff=$store/layers/$(sha256sum "$1.tar" | cut -d ' ' -f 1)/diff
}
accepted symlink-file
same "a file takes the place of a symbolic link" "$(stat -c %F "$diff/out") $(cat "$diff/out")" "regular file replaced"
accepted hardlink-to-symlink
same "and that of a link's second name" "$(stat -c %F "$diff/again") $(readlink "$diff/out")" "regular file $CANARY"
accepted duplicates
same "of entries with the same name the last one counts" "$(cd "$diff" && find a -printf '%p %m\n' | sort | xargs)" "a 700 a/c 644"
accepted opaque-attribute
same "attributes of overlayfs and of the host are dropped" \
    "$(getfattr -hd -m - "$diff/dir" 2>/dev/null | grep -v '^#' | grep .)" 'user.kept="1"'
same "nothing came to be outside" "$(ls -d "$CANARY" 2>/dev/null)" ""
same "/etc/passwd is as it was" "$(stat -c '%i %h %Z %Y' /etc/passwd)" "$passwd"
finish
