#!/bin/bash
# Five hundred containers, eight at a time: created, started, entered, listed, deleted, and nothing left.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin stress
export CONTAINERS=${CONTAINERS:-500}
limit=600
bundle "$scratch/bundle" '.process.args = ["sleep", "1000"] | del(.linux.cgroupsPath)'
remember "$scratch/before"

r() { "$runtime" --root "$scratch/state" "$@"; }
# one N: the life of a container up to a process of its own inside; every step must succeed.
one() { r create -b "$scratch/bundle" "c$1" </dev/null >/dev/null 2>&1 && r start "c$1" && [ "$(r exec "c$1" echo inside)" = inside ] || echo "c$1"; }
gone() { r delete -f "c$1" || echo "c$1"; }
each() { seq 1 "$CONTAINERS" | xargs -P 8 -I N bash -uc "$1 N"; }
export -f r one gone each
export runtime=$RUNTIME

check "$CONTAINERS containers are created, started and entered, 8 at a time" 'export runtime; each one >failed; cat failed; [ ! -s failed ]'
check "list shows all of them, running" '[ "$(r list -q | wc -l)" = $CONTAINERS ] && [ "$(r list -f json | jq "map(select(.status == \"running\")) | length")" = $CONTAINERS ]'
check "list takes less than 50 ms of processor time" 'best=1000000; TIMEFORMAT="%3U %3S"; for i in 1 2 3 4 5 6 7 8 9 10; do t=$({ time r list >/dev/null; } 2>&1 | awk "{ print int(1000000 * (\$1 + \$2)) }"); [ $t -ge $best ] || best=$t; done
    echo "best of ten: $best us, with the start of the program" | tee "$scratch/list"; [ $best -gt 0 ] && [ $best -lt 50000 ]'
sed 's/^/# /' "$scratch/list" 2>/dev/null
check "all are deleted, 8 at a time" 'export runtime; each gone >failed; cat failed; [ ! -s failed ] && [ -z "$(r list -q)" ] && [ -z "$(find "$scratch/state" -mindepth 1 -maxdepth 1 -type d -name "c*")" ]'
check "of eight who create one ID at once, one wins" 'for i in 1 2 3 4 5 6 7 8; do r create -b "$scratch/bundle" same </dev/null >/dev/null 2>e$i && echo won >w$i & done; wait; ls w*; [ "$(cat w* | wc -l)" = 1 ] && [ "$(grep -l same e* | wc -l)" -ge 7 ]; s=$?; r delete -f same; exit $s'
leaks
finish without-leak-check
