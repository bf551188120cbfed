#!/bin/bash
# Health checks: what they find, what counts, and that nothing of them stays when the container ends.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin health
root=$scratch/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev}
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true false sleep echo cat touch rm test yes head; do ln -sf busybox "$root/bin/$name"; done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
image box || exit 1
image checked '.config.Healthcheck = {Test: ["CMD", "test", "-e", "/tmp/well"], Interval: 300000000, Retries: 2}' || exit 1

# checked NAME FLAG...: a container that sleeps, on the image with a check unless IMAGE says otherwise.
checked() { local name=$1; shift; apus run -d --network none --name "$name" "$@" "${IMAGE:-box}" sleep 1000 >/dev/null; }
health() { apus inspect "$1" | jq -r ".[0].State.Health.${2:-Status}"; }
# A busy machine takes its time.
eventually() { local _; for _ in {1..400}; do eval "$1" && return; sleep 0.05; done; echo "not within twenty seconds: $1"; return 1; }
# watchers NAME: the processes which check the container.
watchers() {
    local id folder
    id=$(apus inspect -f '{{.Id}}' "$1")
    for folder in /proc/[0-9]*; do tr '\0' ' ' <"$folder/cmdline" 2>/dev/null | grep -q "health-watch .*$id" && echo "${folder#/proc/}"; done
    true
}
all_watchers() { grep -lz health-watch /proc/[0-9]*/cmdline 2>/dev/null; true; }
programs() { apus exec "$1" sh -c 'cat /proc/[0-9]*/cmdline | tr "\0" " "'; }
export -f checked health eventually watchers all_watchers programs

check "a check that succeeds: starting, then healthy, in ps, inspect and events" '
    since=$(date +%s.%N); checked well --health-cmd "echo fine" --health-interval 300ms || exit
    same "$(apus ps --format "{{.Status}}" -f name=well | grep -o "(.*)")" "(health: starting)" && same "$(health well)" starting || exit
    eventually "[ \$(health well) = healthy ]" && apus ps --format "{{.Status}}" | grep -q "^Up .* (healthy)$" || exit
    same "$(health well "Log[-1] | \"\(.ExitCode) \(.Output)\"")" "0 fine" && same "$(health well FailingStreak)" 0 || exit
    [[ $(health well "Log[-1].Start") < $(health well "Log[-1].End") ]] || exit
    same "$(apus events --since $since --until $(date +%s.%N) -f event=health_status --format "{{.Action}}")" "health_status: healthy"'
check "only the last five checks are kept" 'eventually "[ \"\$(health well \"Log | length\")\" = 5 ]"; sleep 0.8; same "$(health well "Log | length")" 5'
check "the filter health" '
    same "$(apus ps -q -f health=healthy | wc -l) $(apus ps -q -f health=unhealthy | wc -l) $(apus ps -q -f health=none | wc -l)" "1 0 0"'
check "one process checks a container, outside of its cgroup" '
    same "$(watchers well | wc -l)" 1 && ! grep -q "apus-$(apus inspect -f "{{.Id}}" well)" "/proc/$(watchers well)/cgroup"'
check "stop: no process, no file, no health" '
    apus stop -t 0 well >/dev/null && soon "[ -z \"\$(all_watchers)\" ]" && same "$(health well)" null && same "$(ls "$APUS_RUN/containers")" ""'
check "a restart begins anew" '
    apus start well >/dev/null && same "$(health well) $(health well "Log | length")" "starting 0" && eventually "[ \$(health well) = healthy ]" && same "$(watchers well | wc -l)" 1
    apus restart -t 0 well >/dev/null && same "$(health well)" starting && eventually "[ \$(watchers well | wc -l) = 1 ]"; code=$?; apus rm -f well >/dev/null; soon "[ -z \"\$(all_watchers)\" ]" && exit $code'
check "the image says what is checked; unhealthy after the retries, and healthy again at once" '
    # Each look is one moment: below the two retries it is starting, from then on it is not.
    IMAGE=checked checked ill; for _ in {1..400}; do seen=$(apus inspect ill | jq -r ".[0].State.Health | \"\(.Status) \(.FailingStreak)\""); [[ $seen =~ ^(starting [01]|unhealthy [0-9]+)$ ]] || { echo "$seen"; exit 1; }; [[ $seen == starting* ]] || break; done
    eventually "[ \$(health ill) = unhealthy ]" && apus ps --format "{{.Status}}" | grep -q "(unhealthy)$" && same "$(apus ps -q -f health=unhealthy | wc -l)" 1 || exit
    [ "$(health ill FailingStreak)" -ge 2 ] && apus exec ill touch /tmp/well && eventually "[ \$(health ill) = healthy ]" && same "$(health ill FailingStreak)" 0'
check "healthcheck run: once, with an exit code" '
    apus healthcheck run ill || exit; apus exec ill rm /tmp/well; same "$(apus healthcheck run ill >/dev/null; echo $?)" 1 || exit
    checked plain && same "$(apus healthcheck run plain 2>said; echo $?)" 125 && grep -q "has no defined healthcheck" said && same "$(health plain)" null || exit
    apus stop -t 0 plain >/dev/null; same "$(apus healthcheck run ill >/dev/null; echo $?)" 1 && apus rm -f ill plain >/dev/null'
check "--no-healthcheck, and what the flags change of the image" '
    IMAGE=checked checked none --no-healthcheck && same "$(health none) $(all_watchers)" "null " || exit
    IMAGE=checked checked flags --health-cmd true && eventually "[ \$(health flags) = healthy ]" && apus rm -f none flags >/dev/null'
check "a check that takes too long is killed with all it started" '
    checked slow --health-cmd "sleep 777 & echo begun; sleep 888" --health-interval 200ms --health-timeout 400ms --health-retries 1 && eventually "[ \$(health slow) = unhealthy ]" || exit
    same "$(health slow "Log[-1].ExitCode")" -1 && [[ $(health slow "Log[-1].Output") == "Health check exceeded timeout (0.4s): begun"* ]] || { health slow Log; exit 1; }
    eventually "! programs slow | grep -qE \"sleep (777|888)\""; code=$?; apus rm -f slow >/dev/null; exit $code'
check "a check that cannot be made counts as a failure, and says why" '
    checked odd --health-cmd x --health-interval 100ms --health-retries 1 >/dev/null; apus rm -f odd >/dev/null
    apus run -d --network none --name odd --health-interval 100ms checked sleep 1000 >/dev/null; apus exec odd rm -f /bin/test; eventually "[ \"\$(health odd \"Log[-1].ExitCode\")\" = -1 ]" && health odd "Log[-1].Output" | grep -q "test"; code=$?; apus rm -f odd >/dev/null; exit $code'
check "no more than 4096 bytes of output are kept, however many come" '
    checked loud --health-cmd "yes 0123456789 | head -c 5000000" --health-interval 200ms && eventually "[ \$(health loud) = healthy ]" && same "$(health loud "Log[-1].Output | length")" 4096; code=$?; apus rm -f loud >/dev/null; exit $code'
check "failures in the start period do not count" '
    checked young --health-cmd false --health-interval 100ms --health-start-interval 100ms --health-retries 1 --health-start-period 2500ms || exit
    eventually "[ \"\$(health young \"Log | length\")\" -ge 2 ]" && same "$(health young) $(health young FailingStreak)" "starting 0" && eventually "[ \$(health young) = unhealthy ]"; code=$?; apus rm -f young >/dev/null; exit $code'
check "a pause counts as nothing" '
    checked frozen --health-cmd "sleep 0.2" --health-interval 100ms --health-timeout 300ms --health-retries 1 && eventually "[ \$(health frozen) = healthy ]" && apus pause frozen >/dev/null || exit
    sleep 0.6; before=$(health frozen "Log[-1].End"); sleep 1; same "$(health frozen "Log[-1].End") $(health frozen)" "$before healthy" || exit
    apus ps | grep -q "(Paused)" && apus unpause frozen >/dev/null && eventually "[ \"\$(health frozen \"Log[-1].End\")\" != \"$before\" ]" && same "$(health frozen)" healthy; code=$?; apus rm -f frozen >/dev/null; exit $code'
check "kill -9 of what checks: system check tells, the repair brings it back" '
    checked lost --health-cmd true --health-interval 100ms && eventually "[ \$(health lost) = healthy ]" && apus system check >/dev/null || exit
    kill -9 $(watchers lost); soon "[ -z \"\$(watchers lost)\" ]"; apus system check >found && exit 1; grep -q "container lost: nobody makes its health checks" found || { cat found; exit 1; }
    apus system check --repair >/dev/null && same "$(watchers lost | wc -l)" 1 && apus system check --repair >/dev/null && same "$(watchers lost | wc -l)" 1 || exit
    before=$(health lost "Log[-1].End"); eventually "[ \"\$(health lost \"Log[-1].End\")\" != \"$before\" ]"; code=$?; apus rm -f lost >/dev/null; exit $code'
for runtime in runc crun; do
    command -v $runtime >/dev/null || { skip "$runtime makes the checks" "$runtime is not installed"; continue; }
    check "$runtime makes the checks, and what takes too long is killed" "
        checked with --runtime $runtime --health-cmd 'echo fine' --health-interval 200ms && eventually '[ \$(health with) = healthy ]' && same \"\$(health with 'Log[-1].Output')\" fine && apus rm -f with >/dev/null || exit
        checked slow --runtime $runtime --health-cmd 'sleep 777 & sleep 888' --health-interval 200ms --health-timeout 500ms --health-retries 1 && eventually '[ \$(health slow) = unhealthy ]' && apus pause slow >/dev/null || exit
        sleep 1; apus unpause slow >/dev/null; eventually '! programs slow | grep -qE \"sleep (777|888)\"'; code=\$?; apus rm -f slow >/dev/null; exit \$code"
done
check "a container that ends during a check" '
    checked short --health-cmd "sleep 600" --health-interval 100ms && eventually "programs short | grep -q \"sleep 600\"" && apus kill short >/dev/null && soon "[ -z \"\$(all_watchers)\" ]" && same "$(apus wait short)" 137 && apus rm short >/dev/null'
check "wrong numbers are refused" '
    for flag in --health-retries=-1 --health-interval=x --health-timeout=-3s; do apus create $flag box true 2>said && exit 1; grep -q "health-" said || exit; done; same "$(apus ps -aq)" ""'
check "nothing checks any more" 'soon "[ -z \"\$(all_watchers)\" ]" && same "$(apus ps -aq)" "" && same "$(ls "$APUS_RUN/containers" 2>/dev/null)" ""'
finish
