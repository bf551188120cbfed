# shellcheck shell=bash
# What the suites of this folder share.
#
#   conform NAME ARGUMENT...      apus-conformance with the arguments passes; a case that is skipped has said why
#   plugin_folder FOLDER          a folder with our plugins and apus-netd, the address manager under both of its names
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
BUILD=$(realpath -m "${BUILD:-$top/.build/release}")
suite=$BUILD/apus-conformance
. "$top/Tests/Support/tap.sh"

begin() {
    if [ "$(id -u)" != 0 ]; then skip "$1" "needs root"; finish_tap; fi
    [ -x "$suite" ] || { echo "not ok 1 - $suite is not a program" && echo "1..1"; exit 1; }
    scratch=$(mktemp -d /tmp/conformance.XXXXXX)
    trap 'rm -rf "$scratch"' EXIT
    plugin_folder "$scratch/plugins"
}

plugin_folder() {
    local program
    mkdir -p "$1"
    # apus-netd is what dns and overlay need beside them.
    for program in "$top"/plugins/*/*/ apus-netd; do
        program=$BUILD/$(basename "$program")
        [ ! -x "$program" ] || cp "$program" "$1/"
    done
    [ ! -x "$1/ipam" ] || cp "$1/ipam" "$1/host-local"
}

conform() {
    local name=$1
    shift
    if "$suite" "$@" >"$scratch/out" 2>&1; then ok "$name: $(tail -n 1 "$scratch/out")"; else not_ok "$name" <"$scratch/out"; fi
}
