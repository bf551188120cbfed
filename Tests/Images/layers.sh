#!/bin/bash
# A layer is unpacked as GNU tar and umoci unpack it, with whiteouts in the form overlayfs knows; overlayfs shows them so.
. "$(dirname "$0")/lib.sh"
begin layers

# Everything a layer may hold.
mkdir -p all/dir/sub all/empty && cd all || exit 1
echo content >file && chmod 4755 file && chown 12:34 file && touch -d '2001-02-03 04:05:06.789 UTC' file
echo group >dir/setgid && chmod 2750 dir/setgid && chmod 1777 dir && head -c 70000 /dev/urandom >dir/sub/big
ln file dir/hard && ln -s ../file dir/soft && ln dir/soft dir/hardsoft && ln -s /no/where dangling && chown -h 7:8 dangling
mknod null c 1 3 && mknod disk b 259 70000 && mkfifo fifo && chmod 620 fifo null
setfattr -n user.note -v text file && setfattr -n user.note -v more dir
setcap cap_net_raw+ep dir/sub/big 2>/dev/null || setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 dir/sub/big
chown 3000000:4000000 empty && touch -d '1999-12-31 UTC' empty dir/sub dir && touch -hd '2003-03-03 UTC' dangling dir/soft
mkdir -p "$(printf 'long-%.0s' {1..40})/$(printf 'path-%.0s' {1..40})" && echo deep >"$(printf 'long-%.0s' {1..40})/$(printf 'path-%.0s' {1..40})/file"
echo bytes >"$(printf 'not-utf8-\xff\xfe')" && echo new >$'line\nend'
cd "$scratch" || exit 1
layer all.tar -C all .
mkdir gnu && tar --xattrs --xattrs-include='*' --numeric-owner --same-owner -xpf all.tar -C gnu
image layout all.image all:1 all.tar && good "a layer with everything is loaded" load all.image
diff=$store/layers/$(sha256sum all.tar | cut -d ' ' -f 1)/diff
same "it is as GNU tar unpacks it" "$(listing "$diff" | sha256sum)" "$(listing gnu | sha256sum)"
diff <(listing "$diff") <(listing gnu) | head -n 20 | sed 's/^/# /'
same "its size is that of its files" "$(tool images; jq .size out)" \
    "$(tar -tvf all.tar --numeric-owner | awk '$1 ~ /^-/ { s += $3 } END { print s }')"
if command -v umoci >/dev/null; then
    mkdir umoci-in && cp -r all.image umoci-in/all.image
    umoci raw unpack --image all.image:all:1 umoci-root >log 2>&1 ||
        { sed -i 's/"all:1"/"all"/' all.image/index.json && umoci raw unpack --image all.image:all umoci-root >log 2>&1; }
    same "it is as umoci unpacks it" "$(listing "$diff" | sha256sum)" "$(listing umoci-root | sha256sum)"
    diff <(listing "$diff") <(listing umoci-root) | head -n 20 | sed 's/^/# /'
else
    skip "it is as umoci unpacks it" "umoci is not installed"
fi
for format in gnu ustar v7; do
    rm -rf "$store" plain peer && mkdir plain peer && cp -a all/file all/dir plain && rm -f plain/dir/sub/big
    tar --format=$format --numeric-owner -cf plain.tar -C plain . && tar --same-owner -xpf plain.tar -C peer
    rm -rf plain.image && image layout plain.image plain:1 plain.tar && tool load plain.image
    same "an archive in the format $format" "$(listing "$store/layers/$(sha256sum plain.tar | cut -d ' ' -f 1)/diff" | sha256sum)" \
        "$(listing peer | sha256sum)"
done
rm -rf "$store" all umoci-root gnu
mkdir holes && truncate -s 1M holes/file && tar --sparse --format=gnu -cf sparse.tar -C holes file && rm -rf sparse.image
tool open; image layout sparse.image sparse:1 sparse.tar && refused "a sparse file is refused" "sparse files are not supported" load sparse.image
(umask 077 && mkdir masked && echo x >masked/file && tar --format=pax -cf masked.tar -C masked file && chmod 755 masked)
(umask 077 && image layout masked.image masked:1 masked.tar && tool load masked.image)
same "the umask does not matter" "$(stat -c %a "$store/layers/$(sha256sum masked.tar | cut -d ' ' -f 1)/diff")" 755

# Whiteouts.
rm -rf "$store" && mkdir -p base/keep base/hidden base/swap base/gone && for d in keep hidden swap gone; do echo base >base/$d/file; done
echo base >base/file && echo base >base/swapped && layer base.tar -C base .
mkdir -p top/hidden top/keep top/swap && : >top/.wh.file && : >top/.wh.gone && : >top/keep/.wh.file && : >top/hidden/.wh..wh..opq &&
    echo top >top/hidden/new && : >top/.wh.swap && echo top >top/swap/new && : >top/.wh.swapped && echo top >top/swapped && : >top/.wh..wh.aufs
tar --format=pax -cf top.tar -C top .wh..wh.aufs .wh.file .wh.gone keep hidden/new hidden/.wh..wh..opq .wh.swap swap .wh.swapped swapped
tar --format=pax -cf top2.tar -C top .wh..wh.aufs .wh.file .wh.gone keep hidden swap .wh.swap swapped .wh.swapped
for upper in top.tar top2.tar; do
    rm -rf stack.image "$store" && image layout stack.image stack:1 base.tar $upper && good "whiteouts are loaded" load stack.image
    mkdir -p c/upper c/work c/root
    good "the layers are mounted" mount stack:1 "$scratch/c/upper" "$scratch/c/work" "$scratch/c/root"
    same "by overlayfs" "$(tail -n 1 out)" overlay
    shown=$(cd c/root && find . -mindepth 1 -printf '%p %F\n' | sort | sed 's/ overlay$//' | xargs)
    same "what is hidden is hidden ($upper)" "$shown" "./hidden ./hidden/new ./keep ./swap ./swap/new ./swapped"
    same "and what replaces it is seen" "$(cat c/root/swapped)" top
    echo changed >c/root/swapped
    same "what is written goes to the container's own directory" "$(cat c/upper/swapped)" changed
    same "no redirection is followed" "$(grep -c 'redirect_dir=nofollow' /proc/mounts)" 1
    "$IMAGE_TOOL" x unmount "$scratch/c/root" && "$IMAGE_TOOL" x unmount "$scratch/c/root"
    same "it is unmounted, and again without an error" "$?$(grep -c " $scratch/c/root " /proc/mounts)" 00
    rm -rf c
done

# Where overlayfs is refused the layers are copied: here the two directories of the container are on two file systems.
mkdir -p d/root d/upper d/work && mount -t tmpfs none d/work
tool mount stack:1 "$scratch/d/upper" "$scratch/d/work" "$scratch/d/root"
same "where overlayfs is refused they are copied, and that is said" "$(grep -c '^copied: .*Invalid' <<<"$out")" 1
shown=$(cd d/root && find . -mindepth 1 | sort | xargs)
same "the copy is what overlayfs would show" "$shown" "./hidden ./hidden/new ./keep ./swap ./swap/new ./swapped"
umount d/work

# Many layers.
mkdir many && cd many || exit 1
for number in $(seq 100); do mkdir "l$number" && echo "$number" >"l$number/f$number" && echo "$number" >"l$number/last" && layer "$number.tar" -C "l$number" .; done
image layout many.image many:1 $(seq -f %g.tar 100) && good "an image of 100 layers is loaded" load many.image
cd "$scratch" && mkdir -p m/upper m/work m/root
good "and mounted" mount many:1 "$scratch/m/upper" "$scratch/m/work" "$scratch/m/root"
same "all layers are seen, the topmost first" "$(tail -n 1 out) $(ls m/root | wc -l) $(cat m/root/last)" "overlay 101 100"
umount m/root
finish
