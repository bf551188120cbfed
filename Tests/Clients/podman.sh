#!/bin/bash
# Debian's podman over the runtime: every command must end and print as it does with the reference.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin podman
command -v podman conmon >/dev/null || { skip "podman" "podman or conmon is not installed"; finish without-leak-check; }

. "$here/podman.bash"
podman_home none
podman pod create --help >/dev/null

# p COMMAND...: podman over the runtime of this side. run: in the foreground, removed, from the image.
p() { podman --runtime "${side%-again}" "$@"; }
run() { p run --rm "$@"; }
# d NAME FLAGS... -- COMMAND...: a container in the background.
d() { local name=$1; shift; p run -d --name "$name" "$@" >/dev/null; }
gone() { p rm -f -t 0 "$@" >/dev/null 2>&1; }
# What podman says when it fails, without the parts in which a runtime's own words differ.
words() { sed -E -e "s/^Error: (reference|ours)/Error: RUNTIME/" -e "s/OCI runtime error: .*/OCI runtime error/" -e "s,\`[^\`]*\`,PROGRAM,g"; }
# typed COMMAND...: in a terminal.
typed() { script -qec "$(printf '%q ' "$@")" /dev/null </dev/null; }
export -f p run d gone words typed
remember "$scratch/before"

# run, and what it ends with.
compare "run prints" 'run busybox echo hello'
compare "run passes the exit code on" 'run busybox sh -c "exit 42"; echo $?'
compare "run passes standard input on" 'echo input | run -i busybox cat'
compare "run keeps standard output and standard error apart" 'run busybox sh -c "echo out; echo err >&2" 2>err; cat err'
compare "a program which does not exist gives 127" 'run busybox /nowhere 2>err; echo $?; grep -c "No such file" err; run busybox nowhere 2>err; echo $?; cut -d: -f 1,2 err | words'
compare "a program which cannot be executed gives 126" 'run busybox /etc/passwd 2>err; echo $?; grep -ci "permission denied" err; run busybox /etc 2>err; echo $?; words <err | cut -d: -f 1,2'
compare "a program ended by a signal gives 128 + signal" 'run busybox sh -c "kill -KILL \$\$"; echo $?; run busybox sh -c "kill -TERM \$\$; sleep 1"; echo $?; p run --name k busybox sh -c "kill -9 \$\$"; p inspect -f "{{.State.ExitCode}} {{.State.OOMKilled}}" k; gone k'
compare "a working directory which does not exist is made; a file as one is refused" 'run -w /new/dir busybox pwd; run -w /etc/passwd busybox pwd 2>/dev/null; echo $?'
compare "run -it has a terminal" 'typed podman --runtime ${side%-again} run --rm -it busybox sh -c "tty; test -t 0 && echo terminal"; echo $?'
compare "run -it of a shell which is typed into" 'n=t$side; tmux -L $n -f /dev/null new-session -d -x 100 -y 30 "podman --runtime ${side%-again} run --rm -it --name tty$side busybox sh"; for i in $(seq 50); do tmux -L $n capture-pane -p | grep -q "/ #" && break; sleep 0.1; done
    tmux -L $n send-keys "stty size; echo \$((6*7)); exit 5" Enter; sleep 1; tmux -L $n capture-pane -p 2>/dev/null | grep -E "^(30 100|42)$"; tmux -L $n kill-server 2>/dev/null; gone tty$side; true'
compare "environment, entry point, host name, labels" 'run -e A=1 --env B=2 --hostname box --entrypoint sh busybox -c "echo \$A \$B; hostname; cat /etc/hostname"'
compare "run --init" 'if [ -x /usr/libexec/podman/catatonit ] || command -v catatonit >/dev/null; then run --init busybox ps; else echo none; fi'
compare "run -d, ps, logs, wait, rm" 'd c busybox sh -c "echo line; exit 3"; p wait c; p logs c; p ps -a --filter name=c --format "{{.Names}} {{.Image}} {{.Command}}"; p rm c'
compare "logs with time, tail and follow" 'd c busybox sh -c "for i in 1 2 3 4; do echo line \$i; sleep 0.2; done"; p logs -f c; p logs --tail 2 c; p logs -t c | wc -l; gone c'
compare "create and start apart, attached" 'p create --name c busybox sh -c "echo created; exit 6" >/dev/null; p ps -a --format "{{.Names}} {{.State}}"; p start -a c; echo $?; gone c'
compare "a container can be started again" 'p run --name c busybox sh -c "date +%s >>/tmp/n; wc -l </tmp/n"; p start -a c; p start -a c; gone c'
compare "restart" 'd c busybox sleep 100; a=$(p inspect -f "{{.State.Pid}}" c); p restart -t 0 c >/dev/null; b=$(p inspect -f "{{.State.Pid}}" c); [ $a != $b ] && p ps --format "{{.Names}} {{.State}}"; gone c'

# exec.
compare "exec prints and passes the exit code on" 'd c busybox sleep 100; p exec c echo hi; p exec c sh -c "exit 9"; echo $?; echo in | p exec -i c cat; gone c'
compare "exec of what is not there gives 127, of what cannot be executed 126" 'd c busybox sleep 100; p exec c /nowhere 2>err; echo $?; cut -d: -f 1,2 err | words; p exec c nowhere 2>err; echo $?; p exec c /etc/passwd 2>err; echo $?; cut -d: -f 1,2 err | words; p exec -w /nowhere c true 2>/dev/null; echo $?; gone c'
compare "exec -it has a terminal" 'd c busybox sleep 100; typed podman --runtime ${side%-again} exec -it c sh -c "tty; test -t 1 && echo terminal; exit 4"; echo $?; gone c'
compare "exec --user --workdir --env --privileged" 'd c busybox sleep 100; p exec -u user c id; p exec -u 1000:2000 c id; p exec -w /tmp c pwd; p exec -e A=b c sh -c "echo \$A"; p exec --privileged c grep CapEff /proc/self/status; p exec c grep CapEff /proc/self/status; gone c'
compare "exec -d" 'd c busybox sleep 100; p exec -d c sh -c "echo done >/tmp/f; sleep 50"; sleep 0.7; p exec c cat /tmp/f; p top c args | sort; gone c'
compare "exec with --preserve-fds" 'd c busybox sleep 100; echo three >f; p exec --preserve-fds 1 c cat /proc/self/fd/3 3<f; gone c'

# stop, kill, rm, pause.
compare "stop: TERM, then KILL" 'd c busybox sh -c "trap \"echo term; exit 7\" TERM; while :; do sleep 0.1; done"; sleep 0.4; p stop c; p inspect -f "{{.State.ExitCode}}" c; p logs c; gone c; d e busybox sh -c "trap : TERM; while :; do sleep 0.1; done"; p stop -t 1 e >/dev/null 2>&1; p inspect -f "{{.State.ExitCode}}" e; gone e'
compare "kill with a signal" 'd c busybox sleep 100; p kill c; p wait c; d e busybox sh -c "trap \"exit 8\" USR1; while :; do sleep 0.1; done"; sleep 0.4; p kill -s USR1 e; p wait e; p kill e 2>/dev/null; echo $?; gone c e'
compare "143 after TERM" 'd c --init=false busybox sh -c "sleep 100 & wait"; sleep 0.2; p exec c sh -c "kill -TERM -1"; d e --stop-signal KILL busybox sleep 100; p stop e; p inspect -f "{{.State.ExitCode}}" e; run --entrypoint "" busybox sh -c "sh -c \"kill -TERM \\\$\\\$\"; exit \$?"; echo $?; gone c e'
compare "rm -f of a running container" 'd c busybox sleep 100; p rm -f -t 0 c; p ps -aq | wc -l'
compare "rm of a running container is refused" 'd c busybox sleep 100; p rm c 2>/dev/null; echo $?; gone c'
compare "pause and unpause" 'd c busybox sleep 100; p pause c; p ps --format "{{.Names}} {{.State}}"; p exec c true 2>/dev/null; echo $?; p unpause c; p ps --format "{{.Names}} {{.State}}"; p exec c echo again; gone c'
compare "rm -f of a paused container" 'd c busybox sleep 100; p pause c >/dev/null; p rm -f -t 0 c; p ps -aq | wc -l'

# Limits.
cg() { p exec c cat "/sys/fs/cgroup/$1" 2>/dev/null || p exec c cat "/sys/fs/cgroup/$2"; }
export -f cg
compare "memory, cpu and pids limits" 'd c --memory 64m --cpus 0.5 --cpu-shares 512 --pids-limit 33 busybox sleep 100; cg memory/memory.limit_in_bytes memory.max; cg cpu/cpu.cfs_quota_us cpu.max; cg pids/pids.max pids.max; gone c'
compare "update --memory" 'd c --memory 64m busybox sleep 100; p update --memory 96m c >/dev/null; echo $?; cg memory/memory.limit_in_bytes memory.max; p update --cpus 0.25 --pids-limit 44 c >/dev/null; cg cpu/cpu.cfs_quota_us cpu.max; gone c'
compare "a memory limit kills" 'p run --name c --memory 20m --memory-swap 20m busybox sh -c "head -c 200000000 /dev/zero | tail" >/dev/null 2>&1; echo $?; gone c'
compare "a pids limit stops fork" 'run --pids-limit 5 busybox sh -c "for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait" 2>/dev/null; echo $?'
compare "ulimits" 'run --ulimit nofile=123:456 --ulimit nproc=500:500 --ulimit core=0 busybox sh -c "ulimit -n; ulimit -Hn; ulimit -c"'
compare "top and stats" 'd c busybox sleep 100; p top c | awk "{print \$1, \$2, \$3, \$NF}"; p top c pid user args; p stats --no-stream --format "{{.Name}} {{.PIDS}}" c; p stats --no-stream --format json c | jq -c ".[0] | [keys, .name, .pids]"; gone c'

# What the container sees.
compare "volumes: bind, read-only, named, anonymous" 'mkdir d; echo data >d/f; run -v $work/d:/mnt busybox sh -c "cat /mnt/f; echo new >/mnt/g"; cat d/g; run -v $work/d:/mnt:ro busybox sh -c "echo x >/mnt/f" 2>/dev/null; echo $?
    run -v named:/data busybox sh -c "echo kept >/data/f"; run -v named:/data busybox cat /data/f; p volume rm named; run -v /anonymous busybox sh -c "touch /anonymous/x && echo ok"'
compare "volumes: :U changes the owner, propagation, options" 'mkdir d; touch d/f; run -v $work/d:/mnt:U --user 1000 busybox sh -c "touch /mnt/g && ls -ln /mnt | awk \"{print \\\$3, \\\$9}\""; run -v $work/d:/mnt:noexec,nosuid,rshared busybox sh -c "grep /mnt /proc/self/mountinfo | cut -d \" \" -f 6; grep -c \"/mnt .*shared\" /proc/self/mountinfo"'
compare "tmpfs and --mount" 'run --tmpfs /t:size=1m,mode=700 busybox sh -c "df -k /t | tail -n 1 | awk \"{print \\\$2}\"; stat -c %a /t"; mkdir d; echo a >d/f; run --mount type=bind,src=$work/d,dst=/m,ro busybox sh -c "cat /m/f; touch /m/g" 2>/dev/null; echo $?; run --mount type=tmpfs,dst=/t2,tmpfs-size=2m busybox sh -c "df -k /t2 | tail -n 1 | awk \"{print \\\$2}\""'
compare "tmpfs takes over what the image has there" 'run --tmpfs /home busybox ls -ln /home | awk "{print \$1, \$3, \$9}"; run --mount type=tmpfs,dst=/etc,notmpcopyup busybox ls /etc | grep -v -e host -e resolv -e mtab; true'
compare "--user, --group-add, --umask" 'run --user user busybox id; run --user 1234:5678 busybox id; run --user user --group-add 3000 busybox id; run --umask 0077 busybox sh -c "umask"'
compare "capabilities" 'for f in "--cap-drop all" "--cap-drop chown" "--cap-add sys_admin" "--cap-drop all --cap-add net_raw" "--user user" "--user user --cap-add net_raw" --privileged; do run $f busybox grep Cap /proc/self/status; done'
compare "--read-only" 'run --read-only busybox sh -c "touch /x; echo \$?; touch /tmp/x; echo \$?; touch /run/x; echo \$?" 2>/dev/null; run --read-only --read-only-tmpfs=false busybox sh -c "touch /tmp/x; echo \$?" 2>/dev/null'
compare "--sysctl" 'run --sysctl net.ipv4.ip_forward=1 --sysctl kernel.shmmax=1234567 busybox cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax; run --ipc host --sysctl kernel.shmmax=1 busybox true 2>/dev/null; echo $?'
compare "--device" 'run --device /dev/full:/dev/other:r busybox sh -c "ls -l /dev/other | cut -c 1-10; head -c 1 /dev/other | wc -c; echo x >/dev/other; echo \$?" 2>/dev/null; run --device /dev/nowhere busybox true 2>/dev/null; echo $?'
compare "--privileged sees the devices" 'run --privileged busybox sh -c "test -e /dev/kmsg; echo \$?; grep -c \" /sys ro\" /proc/self/mounts; touch /proc/sys/kernel/domainname; echo \$?"'
compare "namespaces of the host, of another container" 'd c --hostname shared busybox sleep 100; run --pid container:c busybox ps | grep -c "sleep 100"; run --uts host busybox hostname; run --ipc host busybox readlink /proc/self/ns/ipc | grep -c "$(readlink /proc/self/ns/ipc)"; run --network host busybox readlink /proc/self/ns/net | grep -c "$(readlink /proc/self/ns/net)"; run --network container:c busybox readlink /proc/self/ns/net | grep -c "$(p exec c readlink /proc/self/ns/net)"; run --pid host busybox sh -c "kill -0 1 && echo sees"; gone c'
compare "--cgroupns" 'run --cgroupns private busybox sh -c "grep -c :/$ /proc/self/cgroup"; run --cgroupns host busybox sh -c "grep -c libpod /proc/self/cgroup"'
compare "--shm-size, --oom-score-adj, --timezone" 'run --shm-size 2m busybox sh -c "df -k /dev/shm | tail -n 1 | awk \"{print \\\$2}\""; run --oom-score-adj 77 busybox cat /proc/self/oom_score_adj'
compare "masked and read-only paths, --security-opt mask and unmask" 'run busybox sh -c "cat /proc/keys | wc -c; echo 1 >/proc/sysrq-trigger; echo \$?; ls /sys/firmware | wc -l" 2>/dev/null; run --security-opt mask=/home busybox ls /home | wc -l; run --security-opt unmask=all busybox sh -c "grep -c /proc/keys /proc/self/mountinfo; true"'

# Security options.
export profile=$scratch/seccomp.json
echo '{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"], "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}' >"$profile"
compare "seccomp: a file, the default, unconfined" 'run --security-opt seccomp=$profile busybox mkdir /a 2>&1; echo $?; run busybox sh -c "mkdir /a; echo \$?; grep Seccomp: /proc/self/status; unshare -m true; echo \$?" 2>/dev/null; run --security-opt seccomp=unconfined busybox grep Seccomp: /proc/self/status'
compare "seccomp: KILL ends the program with SIGSYS" 'sed s/SCMP_ACT_ERRNO/SCMP_ACT_KILL/ $profile | jq "del(.syscalls[].errnoRet)" >k.json; run --security-opt seccomp=k.json busybox mkdir /a; echo $?'
compare "seccomp: a broken profile is refused" 'echo "{" >bad.json; run --security-opt seccomp=bad.json busybox true 2>/dev/null; echo $?; p ps -aq | wc -l'
compare "no-new-privileges" 'run --security-opt no-new-privileges busybox grep NoNewPrivs /proc/self/status; run busybox grep NoNewPrivs /proc/self/status'
compare "user namespaces: --uidmap, --userns" 'run --uidmap 0:100000:65536 --gidmap 0:100000:65536 busybox sh -c "id; cat /proc/self/uid_map; touch /x && ls -ln /x | cut -c 1-20; ls -ldn /proc/self | awk \"{print \\\$3}\""; run --userns host busybox cat /proc/self/uid_map'
compare "user namespaces: exec, volumes with :U, --user" 'mkdir d; chmod 777 d; d c --uidmap 0:100000:65536 -v $work/d:/m:U busybox sleep 100; p exec c sh -c "id -u; touch /m/f; ls -ln /m | awk \"{print \\\$3}\""; p exec -u 1000 c cat /proc/self/uid_map; gone c; stat -c %u d/f'

# Life around containers.
compare "healthcheck" 'd c --health-cmd "test -e /tmp/well" --health-interval disable busybox sleep 100; p healthcheck run c; echo $?; p exec c touch /tmp/well; p healthcheck run c; echo $?; p inspect -f "{{.State.Healthcheck.Status}}" c; gone c'
compare "pods share namespaces" 'p pod create --name pod --infra-image busybox --infra-command "sleep 1000" --share net,ipc,uts --hostname podhost >/dev/null; p run -d --pod pod --name a busybox sleep 100 >/dev/null; p run --rm --pod pod busybox hostname; [ "$(p exec a readlink /proc/self/ns/ipc)" = "$(p run --rm --pod pod busybox readlink /proc/self/ns/ipc)" ]; echo $?
    p pod ps --format "{{.Name}} {{.Status}} {{.NumberOfContainers}}"; p pod pause pod >/dev/null; p ps --format "{{.State}}" | sort | uniq -c; p pod unpause pod >/dev/null; p pod stop -t 0 pod >/dev/null; p pod start pod >/dev/null; echo $?; p pod rm -f -t 0 pod >/dev/null; p ps -aq | wc -l'
compare "pods share a pid namespace" 'p pod create --name pod --infra-image busybox --infra-command "sleep 1000" --share pid >/dev/null; p run -d --pod pod --name a busybox sleep 123 >/dev/null; p run --rm --pod pod busybox ps | grep -c -e "sleep 1000" -e "sleep 123"; p pod rm -f -t 0 pod >/dev/null; echo $?'
compare "pods without an infra container" 'p pod create --name pod --infra=false >/dev/null; p run --rm --pod pod busybox echo in a pod; p pod rm -f pod >/dev/null; echo $?'
compare "build with RUN" 'printf "FROM busybox\nRUN echo built >/f && id -u\nUSER user\nRUN id -un\nCMD cat /f\n" >Containerfile; p build -q -t built-$side . >/dev/null 2>err || tail -n 3 err; run built-$side; p rmi -f built-$side >/dev/null'
compare "cp, diff, commit, export" 'd c busybox sh -c "echo a >/f; sleep 100"; sleep 0.3; p cp c:/f f; cat f; p diff c | grep "/f$"; p commit -q c copy-$side >/dev/null; run copy-$side cat /f; p export c | tar -t | grep -c "^f$"; gone c; p rmi copy-$side >/dev/null'
compare "attach" 'd c -i busybox sh -c "read x; echo got \$x; exit 2"; echo word | p attach c; echo $?; gone c'
compare "inspect tells the runtime and the state" 'd c busybox sleep 100; p inspect -f "{{.State.Status}} {{.State.Running}} {{.State.ExitCode}} {{.OCIRuntime}}" c | sed "s/$side/side/"; gone c'
compare "hooks from a folder" 'mkdir h; printf "{\"version\": \"1.0.0\", \"hook\": {\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"cat >%s/state\"]}, \"when\": {\"always\": true}, \"stages\": [\"prestart\", \"poststop\"]}" $work >h/a.json; p --hooks-dir h run --rm busybox echo hooked; jq -c "[.status, (.id | length)]" state'
compare "a hook which fails is told" 'mkdir h; printf "{\"version\": \"1.0.0\", \"hook\": {\"path\": \"/bin/false\"}, \"when\": {\"always\": true}, \"stages\": [\"createRuntime\"]}" >h/a.json; p --hooks-dir h run --rm busybox echo hooked 2>err; echo $?; words <err | cut -c 1-30; p ps -aq | wc -l'
compare "play kube" 'printf "apiVersion: v1\nkind: Pod\nmetadata:\n  name: k\nspec:\n  hostNetwork: true\n  containers:\n  - name: a\n    image: localhost/busybox\n    command: [sh, -c, \"echo kube; sleep 100\"]\n    resources: {limits: {memory: 64Mi}}\n" >k.yaml; sed "s,^.engine.,[engine]\ninfra_image = \"localhost/busybox\"\ninfra_command = \"sleep 1000\"," $CONTAINERS_CONF >kube.conf; CONTAINERS_CONF=$work/kube.conf p play kube k.yaml >/dev/null 2>&1; echo $?; p logs k-a 2>/dev/null; p pod rm -f -t 0 k >/dev/null 2>&1; p ps -aq | wc -l; true'
check "ten at once" 'for i in 0 1 2 3 4 5 6 7 8 9; do run --name n$i busybox echo $i >o$i 2>&1 & done; wait; cat o?; [ "$(cat o? | tr -d "\n")" = 0123456789 ]'

podman rm -fa -t 0 >/dev/null 2>&1
podman volume prune -f >/dev/null 2>&1
# podman's own: its folders, its cgroup, and those of pods (ID alone) in the trees it forgets.
leaks 'libpod_parent$|libpod_parent/[0-9a-f]{64}$|/run/(libpod|storage|containers|lock|netns)|^/run/runc$|^/run/apus-runtime(/.cache.*)?$|libpod_lock|/conmon$'
finish without-leak-check
