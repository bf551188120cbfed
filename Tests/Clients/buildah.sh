#!/bin/bash
# Debian's buildah over the runtime.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin buildah
command -v buildah >/dev/null || { skip "buildah" "not installed"; finish without-leak-check; }

export CONTAINERS_STORAGE_CONF=$scratch/storage.conf REGISTRY_AUTH_FILE=$scratch/auth.json BUILDAH_ISOLATION=oci
mkdir -p "$scratch/storage"
echo '{}' >"$REGISTRY_AUTH_FILE"
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "/run/storage"\n' "$scratch/storage" >"$CONTAINERS_STORAGE_CONF"
mkdir "$scratch/image"
busybox_root "$scratch/rootfs"
tar -C "$scratch/rootfs" -cf "$scratch/image/rootfs.tar" .
printf 'FROM scratch\nADD rootfs.tar /\nCMD ["/bin/sh"]\n' >"$scratch/image/Containerfile"
buildah bud -q -t busybox "$scratch/image" >/dev/null 2>"$scratch/err" || { not_ok "a base image can be made" <"$scratch/err"; finish; }
remember "$scratch/before"

# build FLAGS...: builds the Containerfile of this folder. The network is the host's (the enclosure's, that is none).
build() { buildah bud --runtime "$runtime" --network host -t "built-$side" "$@" . 2>err; local status=$?; [ $status = 0 ] || tail -n 3 err >&2; return $status; }
export -f build

compare "bud with RUN steps" 'printf "FROM localhost/busybox\nRUN echo built >/f && id -u\nENV A=b\nRUN echo \$A \$(hostname | wc -c); pwd\nWORKDIR /w\nUSER user\nRUN id; pwd\n" >Containerfile
    build -q | wc -l; build --no-cache | grep -v -e STEP -e COMMIT -e "^--> " -e tagged; c=$(buildah from built-$side); m=$(buildah mount $c); cat $m/f; buildah rm $c >/dev/null; buildah rmi -f built-$side >/dev/null'
compare -e 7 "a RUN step which fails ends the build with its exit code" 'printf "FROM localhost/busybox\nRUN exit 7\n" >Containerfile; build >/dev/null 2>&1'
compare "RUN with capabilities, mounts and limits" 'printf "FROM localhost/busybox\nRUN grep Cap /proc/self/status\nRUN --mount=type=tmpfs,dst=/t touch /t/x && ls /t\nRUN touch /sys/x 2>/dev/null || echo read-only\n" >Containerfile
    build --no-cache --cap-drop CAP_CHOWN --ulimit core=0:0 --ulimit nproc=500:500 --ulimit nofile=100:200 | grep -v -e STEP -e COMMIT -e "^--> " -e tagged; buildah rmi -f built-$side >/dev/null'
compare "buildah run" 'c=$(buildah from localhost/busybox); buildah run --runtime "$runtime" --network host $c -- sh -c "echo running; exit 5"; echo $?; buildah run --runtime "$runtime" --network host -v $work:/v $c touch /v/f; ls; buildah run --runtime "$runtime" --network host --user user $c id -un; buildah rm $c >/dev/null'
compare "buildah run with a terminal" 'c=$(buildah from localhost/busybox); script -qec "buildah run --runtime $runtime --network host -t $c tty" /dev/null </dev/null; buildah rm $c >/dev/null'
compare "buildah run of what does not exist" 'c=$(buildah from localhost/busybox); buildah run --runtime "$runtime" --network host $c /nowhere 2>err; echo $?; buildah rm $c >/dev/null'

leaks '/run/(storage|containers|lock|netns)|^/run/runc$|^/run/apus-runtime(/.cache.*)?$|buildah-buildah|/sys/fs/cgroup/.*/buildah$'
finish without-leak-check
