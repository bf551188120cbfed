#!/bin/bash
# A load is killed, or refused by the kernel, at each call that changes something; the disk is full; several work at once.
. "$(dirname "$0")/lib.sh"
begin faults
command -v strace >/dev/null || { skip "faults" "strace is not installed"; finish; }

mkdir -p old new/dir && echo old >old/file && echo new >new/file && ln -s file new/link && ln new/file new/dir/hard && mkfifo new/fifo &&
    : >new/dir/.wh.gone && mknod new/null c 1 3
layer old.tar -C old . && layer new.tar -C new . && gzip -k new.tar
image docker20 old.image old:1 old.tar && GZIP=1 image oci new.image new:1 old.tar new.tar
calls=openat2,openat,mkdirat,unlinkat,renameat2,linkat,symlinkat,mknodat,fchownat,fchmod,fchmodat,fchown,utimensat,write,fsync,syncfs,flock,fsetxattr,clone3

# The store before: an image which nothing may harm. The store after: what a good load makes.
good "an image which is there before" load old.image
mv "$store" before && rm -rf "$store"
all() { (cd "$1" && find . -mindepth 1 ! -name '*lock' ! -type f -printf '%p %y %m %l\n' -o -type f ! -name '*lock' -printf '%p %m ' -exec sha256sum {} \; | sed 's/ [^ ]*$//' | sort); }
cp -a before "$store" && strace -o trace -e trace=$calls "$IMAGE_TOOL" "$store" load new.image >out 2>err || not_ok "a load under strace" <err
tool open
all "$store" >after.list
all before >before.list

# broken NAME: says what is wrong with the store, if anything: it is as before or as after, and a new load makes it good.
broken() {
    tool prune
    [ "$code" = 0 ] || { echo "prune: $err"; return; }
    all "$store" >now.list
    cmp -s now.list before.list || cmp -s now.list after.list || { echo "neither before nor after"; diff now.list before.list; return; }
    tool save old.saved old:1
    [ "$code" = 0 ] || { echo "the image which was there: $err"; return; }
    tool load new.image
    [ "$code" = 0 ] || { echo "a new load: $err"; return; }
    all "$store" | cmp -s - after.list || { echo "after a new load it is not as after one"; all "$store" | diff - after.list; }
}

# sweep NAME INJECTION CALL...: at every call of the trace which is one of these, all when there is none.
sweep() {
    local name=$1 injection=$2 call number wrong=0 hit=0 tried=0
    shift 2
    while read -r call number; do
        [ $# = 0 ] || [[ " $* " == *" $call "* ]] || continue
        tried=$((tried + 1))
        [ $((tried % ${STEP:-1})) = 0 ] || continue
        rm -rf "$store" && cp -a before "$store"
        (exec strace -o now -e "inject=$call:$injection:when=$number" "$IMAGE_TOOL" "$store" load new.image) >out 2>err
        code=$?
        [ $code = 0 ] || hit=$((hit + 1))
        if [ $code -ge 128 ] && [ "$injection" != signal=KILL ]; then
            wrong=$((wrong + 1)) && { echo "$call $number: status $code"; cat err; } >>wrong.log
        # What is refused may be writing the error itself.
        elif [ $code = 1 ] && [ ! -s err ] && [ "$call" != write ]; then
            wrong=$((wrong + 1)) && echo "$call $number: no error text" >>wrong.log
        fi
        broken >broken.log
        [ ! -s broken.log ] || { wrong=$((wrong + 1)) && { echo "$call $number:"; cat broken.log; } >>wrong.log; }
    done <trace.calls
    if [ $wrong = 0 ] && [ $hit -gt 2 ]; then ok "$name ($hit of $tried ended the load)"; else not_ok "$name ($hit hit)" <wrong.log; fi
    rm -f wrong.log
}
# Each call, and the how manieth of its kind it is: that is how strace counts.
sed -n 's/^\([a-z0-9]*\)(.*/\1/p' trace | awk '{ print $1, ++seen[$1] }' >trace.calls
sweep "killed at each call, everything stored is there" signal=KILL
sweep "refused at each call with ENOSPC" error=ENOSPC
sweep "refused with EIO when it comes to the device" error=EIO fsync syncfs renameat2

# A disk that is full: at different places, from the archive's blobs to the layer's last file.
mkdir big && for number in 1 2 3 4; do head -c 300K /dev/urandom >big/$number; done && layer big.tar -C big . && image docker20 big.image big:1 big.tar
for size in 200K 800K 1500K 2200K; do
    mkdir -p small && mount -t tmpfs -o size=$size,mode=755 small small
    store=$scratch/small/store
    if [ $size = 200K ]; then tool open; else tool load old.image; fi
    free=$(stat -f -c %f small)
    tool load big.image
    same "a disk of $size is full: an error" "$code $(grep -c 'No space left' err)" "1 1"
    same "and everything is free again" "$(stat -f -c %f small)" "$free"
    umount small
done
store=$scratch/store

# Several at once.
rm -rf "$store"
image docker20 one.image one:1 old.tar big.tar new.tar && image docker29 two.image two:1 old.tar big.tar
pids=()
for number in $(seq 12); do
    "$IMAGE_TOOL" "$store" load $([ $((number % 2)) = 0 ] && echo one.image || echo two.image) >"out.$number" 2>&1 & pids+=($!)
    [ $((number % 4)) != 0 ] || { "$IMAGE_TOOL" "$store" prune >"out.p$number" 2>&1 & pids+=($!); }
done
bad=0
for pid in "${pids[@]}"; do wait "$pid" || bad=$((bad + 1)); done
[ $bad = 0 ] && ok "twelve loads and three prunes at once" || not_ok "twelve loads and three prunes at once: $bad failed" < <(cat out.*)
same "both images are there" "$(tool images; jq -r '.tags[0]' out | sort | xargs)" "one:1 two:1"
same "nothing is half made" "$(ls "$store/incoming" | wc -l) $(ls "$store/layers" | grep -c tmp) $(ls "$store/layers" | wc -l)" "0 0 3"
same "both can be saved" "$(tool save s.tar one:1 two:1; echo "$code")" 0

# Loading and removing one image again and again beside another one that is loaded.
rm -rf "$store" && tool load old.image
(for _ in $(seq 8); do "$IMAGE_TOOL" "$store" load one.image; "$IMAGE_TOOL" "$store" remove one:1; done >churn 2>&1) &
churn=$!
bad=0
for _ in $(seq 8); do
    tool load two.image; [ "$code" = 0 ] || bad=$((bad + 1))
    tool save s.tar two:1; [ "$code" = 0 ] || bad=$((bad + 1))
done
wait $churn
same "an image is never harmed by another one's removal" "$bad $(tool save s.tar old:1 two:1; echo "$code")" "0 0"
tool prune --all yes
same "in the end nothing is left" "$(find "$store/blobs/sha256" "$store/layers" "$store/incoming" -mindepth 1 | wc -l)" 0
finish
