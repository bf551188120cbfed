#!/bin/bash
# As an ordinary user: with his own id alone, and with a range from /etc/subuid through newuidmap.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin rootless
user=12345

# The user exists in this mount namespace only.
for file in passwd group subuid subgid; do cat "/etc/$file" >"$scratch/$file" 2>/dev/null; done
echo "ordinary:x:$user:$user::/:/bin/sh" >>"$scratch/passwd"
echo "ordinary:x:$user:" >>"$scratch/group"
echo "ordinary:200000:65536" | tee -a "$scratch/subuid" >>"$scratch/subgid"
for file in passwd group subuid subgid; do
    [ -e "/etc/$file" ] && mount --bind "$scratch/$file" "/etc/$file"
done
chmod 755 "$scratch"
mkdir -m 700 "/run/user-$user" && chown "$user:$user" "/run/user-$user"
busybox_root "$scratch/own" && chown -R "$user:$user" "$scratch/own"
busybox_root "$scratch/ranged" && chown -R "$user:$user" "$scratch/ranged"
install -m 755 "$RUNTIME" "$scratch/ours.program"
install -m 755 "$REFERENCE" "$scratch/reference.program"
export user
remember "$scratch/before"

# as COMMAND...: as the user, in a working folder of his. r COMMAND...: the runtime as he calls it.
as() { setpriv --reuid $user --regid $user --clear-groups env HOME=/ XDG_RUNTIME_DIR=/run/user-$user "$@"; }
r() { as "$scratch/${side%-again}.program" --root "$work/state" "$@"; }
# made NAME ROOT JQ: a bundle as `spec --rootless` makes it for the user.
made() {
    chown $user:$user "$work" && as mkdir -p "$work/$1" "$work/state" && (cd "$work/$1" && r spec --rootless) &&
        jq --arg root "$scratch/$2" ".root = {path: \$root, readonly: false} | .process.terminal = false | .hostname = \"box\" | $3" "$work/$1/config.json" >"$work/$1/new" && mv "$work/$1/new" "$work/$1/config.json"
}
ranges='.linux.uidMappings = [{containerID: 0, hostID: 12345, size: 1}, {containerID: 1, hostID: 200000, size: 65536}] | .linux.gidMappings = .linux.uidMappings'
export ranges
export -f as r made

compare "run" 'made c own "$(run_args sh -c "id -u; hostname; cat /proc/self/uid_map; touch /x; ls -ln /x | cut -c 1-10; exit 3")"; r run -b $work/c c; echo $?; stat -c %u $scratch/own/x; rm -f $scratch/own/x'
compare "create, start, exec, kill, delete" 'made c own "$(run_args sleep 100)"; r create -b $work/c c </dev/null >/dev/null 2>&1; echo $?; r state c | jq -r .status; r start c; r exec c sh -c "id -u; exit 4"; echo $?; r kill c KILL; sleep 0.3; r delete c; echo $?; ls state'
compare "delete --force of a running container" 'made c own "$(run_args sleep 100)"; r run -d -b $work/c c </dev/null >/dev/null 2>&1; r delete -f c; echo $?; ls state'
compare "proc, sys and devices" 'made c own "$(run_args sh -c "echo x >/dev/null; echo \$?; head -c 1 /dev/urandom | wc -c; ls /proc/self | grep -c status; ls /sys | grep -c kernel; touch /sys/x 2>/dev/null; echo \$?; ls /dev | grep -c -e null -e zero -e full")"; r run -b $work/c c'
check "nothing below /sys/fs/cgroup can be written" 'made c own "$(run_args sh -c "find /sys/fs/cgroup -type d | while read d; do mkdir \$d/x 2>/dev/null && echo \$d; done; true")"; r run -b $work/c c >out; cat out; [ ! -s out ]'
if command -v newuidmap >/dev/null; then
    compare "a range of users through newuidmap" 'made c ranged "$(run_args sh -c "cat /proc/self/uid_map /proc/self/gid_map; touch /x; chown 5:6 /x; ls -ln /x | awk \"{print \\\$3, \\\$4}\"; cat /proc/self/setgroups") | $ranges"; r run -b $work/c c; echo $?; stat -c "%u %g" $scratch/ranged/x; rm -f $scratch/ranged/x'
    compare "a program as another user of the range, by exec too" 'made c ranged "$(run_args id) | $ranges | .process.user = {uid: 1000, gid: 1000}"; r run -b $work/c c; echo $?; made d ranged "$(run_args sleep 100) | $ranges"; r run -d -b $work/d d </dev/null >/dev/null 2>&1; r exec -u 1000:1000 d id; r delete -f d'
    check "additional groups of the range" 'made c ranged "$(run_args id -G) | $ranges | .process.user = {uid: 1000, gid: 1000, additionalGids: [2000]}"; [ "$(r run -b $work/c c)" = "1000 2000" ]'
    compare "ids which are not his are refused" 'made c own "$(run_args true) | .linux.uidMappings = [{containerID: 0, hostID: 0, size: 1}]"; r run -b $work/c c 2>/dev/null; echo $?; made d own "$(run_args true) | .linux.uidMappings = [{containerID: 0, hostID: 12345, size: 1}, {containerID: 1, hostID: 300000, size: 10}]"; r run -b $work/d d 2>/dev/null; echo $?; ls state'
else
    skip "a range of users through newuidmap" "newuidmap (package uidmap) is not installed"
fi

leaks
finish without-leak-check
