#!/bin/bash
# diff and update; and what --format and --filter understand.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin changes
root=$scratch/rootfs
mkdir -p "$root"/{bin,etc,tmp,proc,sys,dev,var/old,data,opt/whole/deep}
cp "$(command -v busybox)" "$root/bin/busybox"
for name in sh true sleep echo cat rm mkdir touch chmod mv ls truncate; do ln -sf busybox "$root/bin/$name"; done
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd" && echo old >"$root/var/old/file" && echo x >"$root/opt/whole/one" && echo y >"$root/opt/whole/deep/two"
image box '.config.Labels = {"from.image/x": "a b"}' || exit 1
apus run -d --network none --name up -v vol:/data --tmpfs /tmp -l x=1 -e FOO=bar --memory 64m --restart on-failure:3 box sleep 1000 >/dev/null
x() { apus exec "$@"; }
said() { local text=$1 code=$2 got; shift 2; "$@" >out 2>err; got=$?; [ "$got" = "$code" ] && grep -qF -- "$text" err || { echo "status $got"; cat out err; return 1; }; }
limit() { x up cat "/sys/fs/cgroup/$1" 2>/dev/null || cat "/sys/fs/cgroup/${1%%/*}/apus-$(apus inspect -f '{{.Id}}' up)/${1#*/}"; }
show() { apus inspect -f "$1" up; }
export -f x said limit show

check "diff: a container that has done nothing has changed nothing; one that never ran neither" '
    said=$(apus diff up) && same "$said" "" && apus create --network none --name new box true >/dev/null && said=$(apus diff new) && same "$said" ""; code=$?; apus rm new >/dev/null; exit $code'
check "diff: added, changed, deleted, in directories that are made anew, too" '
    x up sh -c "touch /new; mkdir -p /made/in; touch /made/in/f; echo more >>/var/old/file; chmod 700 /bin; rm /etc/passwd; touch /data/in-volume /tmp/in-memory; rm -r /opt/whole; mkdir /opt/whole; touch /opt/whole/fresh" || exit
    same "$(apus diff up)" "C /bin
C /etc
D /etc/passwd
A /made
A /made/in
A /made/in/f
A /new
C /opt
C /opt/whole
D /opt/whole/deep
A /opt/whole/fresh
D /opt/whole/one
C /var
C /var/old
C /var/old/file"'
check "diff: the same when it does not run; words for what is not there" '
    before=$(apus diff up); apus stop -t 0 up >/dev/null && same "$(apus diff up)" "$before" && apus start up >/dev/null && same "$(apus container diff up)" "$before" && said "No such container: nobody" 1 apus diff nobody'
check "a tree without end is refused, and files without end are counted" '
    apus run -d --network none --name endless box sleep 1000 >/dev/null
    x endless sh -c "n=0; while [ \$n -lt 1100 ]; do mkdir d && cd d; n=\$((n + 1)); done; truncate -s 9223372036854775807 /one; truncate -s 9223372036854775807 /other" || exit
    for limit in 1024 8192; do
        (ulimit -n $limit; said "more than 512 directories below one another" 1 apus diff endless) && grep -q /d/d/d/d err || exit
        (ulimit -n $limit; said "more than 512 directories below one another" 1 apus cp endless:/d copied) && grep -q d/d/d/d err || exit
    done
    apus ps -s >/dev/null && apus system df >/dev/null && apus rm -f endless >/dev/null'
check "update: limits of a container that runs, at once and after the next start" '
    same "$(apus update --memory 128m --pids-limit 77 --cpus 0.5 --cpu-shares 300 up)" up && same "$(show "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpuShares}}")" "134217728 77 500000000 300" || exit
    files() { if [ -e /sys/fs/cgroup/cgroup.controllers ]; then limit memory.max; limit pids.max; else limit memory/memory.limit_in_bytes; limit pids/pids.max; limit cpu/cpu.cfs_quota_us; limit cpu/cpu.shares; fi; }
    first=$(files | tr "\n" " "); echo "$first" | grep -q "^134217728 77 " || { echo "$first"; exit 1; }; apus restart -t 0 up >/dev/null && same "$(files | tr "\n" " ")" "$first"'
check "update: a container that does not run; the restart policy; events" '
    since=$(date +%s); apus stop -t 0 up >/dev/null && apus update --restart always --memory 70m up >/dev/null && same "$(show "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}")" "always 73400320 77" && apus start up >/dev/null || exit
    x up sh -c "kill -9 -1"; apus update --restart no up >/dev/null; apus events --since "$since" --until "$(($(date +%s) + 1))" --format "{{.Action}}" | grep -qx update && apus start up >/dev/null'
check "update: what cannot be is told and changes nothing" '
    before=$(apus inspect up | jq -c ".[0].HostConfig"); said "one or more flags" 1 apus update up && said "Minimum memory limit" 1 apus update -m 1m up && said "No such container: nobody" 1 apus update -m 64m nobody && said "invalid restart policy" 1 apus update --restart foo up && said "range of CPUs" 1 apus update --cpus 100000 up || exit
    same "$(apus inspect up | jq -c ".[0].HostConfig")" "$before" && apus create --rm --network none --name gone box true >/dev/null && said "AutoRemove" 1 apus update --restart always gone; code=$?; apus rm gone >/dev/null; exit $code'
check "templates: else if, variables, comments" '
    same "$(show "{{if eq .State.Status \"exited\"}}e{{else if eq .State.Status \"running\"}}r{{else}}o{{end}}")" r && same "$(show "{{if false}}a{{else if false}}b{{else}}c{{end}}{{if true}}d{{end}}")" cd || exit
    same "$(show "{{\$n := .Name}}{{range .Args}}{{\$n}}{{.}}{{end}}")" /up1000 && same "$(show "{{with \$s := .State}}{{\$s.Status}}{{end}}{{/* nothing */}}!")" running! && same "$(show "{{range \$i, \$e := .Config.Cmd}}{{if \$i}},{{end}}{{\$e}}{{end}}")" sleep,1000'
check "templates: printf, slice, split, truncate, pad, comparisons" '
    id=$(show "{{.Id}}"); same "$(show "{{printf \"%.12s\" .Id}} {{slice .Id 0 12}} {{truncate .Id 12}}")" "${id:0:12} ${id:0:12} ${id:0:12}" && same "$(show "{{printf \"%s=%d|%-4s|%4s|%03d|%q|%x|%%|%v\" .Name 7 \"ab\" \"cd\" 5 \"e\" \"hi\" true}}")" "/up=7|ab  |  cd|005|\"e\"|6869|%|true" || exit
    same "$(show "{{index (split \"a:b:c\" \":\") 1}}{{pad \"x\" 1 2}}|{{lt 1 2}} {{ge 1 2}} {{gt (len .Args) 0}}")" "b x  |true false true" && said "slice 5 to 2" 1 apus inspect -f "{{slice .Id 5 2}}" up && said "printf does not know %y" 1 apus inspect -f "{{printf \"%y\" 1}}" up'
check "templates: a label that is not there is empty; a name with a dash is for index" '
    same "$(show "{{index .Config.Labels \"x\"}}{{index .Config.Labels \"from.image/x\"}}{{index .Config.Labels \"nosuch\"}}|")" "1a b|" && said "is for index" 1 apus inspect -f "{{.NetworkSettings.Networks.my-net.IPAddress}}" up || exit
    same "$(apus ps --format "{{.Label \"x\"}}{{.Label \"nosuch\"}}|")" "1|" && same "$(apus ps --format "{{json .}}" | jq -c "has(\"Label\"), .Names")" "false
\"up\"" && same "$(apus ps --format "table {{.Names}}\t{{.Label \"x\"}}" | sed "s/ *$//" | tr -s " ")" "NAMES
up 1"'
check "filters: a state nobody is in is refused" '
    said "invalid filter '\''status=bogus'\''" 1 apus ps -f status=bogus && same "$(apus ps -f status=running --format "{{.Names}}")" up'
check "run: a signal, a platform and processors there are not" '
    said "Invalid signal: FOO" 125 apus run --rm --network none --stop-signal FOO box true && said "range of CPUs" 125 apus run --rm --network none --cpus 100000 box true && said "does not match the specified platform" 125 apus run --rm --network none --pull never --platform linux/s390x box true && apus run --rm --network none --platform linux/amd64 box true'
check "a word that is no command" 'said "'\''nosuch'\'' is not a command. See" 1 apus nosuch && said "did you mean '\''run'\''. See" 1 apus rn'
check "all of it goes" 'apus rm -f -v up >/dev/null; apus volume rm vol >/dev/null; same "$(apus ps -aq)" ""'
finish
