#!/bin/bash
# Labels of a security module, under a kernel of its own which has AppArmor on (user-mode-linux). A profile needs no compiler here: a
# new namespace of AppArmor's brings one which is called `unconfined`, and whoever has it is seen to be in that namespace.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -z "${IN_GUEST-}" ]; then
    count=1
    if [ "$(id -u)" != 0 ]; then echo "ok 1 - labels # SKIP needs root"; elif ! command -v linux.uml >/dev/null; then echo "ok 1 - labels # SKIP the package user-mode-linux is not installed"; else
        GUEST_PARAMETERS="security=apparmor apparmor=1" exec "$top/Tests/Support/v2-guest" env ENCLOSED=1 bash "$0"
    fi
    echo 1..1
    exit 0
fi

mount -t securityfs securityfs /sys/kernel/security
if ! mkdir /sys/kernel/security/apparmor/policy/namespaces/suite; then echo "not ok 1 - labels: this kernel has no AppArmor" && echo 1..1 && exit 1; fi
begin labels
# label NAME: what AppArmor has the container's first process under.
label() { cat "/proc/$(r state "$1" | jq .pid)/attr/apparmor/current"; }
# started NAME JQ: a container whose program runs.
started() { made "$1" ".process.args = [\"sleep\", \"100\"] | $2" && r run -d -b "$1" "$1" </dev/null >out 2>err; }
# trap_jq PLACE: the jq which mounts ./fake over PLACE; it holds what a label could be written to, whichever of the places it is.
trap_jq() {
    local name
    for name in . apparmor attr/apparmor {1,2,3,4,self,thread-self}/attr/apparmor; do mkdir -p "fake/$name" "fake/${name%apparmor}" && : >"fake/$name/exec" && : >"fake/${name%apparmor}exec"; done
    echo ".mounts += [{destination: \"$1\", type: \"bind\", source: \"$work/fake\", options: [\"rbind\", \"rw\"]}]"
}
untouched() { [ -z "$(find fake -type f -size +0)" ]; }
profile='.process.apparmorProfile = ":suite:unconfined"'
export profile
export -f label started trap_jq untouched

check "a profile takes effect with the program" 'started c "$profile" || { cat err; exit 1; }; label c | tee label; r delete -f c; grep -q suite label'
check "the process which waits for start has it not yet" 'made c "$(run_args true) | $profile"; r create -b c c </dev/null >out 2>err || cat err; label c | tee label; r delete -f c; [ "$(cat label)" = unconfined ]'
check "a profile which is not loaded is refused by create, and named" 'made c "$(run_args true) | .process.apparmorProfile = \"nosuch\""; r create -b c c </dev/null >out 2>err; s=$?; cat err; [ $s = 1 ] && [ "$(wc -l <err)" = 1 ] && grep -q "attr/apparmor/exec" err && [ -z "$(ls state)" ]'
check "exec has the container's profile, or the one of --apparmor" 'started c "$profile"; r exec -d --pid-file p c sleep 50; r exec -d --pid-file q --apparmor unconfined c sleep 50; cat /proc/$(cat p)/attr/apparmor/current | tee one; cat /proc/$(cat q)/attr/apparmor/current | tee two
    r exec --apparmor nosuch c true 2>err; s=$?; r delete -f c; cat err; [ $s = 255 ] && grep -q "attr/apparmor/exec" err && grep -q suite one && ! grep -q suite two'
for place in /proc /proc/1 /proc/1/attr /proc/1/attr/apparmor; do
    export place
    check "CVE-2019-16884: a volume over $place takes no label away" 's=0; started c "$profile | $(trap_jq $place)"; label c >label 2>&1; r delete -f c; cat err label; grep -q suite label || s=1; untouched || s=1
        made d "$(run_args true) | .process.apparmorProfile = \"nosuch\" | $(trap_jq $place)"; r run -b d d </dev/null >out 2>err && { echo "a profile that does not exist was taken"; s=1; }; cat err; untouched || s=1; exit $s'
done
check "CVE-2019-16884: nor by exec" 's=0; started c "$(trap_jq /proc)"; r exec -d --pid-file p --apparmor ":suite:unconfined" c sleep 50 2>err || { cat err; s=1; }; cat "/proc/$(cat p)/attr/apparmor/current" | tee label; r delete -f c; grep -q suite label || s=1; untouched && exit $s'
finish
