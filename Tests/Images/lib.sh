# shellcheck shell=bash
# What the suites of this folder share. A suite sources it, calls `begin NAME`, makes its checks, and calls `finish`.
#
# Everything happens in namespaces of the suite's own; stores are on a tmpfs. IMAGE_TOOL is the program under test.
#
#   tool ARGUMENT...                 runs it on the store $store; sets $out, $err and $code
#   good NAME ARGUMENT...            it has to end with 0
#   refused NAME TEXT ARGUMENT...    it has to end with 1 and TEXT in its error, and the store has to be as it was before
#   same NAME GOT WANT               two texts are equal
#   listing DIRECTORY                every file below: kind, mode, owner, size, links, device, time, attributes, content
#   layer OUT FILE...                a layer archive of files below the current directory, as GNU tar writes it
#   image SHAPE OUT NAME LAYER...    an image; the shapes are those of image.py
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
IMAGE_TOOL=$(realpath -m "${IMAGE_TOOL:-$top/.build/release/image-tool}")
export IMAGE_TOOL here top
. "$top/Tests/Support/tap.sh"

begin() {
    suite=$1
    if [ "$(id -u)" != 0 ]; then
        echo "ok 1 - $suite # SKIP needs root" && echo "1..1"
        exit 0
    fi
    if [ -z "${ENCLOSED-}" ]; then
        ENCLOSED=1 exec unshare --net --mount --pid --ipc --uts --fork --kill-child --mount-proc --propagation private bash "$0"
    fi
    [ -x "$IMAGE_TOOL" ] || { echo "not ok 1 - $suite: $IMAGE_TOOL is not a program" && echo "1..1"; exit 1; }
    umask 022
    ip link set lo up
    scratch=$(mktemp -d /tmp/images.XXXXXX)
    mount -t tmpfs -o mode=755 images "$scratch" || exit 2
    store=$scratch/store
    cd "$scratch" || exit 2
    trap 'cd /; umount -l "$scratch"; rmdir "$scratch"' EXIT
    export scratch store
}

finish() { finish_tap; }

tool() {
    timeout -k 1 120 "$IMAGE_TOOL" "$store" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
    out=$(<"$scratch/out") err=$(<"$scratch/err")
}

same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" < <(printf 'got:  %s\nwant: %s\n' "$2" "$3"); fi; }

good() {
    local name=$1
    shift
    tool "$@"
    if [ "$code" = 0 ]; then ok "$name"; else not_ok "$name" < <(echo "status $code"; echo "$err"); fi
}

contents() { (cd "$store" 2>/dev/null && find . -mindepth 1 ! -name '*.lock' ! -name lock ! -path './layers/*/diff/*' | sort); }

# What is refused changes nothing: not the store, and nothing outside of it (the canary stands for all the rest).
refused() {
    local name=$1 text=$2 before
    shift 2
    before=$(contents)
    tool "$@"
    if [ "$code" = 1 ] && [[ $err == *"$text"* ]] && [ "$before" = "$(contents)" ] && [ ! -e "$scratch/canary" ]; then
        ok "$name"
    else
        not_ok "$name" < <(
            echo "status $code, wanted an error with: $text"; echo "$err"; ls -d "$scratch/canary" 2>/dev/null
            diff <(echo "$before") <(contents))
    fi
}

layer() { local out=$1; shift; tar --format=pax --xattrs --xattrs-include='*' --pax-option=delete=atime,delete=ctime --numeric-owner -cf "$out" "$@"; }
image() { python3 "$here/image.py" "$@"; }
hostile() { python3 "$here/hostile.py" "$@"; }
id_of() { awk 'NR == 1 { print $1 }' "$scratch/out"; }

# Hard links as the smallest name of the same file; the time of a directory nobody wrote an entry for is not compared.
listing() {
    (cd "$1" && find . -printf '%y %m %U:%G %n %T@ %p -> %l\n' | sort -k 6)
    (cd "$1" && find . -type f -print0 | sort -z | xargs -0 -r sha256sum)
    (cd "$1" && find . \( -type c -o -type b \) -exec stat -c '%t:%T %n' {} + | sort)
    (cd "$1" && getfattr -Rhd -m '^(user|security.capability|trusted.overlay)' -e hex . 2>/dev/null)
    (cd "$1" && find . -type f -links +1 -printf '%i %p\n' | sort -k 2 | awk '{ if (!($1 in first)) first[$1] = $2; print first[$1], $2 }')
}
