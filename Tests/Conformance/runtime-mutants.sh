#!/bin/bash
# Runtimes which break one rule each: the case for that rule has to fail. A suite that misses one of them checks less than it says.
#
# A mutant is a script in front of a runtime, ours where $MUTATED_RUNTIME names no other. It has the operation in $op, the container in $id,
# the bundle of create in $bundle, and says
#   run, pass         calls the runtime, or calls it and ends as it does
#   on OP             whether the operation is OP
#   edit FILTER       changes config.json with jq before create
#   answer FILTER     changes what state prints with jq, and ends
# shellcheck disable=SC2016 # the bodies are scripts of their own
. "$(dirname "$0")/lib.sh"
begin runtime-mutants
command -v jq >/dev/null || { skip runtime-mutants "jq is not in PATH"; finish_tap; }
reference=${MUTATED_RUNTIME:-$BUILD/apus-runtime}
mkdir "$scratch/mutants"
cp "$(command -v "$reference")" "$scratch/mutants/reference"

words() {
    cat <<END
#!/bin/sh
real=$scratch/mutants/reference
op=\$1 bundle= previous= last= second=\$2
for word in "\$@"; do [ "\$previous" != --bundle ] || bundle=\$word; previous=\$word last=\$word; done
id=\$last
[ "\$op" != kill ] || id=\$second
run() { "\$real" "\$@"; }
on() { [ "\$op" = "\$1" ]; }
edit() {
    on create && [ -f "\$bundle/config.json" ] || return 0
    new=\$(jq "\$1" "\$bundle/config.json" 2>/dev/null) && [ -n "\$new" ] && printf '%s' "\$new" >"\$bundle/config.json"
}
answer() { on state || return 0; out=\$(run "\$@" 2>/dev/null) || exit; shift \$#; printf '%s' "\$out" | jq "\$filter"; exit; }
END
}

number=0
# mutant NAME CASE BODY [PART]
mutant() {
    local program=$scratch/mutants/runtime-$((number += 1))
    { words; printf '%s\nexec "$real" "$@"\n' "$3"; } >"$program"
    chmod +x "$program"
    "$suite" "${4:-runtime}" --runtime "$program" --level may --case "$2" >"$scratch/out" 2>&1
    if [ $? = 1 ] && grep -q "FAILED  $2" "$scratch/out"; then ok "$2 catches: $1"; else not_ok "$2 misses: $1" <"$scratch/out"; fi
    cases+=("$2")
}
cases=()
state() { mutant "$1" "$2" "filter='$3'; answer \"\$@\""; }
config() { mutant "$1" "$2" "edit '$3'"; }

# What it answers.
mutant "every error ends with 0" oci.state.unknown 'run "$@"; exit 0'
mutant "state of nobody is made up" oci.state.unknown 'on state && { run "$@" || echo "{\"id\": \"$id\", \"status\": \"stopped\"}"; exit 0; }'
state "state without a pid" oci.state.created 'del(.pid)'
state "state with the pid of somebody else" oci.state.pid '.pid = 1'
state "a created container is called running" oci.state.created 'if .status == "created" then .status = "running" else . end'
state "a stopped container is called running" oci.state.stopped '.status = "running"'
state "the pid is a string" oci.state.schema '.pid |= tostring'
state "state without annotations" oci.state.annotations 'del(.annotations)'
state "the bundle is relative" oci.state.bundle '.bundle = "bundle"'
state "state of another container" oci.state.identity '.id = "x" + .id'
state "state without a version" oci.state.version '.ociVersion = "new"'

# The operations.
mutant "create starts, too" oci.create.waits 'on create && { run "$@" && run start "$id"; exit; }'
mutant "create replaces who has the ID" oci.create.taken 'on create && run delete --force "$id" >/dev/null 2>&1'
mutant "create that fails leaves a mount" oci.create.undone 'on create && { run "$@"; code=$?; [ $code = 0 ] || mount -t tmpfs left /tmp/conformance/bundle; exit $code; }'
mutant "config.json is read again by start" oci.create.updates 'on start && { run delete --force "$id"; run create --bundle /tmp/conformance/bundle "$id" && run start "$id"; exit; }'
mutant "start of a running container is no error" oci.start.running 'on start && { run "$@"; exit 0; }'
mutant "start does nothing" oci.start.runs 'on start && exit 0'
mutant "kill of a stopped container is no error" oci.kill.stopped 'on kill && { run "$@"; exit 0; }'
mutant "kill knows one signal" oci.kill.sends-TERM 'on kill && { run kill "$id" KILL; exit; }'
mutant "kill does nothing" oci.kill.running 'on kill && exit 0'
mutant "delete ends a running container" oci.delete.running 'on delete && { run delete --force "$id"; exit; }'
mutant "delete does nothing" oci.delete.unknown-after 'on delete && [ "$second" != --force ] && exit 0'
mutant "delete takes a bind mount'\''s files along" oci.delete.others 'on delete && rm -f /tmp/conformance/shared/keep'
mutant "delete leaves a cgroup" oci.delete.cgroups 'on delete && [ "$second" != --force ] && { run "$@"; mkdir -p "/sys/fs/cgroup/pids$(jq -r .linux.cgroupsPath /tmp/conformance/bundle/config.json)"; exit 0; }'
mutant "delete leaves a file" oci.delete.files 'on delete && { run "$@"; code=$?; mkdir -p /run/left; : >"/run/left/$id"; exit $code; }'

# The process.
config "the user is root" oci.user.uid '.process.user.uid = 0'
config "no additional groups" oci.user.groups 'del(.process.user.additionalGids)'
config "the umask is ignored" oci.user.umask 'del(.process.user.umask)'
config "one more variable" oci.process.env '.process.env += ["MORE=1"]'
config "one more argument" oci.process.args '.process.args += ["more"]'
config "the working directory is /" oci.process.cwd '.process.cwd = "/"'
config "a relative working directory is taken" oci.process.cwd-relative '.process.cwd = "/"'
config "limits are ignored" oci.rlimits.NOFILE 'del(.process.rlimits)'
config "of two equal limits one is taken" oci.rlimits.duplicates '.process.rlimits |= unique_by(.type)'
config "the oom score is ignored" oci.oom-score.set 'del(.process.oomScoreAdj)'
config "one more capability" oci.capabilities.sets '.process.capabilities.bounding += ["CAP_MKNOD"]'
config "no_new_privs is never set" oci.no-new-privileges.on 'del(.process.noNewPrivileges)'
config "the console has its own size" oci.terminal.size 'del(.process.consoleSize)'
config "the nice value is the caller'\''s" oci.scheduler.unset 'del(.process.scheduler)'
config "a deadline is ignored" oci.scheduler.deadline 'del(.process.scheduler)'
config "a priority beyond 7 is 7" oci.io-priority.range '.process.ioPriority.priority |= ([., 7] | min | [., 0] | max)'
mutant "a descriptor is left open" oci.descriptors.three 'on create && { shift; exec 3</etc; exec "$real" create --preserve-fds 1 "$@"; }'

# The root and its mounts.
config "a read-only root can be written" oci.root.readonly '.root.readonly = false'
config "no root is the conventional one" oci.root.none '.root //= {path: "rootfs"}'
config "mounts are made in another order" oci.mounts.order '.mounts |= (.[:3] + (.[3:] | reverse))'
config "bind mounts are never read-only" oci.mount-option.bind-ro '.mounts |= map(if .options then .options -= ["ro"] else . end)'
config "options of file systems are dropped" oci.mounts.data '.mounts |= map(if .options then .options -= ["nr_inodes=77"] else . end)'
config "masked paths are ignored" oci.masked.file 'del(.linux.maskedPaths)'
config "read-only paths are ignored" oci.readonly.directory 'del(.linux.readonlyPaths)'
config "masked paths begin at the root" oci.masked.relative '.linux.maskedPaths |= map("/" + .)'
config "read-only paths begin at the root" oci.readonly.relative '.linux.readonlyPaths |= map("/" + .)'
config "groups are mapped like users" oci.idmap.one '.mounts |= map(if .uidMappings then .gidMappings = .uidMappings else . end)'
config "devices are ignored" oci.devices.character 'del(.linux.devices)'
config "the propagation is private" oci.rootfs-propagation.shared '.linux.rootfsPropagation = "private"'

# Hooks.
config "hooks are skipped" oci.hooks.createRuntime.when 'del(.hooks)'
config "poststop hooks are skipped" oci.hooks.poststop.when 'del(.hooks.poststop)'
config "hooks are called backwards" oci.hooks.list-order '.hooks |= map_values(reverse)'
config "hooks are called early" oci.hooks.poststart.when '.hooks = {createRuntime: .hooks.poststart}'
config "a hook gets no arguments" oci.hooks.args '.hooks |= map_values(map(.args = ["hook", .args[1]]))'
mutant "a hook that fails is no error" oci.hooks.createRuntime.failure 'on create && { run "$@" && exit; edit "del(.hooks)"; }'
config "a hook may take its time" oci.hooks.timeout '.hooks |= map_values(map(del(.timeout)))'

# Names, values, namespaces, the kernel's settings.
config "the hostname is the host's" oci.hostname.set 'del(.hostname)'
config "any version is taken" oci.version.no-semver '.ociVersion = "1.0.2"'
config "unknown properties are refused" oci.properties.unknown 'if .nonsense then .process = 1 else . end'
config "no uts namespace" oci.namespaces.new-uts '.linux.namespaces |= map(select(.type != "uts")) | del(.hostname)'
config "namespaces are new whatever their path" oci.namespaces.path-uts '.linux.namespaces |= map(del(.path))'
config "a namespace that is there twice is taken" oci.namespaces.duplicate '.linux.namespaces |= unique_by(.type)'
config "users are mapped elsewhere" oci.mappings.maps '.linux.uidMappings |= map(.hostID += 1)'
config "sysctls are ignored" oci.sysctl.ipc 'del(.linux.sysctl)'
config "limits of memory are ignored" oci.resources.memory.limit 'del(.linux.resources)'
config "cgroups have a place of their own" oci.cgroups-path.absolute '.linux.cgroupsPath += "-elsewhere"'
config "seccomp is ignored" oci.seccomp.errno 'del(.linux.seccomp)'
config "the error number is always EPERM" oci.seccomp.errno-given '.linux.seccomp.syscalls |= map(del(.errnoRet))'
mutant "features from another specification" oci.features.known 'on features && { run "$@" | jq ".mine = true"; exit; }'
mutant "features promise a hook that is never called" oci.features.hooks 'on features && exec "$real" "$@"; edit "del(.hooks.poststop)"'
mutant "features promise a policy nobody knows" oci.features.memory-policy 'on features && { run "$@" | jq ".linux.memoryPolicy.modes += [\"MPOL_NONSENSE\"]"; exit; }'

# Where cgroups of version 2 are the only ones.
apus_conformance=$suite
enclosed() { "$top/Tests/Support/enclosure" -2 "$apus_conformance" "$@"; }
suite=enclosed
config "the cgroup stays the host'\''s" oci.cgroup-owner.given '.mounts |= map(if .type == "cgroup" then .options = ["ro"] else . end)'
config "the cgroup is given away behind a read-only mount" oci.cgroup-owner.read-only '.mounts |= map(if .type == "cgroup" then .options = ["rw"] else . end)'
config "the cgroup is given away without a namespace" oci.cgroup-owner.shared '.linux.namespaces += [{type: "cgroup"}]'
suite=$apus_conformance

# Attacks.
mutant "a link at /proc is put right" attack.link-proc-inside 'on create && rm -f "$bundle/rootfs/proc"' security
mutant "exec is root" attack.exec-user 'on exec && { shift 3; exec "$real" exec "$@"; }' security
mutant "exec leaves a descriptor open" attack.exec-descriptors 'on exec && { shift; exec 3</etc; exec "$real" exec --preserve-fds 1 "$@"; }' security
mutant "the image's passwd is read" attack.passwd-pipe 'on create && [ -p "$bundle/rootfs/etc/passwd" ] && cat "$bundle/rootfs/etc/passwd"' security
mutant "an ID is a path" attack.id 'on delete && [ "$second" = --force ] && rm -rf "/run/state/$id"; on create && mkdir -p /run/state/a' security
mutant "the root of a program is the host's" attack.cwd-descriptor 'edit ".root.path = \"/\" | .process.args[0] = \"/tmp/conformance/bundle/rootfs/probe\" | .process.cwd = \"/\""' security

# Without its defect the script in front of the runtime changes nothing.
printf '%s\nexec "$real" "$@"\n' "$(words)" >"$scratch/mutants/none"
chmod +x "$scratch/mutants/none"
wanted=() attacks=()
for case in "${cases[@]}"; do case $case in attack.*) attacks+=(--case "$case") ;; *) wanted+=(--case "$case") ;; esac; done
conform "without a defect nothing is found" runtime --runtime "$scratch/mutants/none" "${wanted[@]}"
conform "without a defect no attack succeeds" security --runtime "$scratch/mutants/none" "${attacks[@]}"
finish_tap
