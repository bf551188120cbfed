# shellcheck shell=bash
# What the suites of this folder share. A suite sources it, calls `begin`, makes its checks, and calls `finish`.
#
# RUNTIME is the program under test, REFERENCE the one it must behave like. A check is a piece of shell which runs in a process of
# its own with $runtime (a program), $side (a name, other for each run) and $work (an empty folder); its output and exit status count.
#
#   compare [-e STATUS] NAME SHELL   runs SHELL with both; output and status must be equal, and the reference's as expected
#   check NAME SHELL                 runs SHELL with ours alone; passes with status 0, its output is shown when it does not
#   skip NAME REASON
#
# With VERBOSE=1 every comparison shows what both said. With ONLY=PATTERN (extended) only what has a name that matches is done.
#
# What SHELL calls are functions: define them before and `export -f` them.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
RUNTIME=$(command -v "${RUNTIME:-$top/.build/release/apus-runtime}" || echo "$top/.build/release/apus-runtime")
RUNTIME=$(realpath -m "$RUNTIME")
REFERENCE=$(command -v "${REFERENCE:-runc}") || REFERENCE=
export RUNTIME REFERENCE here top
. "$top/Tests/Support/tap.sh"
limit=${CHECK_LIMIT:-60}

# begin NAME [ENCLOSURE...]: enters the enclosure, makes the suite's folder, remembers what is there already.
begin() {
    suite=$1
    shift
    if [ "$(id -u)" != 0 ]; then
        count=1
        echo "ok 1 - $suite # SKIP needs root" && echo "1..1"
        exit 0
    fi
    if [ -z "${ENCLOSED-}" ]; then exec "${@:-$top/Tests/Support/enclosure}" bash "$0"; fi
    [ -x "$RUNTIME" ] || { echo "not ok 1 - $suite: $RUNTIME is not a program" && echo "1..1"; exit 1; }
    scratch=$(mktemp -d /run/suite.XXXXXX)
    export scratch
    remember "$scratch/before"
}

finish() {
    if [ "${1-}" != without-leak-check ]; then leaks; fi
    finish_tap
}

# What changes from run to run: IDs, times, addresses of descriptors.
normalise() {
    tr -d '\000' | sed -E -e 's/\x1b\[[0-9;?]*[a-zA-Z]//g' -e 's/\r//g' -e 's/\^@//g' -e 's/\bUp (Less than|About|[0-9]).*( ago)?$/Up/' \
        -e 's/\b[0-9a-f]{64}\b/ID64/g' -e 's/\b[0-9a-f]{12}\b/ID12/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+( ?[+-][0-9]{4} UTC|Z|[+-][0-9:]+)?/TIME/g'
}

# run_side SIDE SHELL OUTPUT: the status is SHELL's; 124 when it took too long.
run_side() {
    local side=$1 runtime=$RUNTIME work status
    [[ $side == ours* ]] || runtime=$REFERENCE
    work=$(mktemp -d "$scratch/work.XXXXXX")
    # A working folder which is shared would hide that one of the two leaves something in it.
    (cd "$work" && side=$side runtime=$runtime work=$work timeout -k 5 "$limit" bash -uc "$2") >"$3" 2>"$3.err" </dev/null
    status=$?
    cd "$scratch" && rm -rf "$work"
    normalise <"$3" >"$3.normal"
    return $status
}

wanted() { [[ $1 =~ ${ONLY-} ]]; }

# Two programs are watched from outside on a machine that does other things, too: what differs is asked once more, and said.
compare() {
    local expected=0 want got
    if [ "$1" = -e ]; then expected=$2; shift 2; fi
    wanted "$1" || return 0
    run_side reference "$2" "$scratch/reference"; want=$?
    run_side ours "$2" "$scratch/ours"; got=$?
    if [ "$want" != "$expected" ] || [ "$got" != "$want" ] || ! diff -q "$scratch/reference.normal" "$scratch/ours.normal" >/dev/null; then
        echo "# asked again: $1"
        # Under names of its own: what the first try left must not answer the second.
        run_side reference-again "$2" "$scratch/reference"; want=$?
        run_side ours-again "$2" "$scratch/ours"; got=$?
    fi
    if [ "$want" != "$expected" ]; then
        not_ok "$1" < <(echo "the reference ends with $want, not $expected:"; tail -n 12 "$scratch/reference" "$scratch/reference.err")
    elif [ "$got" != "$want" ]; then
        not_ok "$1" < <(echo "status $got, not $want"; tail -n 12 "$scratch/ours" "$scratch/ours.err")
    elif ! diff -u --label reference --label ours "$scratch/reference.normal" "$scratch/ours.normal" >"$scratch/diff"; then
        not_ok "$1" <"$scratch/diff"
    else
        ok "$1"
    fi
    [ -z "${VERBOSE-}" ] || sed 's/^/# | /' "$scratch/reference.normal"
}

check() {
    local status
    wanted "$1" || return 0
    run_side ours "$2" "$scratch/ours"; status=$?
    if [ $status = 0 ]; then ok "$1"; else not_ok "$1" < <(echo "status $status"; tail -n 30 "$scratch/ours" "$scratch/ours.err"); fi
}

# Leftovers: everything a container may leave which was not there when the suite began. The enclosure hides all others'.

remember() {
    awk '{ print $5, $(NF - 2) }' /proc/self/mountinfo | sort >"$1.mounts"
    find /sys/fs/cgroup -mindepth 1 -type d 2>/dev/null | sort >"$1.cgroups"
    processes "$1.processes"
    # Compiled seccomp profiles stay on purpose: the next container needs them.
    find /run /dev/shm -mindepth 1 -path "$scratch" -prune -o -print 2>/dev/null |
        grep -vE '^/run/apus-runtime(/\.cache(/.*)?)?$' | sort >"$1.files"
}

# processes FILE: all of this pid namespace but the suite itself; the list is complete before anything else is started.
processes() {
    local all=(/proc/[0-9]*) folder words
    for folder in "${all[@]}"; do
        [ "${folder#/proc/}" != $$ ] && [ "${folder#/proc/}" != 1 ] || continue
        mapfile -d '' -t words 2>/dev/null <"$folder/cmdline" && [ ${#words[@]} -gt 0 ] || continue
        echo "${folder#/proc/} ${words[*]:0:6}"
    done >"$1.raw" 2>/dev/null
    sort "$1.raw" >"$1"
}

# leaks [ALLOWED]: one check for each kind; ALLOWED is a pattern (extended) of what a client leaves with every runtime.
leaks() {
    local kind allowed=${1:-nothing-is-allowed}
    # The kernel removes a dying cgroup a moment later; engines clean up after they have answered.
    sleep 1
    remember "$scratch/after"
    for kind in mounts cgroups processes files; do
        comm -13 "$scratch/before.$kind" "$scratch/after.$kind" | grep -vE "$allowed" >"$scratch/leaks"
        if [ -s "$scratch/leaks" ]; then not_ok "$suite leaves no $kind behind" <"$scratch/leaks"; else ok "$suite leaves no $kind behind"; fi
    done
}

# Bundles.

# busybox_root DIR: a root file system with Debian's static busybox, two users, and nothing more.
busybox_root() {
    local name
    mkdir -p "$1"/{bin,dev,etc,home/user,proc,root,sys,tmp,var}
    cp "$(command -v busybox)" "$1/bin/busybox"
    for name in $("$1/bin/busybox" --list); do [ "$name" = busybox ] || ln -sf busybox "$1/bin/$name"; done
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' >"$1/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\nextra:x:2000:user\n' >"$1/etc/group"
    chmod 1777 "$1/tmp"
    chown 1000:1000 "$1/home/user"
}

# bundle DIR [JQ-PROGRAM]: a bundle over the shared root file system, `runc spec`'s configuration changed by the jq program.
bundle() {
    mkdir -p "$1"
    [ -d "$scratch/rootfs" ] || busybox_root "$scratch/rootfs"
    [ -e "$scratch/spec/config.json" ] || { mkdir -p "$scratch/spec" && "$REFERENCE" spec --bundle "$scratch/spec"; }
    jq --arg root "$scratch/rootfs" ".root.path = \$root | .process.terminal = false | ${2:-.}" "$scratch/spec/config.json" >"$1/config.json"
}

# Containers of a check: state below its folder, cgroups named after its side.

# r COMMAND...: the runtime over a state directory of the check's own.
r() { "$runtime" --root "$work/state" "$@"; }
# made NAME [JQ]: a bundle in ./NAME.
made() { bundle "$work/$1" ".linux.cgroupsPath = \"/suite-$side-$1\" | ${2:-.}"; }
# sleeping NAME [JQ]: a running container which waits.
sleeping() { made "$1" ".process.args = [\"sleep\", \"100\"] | ${2:-.}" && r run -d -b "$1" "$1" </dev/null >/dev/null 2>&1; }
# run_args WORD...: the jq which makes the words the container's program.
run_args() { printf '.process.args = %s' "$(jq -cn '$ARGS.positional' --args -- "$@")"; }
# until_status NAME WORD: waits until the container is in that state.
until_status() {
    local _
    for _ in {1..100}; do [ "$(r state "$1" 2>/dev/null | jq -r .status)" = "$2" ] && return; sleep 0.05; done
    return 1
}
# until_there FILE: waits until a file is there.
until_there() {
    local _
    for _ in {1..100}; do [ -e "$1" ] && return; sleep 0.05; done
    return 1
}
# endpoint_tool: puts the receivers of Tests/Support/endpoint.c into $scratch and into every container of `made`; fails without a compiler.
endpoint_tool() {
    command -v gcc >/dev/null || return 1
    gcc -static -O1 -Wall -Wextra -Werror -o "$scratch/endpoint" "$top/Tests/Support/endpoint.c" || return 1
    bundle "$scratch/first" && cp "$scratch/endpoint" "$scratch/rootfs/bin/endpoint"
    export PATH=$scratch:$PATH
    remember "$scratch/before"
}
# manager SOCKET: a service manager, in the background; its output is ./heard, its pid $manager.
manager() { endpoint notify "$1" >heard 2>&1 & manager=$!; until [ -S "$1" ] || grep -q "${1#@}" /proc/net/unix; do sleep 0.02; done; }
export -f manager
export -f busybox_root bundle r made sleeping run_args until_status until_there
