#!/bin/bash
# Images from outside: load, save, import, pull, tag, lists, removal, and run of an image that is not there.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin images
# Busybox alone: what is written, read and hashed here again and again is small.
mkdir -p "$scratch"/rootfs/{bin,dev,etc,proc,sys,tmp}
cp "$(command -v busybox)" "$scratch/rootfs/bin/busybox"
for name in sh true cat id sleep echo; do ln -s busybox "$scratch/rootfs/bin/$name"; done
printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/tmp:/bin/sh\n' >"$scratch/rootfs/etc/passwd"
image busybox '.config.Labels = {"kind": "test"} | .config.Env = ["A=1"]'
# said TEXT CODE COMMAND...: the command ends with CODE and says TEXT on standard error.
said() {
    local text=$1 code=$2 got
    shift 2
    "$@" >out 2>err </dev/null
    got=$?
    [ "$got" = "$code" ] || { echo "status $got, not $code"; cat out err; return 1; }
    grep -qF -- "$text" err || { echo "not said: $text"; cat err; return 1; }
}
export -f said
id=$(apus images -q --no-trunc)
export id

check "images lists what was loaded, in Docker's columns" '
    same "$(apus images | head -n 1)" "REPOSITORY   TAG       IMAGE ID       CREATED       SIZE" && apus images | grep -qE "^busybox      latest    ${id:7:12}   [0-9]+ years ago   [0-9.]+MB$"'
check "filters, formats and names narrow the list" '
    list() { apus images --format "{{.Repository}}:{{.Tag}}" "$@" | tr "\n" " "; }
    apus tag busybox my/box:2 && same "$(list)" "busybox:latest my/box:2 " && same "$(list my/box)" "my/box:2 " && same "$(list -f "reference=busy*")" "busybox:latest " && same "$(list -f label=kind=other)" "" &&
    same "$(list -f dangling=true)" "" && same "$(apus images -q)" "${id:7:12}" && same "$(apus images --format json busybox | jq -r .Tag)" latest && said "invalid filter" 1 apus images -f bogus=1 &&
    same "$(apus images --format "table {{.Tag}}" busybox)" "TAG
latest" && apus rmi my/box:2 >/dev/null'
check "image inspect has the configuration" '
    same "$(apus image inspect busybox | jq -c ".[0] | [.Id, .RepoTags, .Os, .Config.Labels, .Config.Env, .RootFS.Type]")" "[\"$id\",[\"busybox:latest\"],\"linux\",{\"kind\":\"test\"},[\"A=1\"],\"layers\"]" && same "$(apus image inspect -f "{{.Id}} {{index .Config.Env 0}}" busybox)" "$id A=1" &&
    said "No such image: nosuch" 1 apus image inspect nosuch && same "$(cat out)" "[]"'
check "a template with a mistake is refused, and says which fields there are" 'said "there is no field \"Nosuch\"" 1 apus image inspect -f "{{.Nosuch}}" busybox && grep -q "RepoTags" err'
check "history shows the steps" 'apus history busybox | head -n 1 | grep -qE "^IMAGE +CREATED +CREATED BY +SIZE +COMMENT$" && same "$(apus history -q busybox | head -n 1)" "${id:7:12}"'
check "what is saved is what is loaded" '
    apus save -o busybox.tar busybox && apus save busybox | cmp - busybox.tar && same "$(apus rmi busybox)" "Untagged: busybox:latest
Deleted: $id" && same "$(apus images -q)" "" && same "$(apus load -i busybox.tar)" "Loaded image: busybox:latest" && same "$(apus load <busybox.tar)" "Loaded image: busybox:latest" && same "$(apus images -q --no-trunc)" "$id"'
check "a root file system is imported, with changes" '
    tar -C rootfs -c . | apus import -c "CMD [\"cat\", \"/etc/hostname\"]" -c "ENV B=2" -c "USER user" -m note - imported:1 >new || exit 1
    same "$(apus image inspect -f "{{json .Config.Cmd}} {{.Config.User}} {{index .Config.Env 0}}" imported:1)" "[\"cat\",\"/etc/hostname\"] user B=2" && same "$(apus run --rm --network none imported:1 id -u)" 1000 && said "not a valid change command" 1 apus import -c "RUN x" - x </dev/null; code=$?; apus rmi -f imported:1 >/dev/null; exit $code'
check "an image a container uses stays" '
    apus run -d --name user --network none busybox sleep 100 >/dev/null || exit 1
    said "used by container" 1 apus rmi busybox && said "used by container" 1 apus rmi -f busybox && same "$(apus image prune -af)" "Total reclaimed space: 0B" && same "$(apus images -q | wc -l)" 1; code=$?; apus rm -f user >/dev/null; exit $code'
check "prune takes images without a name, and with -a those without a container" '
    apus tag busybox kept && tar -C rootfs/etc -c . | apus import - other:1 >/dev/null && tar -C rootfs/etc -c . | apus import -c "ENV C=3" - other:1 >/dev/null && same "$(apus images -q -f dangling=true | wc -l)" 1 || exit 1
    apus image prune -f | grep -q "^deleted: sha256:" && same "$(apus images -q | sort -u | wc -l)" 2 && echo n | apus image prune -a | grep -q "Are you sure" && same "$(apus images -q | sort -u | wc -l)" 2 || exit 1
    apus image prune -af | grep -q "^untagged: other:1" && same "$(apus images -q)" "" && apus load -q -i busybox.tar >/dev/null'
check "what is no image is refused, and leaves nothing" '
    before=$(find state/images | sort); said "No such file" 1 apus load -i nosuch && said "/etc/passwd" 1 apus load -i /etc/passwd && said "No such image" 1 apus rmi nosuch && apus rmi -f nosuch && said "lower case" 1 apus tag busybox BAD && said "No such image" 1 apus tag nosuch x && said "invalid component" 1 apus pull --platform "a/b/c/d" x && same "$(find state/images | sort)" "$before"'
check "run without its image, and without leave to pull" 'said "No such image: nosuch" 125 apus run --rm --pull never nosuch true && said "must be one of" 125 apus run --pull sometimes busybox true'
check "system df counts layers once" '
    apus tag busybox twin && apus run --name done --network none busybox true; apus system df | head -n 1 | grep -qE "^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE$" && same "$(apus system df --format "{{.Type}} {{.TotalCount}} {{.Active}}" | head -n 2)" "Images 1 1
Containers 1 0" || exit 1
    apus system prune -f | grep -q "^Deleted Containers:" && same "$(apus ps -aq)" "" && apus rmi twin >/dev/null'

if command -v docker-registry >/dev/null && command -v skopeo >/dev/null; then
    mkdir "$scratch/registry"
    printf 'version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "127.0.0.1:5000"}\n' "$scratch/registry" >"$scratch/registry.yml"
    OTEL_TRACES_EXPORTER=none docker-registry serve "$scratch/registry.yml" >"$scratch/registry.log" 2>&1 &
    registry=$!
    check "the registry is filled" 'soon "(exec 3<>/dev/tcp/127.0.0.1/5000)" && HOME=$PWD TMPDIR=$PWD skopeo --insecure-policy copy --quiet --dest-tls-verify=false docker-archive:busybox.tar docker://localhost:5000/team/box:1 || HOME=$PWD TMPDIR=$PWD skopeo --insecure-policy copy --quiet --dest-tls-verify=false oci-archive:busybox.tar docker://localhost:5000/team/box:1'
    check "pull tells what comes, and where it came from" '
        apus pull localhost:5000/team/box:1 >got && grep -qx "1: Pulling from team/box" got && grep -qE "^[0-9a-f]{12}: (Pull complete|Already exists)$" got && grep -qE "^Digest: sha256:[0-9a-f]{64}$" got && grep -qx "Status: Downloaded newer image for localhost:5000/team/box:1" got &&
        same "$(tail -n 1 got)" localhost:5000/team/box:1 && apus pull localhost:5000/team/box:1 | grep -q "^Status: Image is up to date" && same "$(apus pull -q localhost:5000/team/box:1)" localhost:5000/team/box:1 && said "MANIFEST_UNKNOWN" 1 apus pull localhost:5000/team/box:9'
    check "run pulls what is not there, and its own output stays clean" '
        apus rmi localhost:5000/team/box:1 >/dev/null; same "$(apus run --rm --network none localhost:5000/team/box:1 echo hello 2>err)" hello && grep -q "^Unable to find image .localhost:5000/team/box:1. locally" err'
    { kill $registry && wait $registry; } 2>/dev/null
else
    skip "pulling" "docker-registry or skopeo is not installed"
fi
finish
