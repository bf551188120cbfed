#!/bin/bash
# What is left when a step of create, exec or delete fails, or when the runtime is killed at it: nothing that delete --force does not remove.
#
# strace makes the n-th call of one kind fail with ENOMEM, or kills the process at it, for n from 1 until there is no n-th call any more.
# A failure must be told in one line; afterwards `delete --force` must leave no state, no cgroup and no process.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin faults

# traced CALL N FAULT COMMAND...: the runtime with a fault. Answers 0, or the runtime's code; `injected` says whether it came to it.
traced() {
    local call=$1 n=$2 fault=$3
    shift 3
    timeout -k 2 20 strace -D -f -qq -o "$work/trace" -e "trace=$call" -e "inject=$call:$fault:when=$n" \
        "$runtime" --root "$work/state" "$@" </dev/null >"$work/out" 2>"$work/err"
}
injected() { grep -qE 'INJECTED|killed by SIGKILL' "$work/trace"; }
# gone NAME: tells what is left of a container.
gone() {
    local _ left
    for _ in {1..40}; do
        left=$(ls -d "$work/state/$1" /sys/fs/cgroup/*/suite-faults-"$1" /sys/fs/cgroup/suite-faults-"$1" 2>/dev/null; pgrep -fx "sleep 4242")
        [ -z "$left" ] && return 0
        sleep 0.05
    done
    echo "left: $left"
    return 1
}
# one_line: an error is told once, with the kernel's reason.
one_line() { [ "$(wc -l <"$work/err")" = 1 ] || { echo "not one line:"; cat "$work/err"; return 1; }; }
made() { bundle "$work/c" '.linux.cgroupsPath = "/suite-faults-c" | .process.args = ["sleep", "4242"] | .linux.resources.pids = {limit: 50} | .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 512, hard: 512}]'; }
# sweep OPERATION FAULT CALL: every n of one call.
sweep() {
    local n status
    for n in 1 2 3 4 5 6 8 11 15 20 30; do
        case $1 in
        create) NOTIFY_SOCKET=/nowhere traced "$3" "$n" "$2" create -b "$work/c" c; status=$? ;;
        start)
            export NOTIFY_SOCKET=$work/m
            r create -b "$work/c" c </dev/null >/dev/null 2>&1 || { echo "create before start failed"; return 1; }
            traced "$3" "$n" "$2" start c; status=$? ;;
        exec)
            r run -d -b "$work/c" c </dev/null >/dev/null 2>&1 || { echo "run before exec failed"; return 1; }
            traced "$3" "$n" "$2" exec c true; status=$? ;;
        delete)
            r run -d -b "$work/c" c </dev/null >/dev/null 2>&1 || { echo "run before delete failed"; return 1; }
            traced "$3" "$n" "$2" delete --force c; status=$? ;;
        esac
        [ "$status" != 124 ] || { echo "$1 hangs at $3 $n"; r delete -f c; return 1; }
        if [ "$2" = error=ENOMEM ] && [ "$status" != 0 ] && [ "$status" -lt 128 ]; then one_line || { echo "($1, $3 $n)"; return 1; }; fi
        r delete --force c >"$work/deleted" 2>&1 || { echo "delete --force after $1, $3 $n:"; cat "$work/deleted"; return 1; }
        gone c || { echo "(after $1, $3 $n)"; return 1; }
        injected || return 0
        echo "$1 $2 $3 $n" >>"$scratch/injections"
    done
}
export -f traced injected gone one_line made sweep

creating=(mkdir mkdirat mkfifoat mknodat openat openat2 write renameat2 socketpair clone3 mount open_tree move_mount mount_setattr
    pivot_root umount2 fchdir sethostname setsid symlinkat prlimit64 sendto recvfrom flock prctl unlinkat)
executing=(openat write socketpair clone3 setns setsid recvfrom pidfd_open capset execve prctl)
starting=(openat write poll flock socket connect bind unlinkat recvfrom sendto pidfd_open)
deleting=(flock openat pidfd_send_signal pidfd_open rmdir unlinkat unlink poll)
if ! command -v strace >/dev/null; then
    skip "faults" "strace is not installed"
    finish
fi
for call in "${creating[@]}"; do
    check "create fails at $call: one line, nothing left" "made; sweep create error=ENOMEM $call"
    check "create is killed at $call: delete --force removes everything" "made; sweep create signal=KILL $call"
done
# With the way of readiness: a program which says that it is ready, and somebody to tell.
notified='made; manager "$work/m"; jq ".process.args = [\"sh\", \"-c\", \"endpoint say \$NOTIFY_SOCKET READY=1; exec sleep 4242\"]" c/config.json >new && mv new c/config.json'
if endpoint_tool; then
    for call in "${starting[@]}"; do
        check "start fails at $call: one line, nothing left" "$notified; sweep start error=ENOMEM $call; s=\$?; kill \$manager; exit \$s"
        check "start is killed at $call: delete --force removes everything" "$notified; sweep start signal=KILL $call; s=\$?; kill \$manager; exit \$s"
    done
else
    skip "start" "gcc is not installed"
fi
for call in "${executing[@]}"; do
    check "exec fails at $call: one line, the container goes on until it is deleted" "made; sweep exec error=ENOMEM $call"
    check "exec is killed at $call: nothing of it stays" "made; sweep exec signal=KILL $call"
done
for call in "${deleting[@]}"; do
    check "delete fails at $call and can be done again" "made; sweep delete error=ENOMEM $call"
    check "delete is killed at $call and can be done again" "made; sweep delete signal=KILL $call"
done
check "the faults really happened" 'wc -l <"$scratch/injections"; [ "$(wc -l <"$scratch/injections")" -gt 150 ]'
check "two creates of one ID: one wins, the other says so" 'made; for i in 1 2 3 4 5 6; do (r create -b c c </dev/null >/dev/null 2>err.$i; echo $? >code.$i) & done; wait
    [ "$(grep -lx 0 code.* | wc -l)" = 1 ] && [ "$(cat err.* | grep -c "already exists")" = 5 ]; s=$?; r delete -f c; gone c && exit $s'
check "a created container holds its standard streams and its fifo, and nothing else" 'made; exec 7</etc/passwd 8</; r create -b c c </dev/null >/dev/null 2>&1; pid=$(r state c | jq .pid)
    for fd in /proc/$pid/fd/*; do [ "${fd##*/}" -le 2 ] || readlink $fd; done >fds; cat fds; [ "$(cat fds)" = "$work/state/c/exec.fifo" ]; s=$?; r delete -f c; exit $s'
finish
