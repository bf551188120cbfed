#!/bin/bash
# cp: both directions, running and stopped, archives, and containers that try to lead it out.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin copy
root=$scratch/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev,data,spot}
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true sleep echo cat touch ln rm mkdir ls stat mv tar; do ln -sf busybox "$root/bin/$name"; done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
ln -s /data "$root/link"
image box || exit 1
mkdir -p from/sub && echo one >from/one && echo two >from/sub/two && ln -s one from/symbolic && ln from/one from/hard && chmod 640 from/one && touch -d '2020-02-03 04:05:06' from/one
chown -R 1234:1234 from
apus run -d --network none --name up -v vol:/data -v "$scratch/bound:/bound:ro" --tmpfs /memory box sleep 1000 >/dev/null
apus create --network none --name down -v other:/data box sh -c 'cat /tmp/file /data/file' >/dev/null
x() { apus exec "$@"; }
# refused PATTERN COMMAND...: it fails with 1 and says so.
refused() { local want=$1; shift; "$@" 2>said; same $? 1 && grep -qE "$want" said || { cat said; return 1; }; }
export -f x refused

check "a file: to a name, into a directory, over a file, and back" '
    apus cp from/one up:/tmp/named && same "$(x up cat /tmp/named)" one && apus cp from/one up:/tmp && apus cp from/sub/two up:/tmp/one && same "$(x up cat /tmp/one)" two || exit
    apus cp up:/tmp/named back && same "$(cat back)" one && mkdir there && apus cp up:/tmp/named there && same "$(cat there/named)" one && apus cp up:tmp/one back && same "$(cat back)" two'
check "mode and time are kept, the owner is root, with -a the number" '
    same "$(x up stat -c "%a %u %Y" /tmp/named)" "640 0 $(stat -c %Y from/one)" && apus cp -a from/one up:/tmp/owned && same "$(x up stat -c "%u:%g" /tmp/owned)" 1234:1234 || exit
    apus cp up:/tmp/owned mine && same "$(stat -c "%a %u %Y" mine)" "640 0 $(stat -c %Y from/one)" && apus cp -a up:/tmp/owned his && same "$(stat -c %u his)" 1234'
check "a directory: new, into one that is there, and its contents" '
    apus cp from up:/tmp/new && same "$(x up cat /tmp/new/sub/two)" two && apus cp from up:/tmp/new && same "$(x up cat /tmp/new/from/sub/two)" two && apus cp from/. up:/tmp/flat && same "$(x up cat /tmp/flat/sub/two)" two || exit
    same "$(x up stat -c %N /tmp/new/symbolic | tr -d "\042\047")" "/tmp/new/symbolic -> one" && same "$(x up stat -c %h /tmp/new/one)" 2 || exit
    apus cp up:/tmp/new out && diff -r from/sub out/sub && same "$(readlink out/symbolic)" one && apus cp up:/tmp/new/. out2 && diff -r from/sub out2/sub && apus cp up:/tmp/new/ there && diff -r from/sub there/new/sub'
check "what is in a directory already keeps its owner and its mode" '
    x up sh -c "mkdir -p /tmp/kept/sub && chmod 1777 /tmp/kept && chmod 711 /tmp/kept/sub" 2>/dev/null || { x up mkdir -p /tmp/kept/sub; }
    before=$(x up stat -c %a /tmp/kept /tmp/kept/sub); apus cp from/. up:/tmp/kept && same "$(x up stat -c %a /tmp/kept /tmp/kept/sub)" "$before" && same "$(x up cat /tmp/kept/sub/two)" two'
check "a link is copied as one, -L follows it" '
    apus cp from/symbolic up:/tmp/l1 && same "$(x up ls -l /tmp/l1 | grep -c -- "-> one")" 1 && apus cp -L from/symbolic up:/tmp/l2 && same "$(x up cat /tmp/l2)" one && same "$(x up ls -l /tmp/l2 | grep -c -- "->")" 0'
check "archives on the standard streams" '
    set -o pipefail; tar -C from -c . | apus cp - up:/spot && same "$(x up cat /spot/sub/two)" two && same "$(x up stat -c %u /spot/one)" 1234 || exit
    apus cp up:/spot - >spot.tar && tar -tf spot.tar >names && grep -qx spot/sub/two names && apus cp up:/spot/. - | tar -xO sub/two >two && same "$(cat two)" two || exit
    head -c 3000000 /dev/urandom >big && tar -c big | apus cp - up:/spot && apus cp up:/spot/big - | tar -xO big | cmp - big
    echo "not an archive" | apus cp - up:/spot 2>said; same $? 1 && tar -cf big.tar big && refused "no such file or directory: up:/nosuch" apus cp - up:/nosuch <big.tar'
check "volumes and links in the way: as the container sees them" '
    apus cp from/one up:/link/through && same "$(cat "$APUS_ROOT/volumes/vol/_data/through")" one && apus cp from/one up:/memory/m && same "$(x up cat /memory/m)" one || exit
    refused "[Rr]ead-only" apus cp from/one up:/bound/x && apus cp up:/link/through back && same "$(cat back)" one && apus cp up:/data out3 && same "$(cat out3/through)" one'
check "a container that does not run: its files and its volumes" '
    echo file >file && apus cp file down:/tmp/ && apus cp file down:/data && apus cp from down:/tmp/tree && apus cp down:/tmp/tree/sub/two back && same "$(cat back)" two || exit
    same "$(apus start -a down)" "file
file" && apus cp down:/data/file back && same "$(cat back)" file && ! mount | grep -q "containers/.*rootfs.*$(apus inspect -f "{{.Id}}" down)"'
check "a directory onto one with mounts below: what is in them goes into them, running or not" '
    mkdir -p all/data/deep all/bound all/memory all/tmp && echo d >all/data/deep/f && echo m >all/memory/f && echo t >all/tmp/f
    apus cp all/data up:/ && same "$(cat "$APUS_ROOT/volumes/vol/_data/deep/f")" d && apus cp all/. up:/ && same "$(x up cat /memory/f /tmp/f)" "m
t" || exit
    apus cp all/data down:/ && same "$(cat "$APUS_ROOT/volumes/other/_data/deep/f")" d && apus cp all/. down:/ && apus cp down:/tmp/f back && same "$(cat back)" t || exit
    echo b >all/bound/f; refused "[Rr]ead-only" apus cp all/. up:/; code=$?; [ ! -e bound/f ] || exit; rm all/bound/f
    mkdir -p mnt/in/vol && mount -t tmpfs small mnt/in/vol && x up sh -c "mkdir -p /tmp/in/vol; echo v >/tmp/in/vol/f" && apus cp up:/tmp/in mnt && same "$(cat mnt/in/vol/f)" v; code=$((code + $?)); umount mnt/in/vol; [ ! -e mnt/in/vol/f ] || exit; exit $code'
check "a file that is mounted is written into; the kernel's own files take nothing" '
    mkdir -p kernel/proc/sys && echo x >kernel/proc/sys/f; echo old >single; apus run -d --network none --name mounted -v "$scratch/single:/etc/single" box sleep 1000 >/dev/null; echo longer than old >single.new
    apus cp single.new mounted:/etc/single && same "$(cat single)" "longer than old" && same "$(x mounted cat /etc/single)" "longer than old" && mkdir -p over/etc && echo o >over/etc/single && apus cp over/. mounted:/ && same "$(cat single)" o || exit
    refused "made up by the kernel" apus cp kernel/. mounted:/; code=$?; apus rm -f mounted >/dev/null; exit $code'
check "what cannot be: words for each" '
    refused "no such file or directory: up:/nosuch" apus cp up:/nosuch . && refused "no such file or directory: nosuch" apus cp nosuch up:/tmp && refused "No such container: nobody" apus cp nobody:/x . || exit
    refused "between containers" apus cp up:/a down:/b && refused "at least one container" apus cp from to && refused "onto a file" apus cp from up:/etc/passwd || exit
    refused "not a directory" apus cp from/one up:/etc/passwd/ && refused "no such file or directory: up:/tmp/no/such/place" apus cp from/one up:/tmp/no/such/place && refused "no such file" apus cp from/one up:/tmp/nodir/ || exit
    mkdir -p clash/new && echo x >clash/new/sub && refused "cannot overwrite directory" apus cp clash/new up:/tmp/ && same "$(x up cat /tmp/new/sub/two)" two'
check "a link of the container leads nowhere but into it" '
    echo host >/run/secret; x up sh -c "ln -s / /tmp/rootlink; ln -s /run /tmp/runlink; ln -s ../../../../../../../run /tmp/up; mkdir -p /run; echo mine >/run/secret"
    for link in runlink up rootlink/run; do apus cp "up:/tmp/$link/secret" got && same "$(cat got)" mine && apus cp from/one "up:/tmp/$link/planted" || exit; done
    [ ! -e /run/planted ] && same "$(cat /run/secret)" host && same "$(x up cat /run/planted)" one || exit
    x up ln -s /run/escape /tmp/dangling; apus cp from/one up:/tmp/dangling && [ ! -e /run/escape ] && same "$(x up cat /run/escape)" one; code=$?; rm -f /run/secret; exit $code'
check "a container that changes directories into links meanwhile leads nowhere" '
    mkdir -p deep/a/b && for n in {1..200}; do echo "$n" >"deep/a/b/$n"; done
    x -d up sh -c "cd /tmp; mkdir -p swap/a/b; while [ ! -e /tmp/enough ]; do mv swap/a swap/x; ln -s /run swap/a; rm swap/a; mv swap/x swap/a; done"
    before=$(find /run -path "$scratch" -prune -o -print | sort | cksum); for n in {1..10}; do apus cp deep/. up:/tmp/swap 2>/dev/null; apus cp up:/tmp/swap swapped 2>/dev/null; done; x up touch /tmp/enough
    same "$(find /run -path "$scratch" -prune -o -print | sort | cksum)" "$before"'
check "no device and no set-user-ID program comes out" '
    tar -C / -c dev/null | apus cp - up:/tmp && refused "a device" apus cp up:/tmp/dev/null nulldevice && [ ! -e nulldevice ] || exit
    cp "$(command -v busybox)" setuid && chmod 4755 setuid && tar -c setuid | apus cp - up:/tmp && same "$(x up stat -c %a /tmp/setuid)" 4755 && apus cp up:/tmp/setuid plain && same "$(stat -c %a plain)" 755'
check "archives which try to leave the directory are refused" '
    python3 - <<"P"
import tarfile, io
def make(name, *entries):
    with tarfile.open(name, "w") as tar:
        for path, kind, link in entries:
            info = tarfile.TarInfo(path); info.type = kind; info.linkname = link; info.size = 0
            tar.addfile(info)
make("up.tar", ("../out", tarfile.REGTYPE, ""))
make("absolute.tar", ("/tmp/absolute", tarfile.REGTYPE, ""))
make("through.tar", ("l", tarfile.SYMTYPE, "/etc"), ("l/planted", tarfile.REGTYPE, ""))
P
    for name in up absolute through; do apus cp - up:/spot <$name.tar 2>said; same $? 1 || exit; done; x up ls /etc/planted 2>/dev/null && exit 1; x up ls /out 2>/dev/null && exit 1; true'
check "killed at any moment: nothing is mounted, nobody is blocked" '
    for step in 01 02 03 05 08 12 20; do timeout -s KILL 0.$step apus cp from down:/tmp/killed 2>/dev/null; timeout -s KILL 0.$step apus cp down:/bin killed 2>/dev/null; done
    soon "! pgrep -f \"apus cp\" >/dev/null"; apus cp from down:/tmp/after && apus start -a down >/dev/null && ! grep -q "$(apus inspect -f "{{.Id}}" down)/rootfs" /proc/self/mountinfo'
check "export: the files without volumes and without what the kernel makes up; import makes an image of it" '
    apus export up >up.tar && same "$(tar -xOf up.tar tmp/named)" one && tar -tf up.tar >names && ! grep -E "^(data|proc|memory)/." names || exit
    apus export -o down.tar down && tar -tf down.tar >names && grep -q "^tmp/tree/sub/two$" names && apus import down.tar copied:1 >/dev/null && same "$(apus run --rm --network none copied:1 /bin/cat /tmp/tree/sub/two)" two && apus rmi copied:1 >/dev/null
    same $? 0 && refused "No such container" apus export nobody'
check "a reader who goes is no hang" 'apus cp up:/bin - | head -c 10 >/dev/null; apus cp up:/bin/busybox nosuchdir/x 2>/dev/null; same $? 1'
check "all of it goes" 'apus rm -f -v up down >/dev/null && apus volume rm vol other >/dev/null; same "$(apus ps -aq)" ""'
finish
