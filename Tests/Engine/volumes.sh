#!/bin/bash
# Volumes, directories of the host and file systems in memory, from outside.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin volumes
image_root
mkdir -p "$scratch/rootfs/data/sub" && echo seed >"$scratch/rootfs/data/sub/file" && chown -R 1000:1000 "$scratch/rootfs/data" && chmod 2750 "$scratch/rootfs/data" && chmod 640 "$scratch/rootfs/data/sub/file"
ln -s file "$scratch/rootfs/data/sub/link" && ln "$scratch/rootfs/data/sub/file" "$scratch/rootfs/data/sub/hard"
# What a hostile image tries: a way out of its root, which leads to a file of the host that is really there.
mkdir "$scratch/secrets" && echo secret >"$scratch/secrets/key" && ln -s "$scratch/secrets" "$scratch/rootfs/trap" && ln -s ../../../../../../.. "$scratch/rootfs/up"
image busybox
image anon '.config.Volumes = {"/data": {}}'
said() {
    local text=$1 code=$2 got
    shift 2
    "$@" >out 2>err </dev/null
    got=$?
    [ "$got" = "$code" ] || { echo "status $got, not $code"; cat out err; return 1; }
    grep -qF -- "$text" err || { echo "not said: $text"; cat err; return 1; }
}
r() { apus run --rm --network none "$@"; }
export -f said r

check "create, ls, inspect and rm" '
    same "$(apus volume create --label a=b data)" data && same "$(apus volume create data)" data && apus volume create | grep -qE "^[0-9a-f]{64}$" && same "$(apus volume ls -f name=data)" "DRIVER    VOLUME NAME
local     data" && same "$(apus volume inspect data | jq -c ".[0] | [.Name, .Driver, .Labels, .Scope]")" "[\"data\",\"local\",{\"a\":\"b\"},\"local\"]" && [ -d "$(apus volume inspect -f "{{.Mountpoint}}" data)" ] &&
    said "get nosuch: no such volume" 1 apus volume inspect nosuch && same "$(apus volume rm data)" data && said "no such volume" 1 apus volume rm data && apus volume rm -f data && same "$(apus volume prune -f | head -n 1)" "Deleted Volumes:" && same "$(apus volume ls -q)" ""'
check "a name is a name and no path" 'said "invalid characters" 1 apus volume create ../x && said "no such volume" 1 apus volume rm ../containers && said "no such volume" 1 apus volume inspect . && said "not found" 1 apus volume create -d nfs x && same "$(apus volume ls -q)" ""'
check "the first container fills a volume, with owners, modes and links" '
    r -v stuff:/data busybox true && cd state/volumes/stuff/_data && same "$(stat -c "%u:%g %a" . sub/file | tr "\n" " ")" "1000:1000 2750 1000:1000 640 " && same "$(readlink sub/link)" file && same "$(stat -c %h sub/file)" 2 && same "$(cat sub/file)" seed'
check "and no later one" 'rm state/volumes/stuff/_data/sub/file && r -v stuff:/data busybox test ! -e /data/sub/file && r -v stuff:/data:ro busybox touch /data/x; same $? 1 && apus volume rm stuff >/dev/null'
check "nocopy leaves it empty" 'same "$(r -v none:/data:nocopy busybox ls /data)$(r --mount type=volume,src=none2,dst=/data,volume-nocopy busybox ls /data)" "" && apus volume rm none none2 >/dev/null'
check "a hostile image fills a volume with nothing of the host" '
    r -v out:/trap busybox true; r -v out2:/up/$PWD/secrets busybox true; ! grep -rq secret state/volumes && same "$(cat secrets/key)" secret; code=$?; apus volume rm -f out out2 >/dev/null; exit $code'
check "data outlives its container" 'r -v keep:/k busybox sh -c "echo kept >/k/f" && same "$(r -v keep:/k busybox cat /k/f)" kept && apus volume rm keep >/dev/null'
check "a volume in use is not removed" '
    apus run -d --name holder --network none -v held:/h busybox sleep 100 >/dev/null; said "volume is in use - [" 1 apus volume rm held && same "$(apus volume ls -q -f dangling=true)" "" && same "$(apus volume prune -af)" "Total reclaimed space: 0B" && apus rm -f holder >/dev/null && same "$(apus volume ls -q)" held && apus volume rm held >/dev/null'
check "an anonymous volume goes with --rm and rm -v, and stays otherwise" '
    r anon test -e /data/sub/file && r -v /a busybox true && same "$(apus volume ls -q)" "" || exit 1
    apus create --name one --network none anon true >/dev/null && apus create --name two --network none anon true >/dev/null && same "$(apus volume ls -q | wc -l)" 2 && apus rm one >/dev/null && apus rm -v two >/dev/null && same "$(apus volume ls -q | wc -l)" 1 && apus volume prune -f >/dev/null && same "$(apus volume ls -q)" ""'
check "a container that cannot be made leaves no volume" 'apus create --name taken --network none busybox true >/dev/null; said "already in use" 125 apus create --name taken --network none anon true; code=$?; apus rm taken >/dev/null; same "$(apus volume ls -q)" "" && exit $code'
check "directories and files of the host" '
    mkdir -p host && echo one >host/file && same "$(r -v $PWD/host:/h:ro busybox cat /h/file)" one && ! r -v $PWD/host:/h:ro busybox touch /h/x 2>/dev/null && r -v ./host/made:/m busybox touch /m/x && [ -e host/made/x ] && same "$(r -v $PWD/host/file:/etc/hostname busybox cat /etc/hostname)" one &&
    same "$(r --mount type=bind,src=$PWD/host,dst=/h,ro busybox cat /h/file)" one && said "bind source path does not exist: $PWD/nosuch" 125 r --mount type=bind,src=$PWD/nosuch,dst=/h busybox true && [ ! -e nosuch ]'
check "one mount may be below another, whatever the order" 'mkdir -p host/deep && same "$(r -v inner:/o/deep -v $PWD/host:/o busybox sh -c "echo v >/o/deep/f; cat /o/file /o/deep/f" | tr "\n" " ")" "one v " && [ ! -e host/deep/f ]; code=$?; apus volume rm inner >/dev/null; exit $code'
check "file systems in memory" 'same "$(r --tmpfs /t:size=1m,mode=700 busybox sh -c "stat -c %a /t; df -k /t | tail -n 1 | tr -s \" \" | cut -d\" \" -f2" | tr "\n" " ")" "700 1024 " && r --read-only --tmpfs /tmp busybox sh -c "touch /tmp/x && ! touch /x 2>/dev/null" && same "$(r --shm-size 2m busybox sh -c "df -k /dev/shm | tail -n 1 | tr -s \" \" | cut -d\" \" -f2")" 2048'
check "shared memory is shared where its owner permits it" '
    apus run -d --name donor --ipc shareable --network none busybox sh -c "echo here >/dev/shm/f; sleep 100" >/dev/null && apus run -d --name loner --network none busybox sleep 100 >/dev/null && soon "apus exec donor cat /dev/shm/f >/dev/null 2>&1" && same "$(r --ipc container:donor busybox cat /dev/shm/f)" here &&
    said "non-shareable IPC" 125 r --ipc container:loner busybox true; code=$?; apus rm -f donor loner >/dev/null; exit $code'
check "what is wrong is refused before anything is made" '
    said "must be absolute" 125 r -v a1:b busybox true && said "invalid mode: wrong" 125 r -v a1:/b:wrong busybox true && said "Duplicate mount point: /b" 125 r -v a1:/b -v a2:/b busybox true && said "destination can" 125 r -v a1:/ busybox true && said "target is required" 125 r --mount type=bind,src=/etc busybox true && same "$(apus volume ls -q)$(apus ps -aq)" ""'
check "a fill that was killed is made again" '
    apus create --name half --network none -v half:/data busybox cat /data/sub/file >/dev/null && mkdir -p state/volumes/half/_filling/sub && echo wrong >state/volumes/half/_filling/sub/file && same "$(apus start -a half)" seed && [ ! -e state/volumes/half/_filling ] && apus rm half >/dev/null && apus volume rm half >/dev/null'
finish
