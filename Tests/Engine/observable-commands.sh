#!/bin/bash
# What a user sees of commands, messages and exit codes: the lines O-53 to O-64 of the guide.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "$0")/lib.sh"
begin observable-commands
image busybox
image db '.config.ExposedPorts = {"3306/tcp": {}, "33060/tcp": {}} | .config.Volumes = {"/var/lib/data": {}} | .config.Cmd = ["sleep", "1000"]'
x() { apus exec "$@"; }
# said TEXT CODE COMMAND...: the command ends with CODE and says TEXT on standard error.
said() {
    local text=$1 code=$2 got
    shift 2
    "$@" >out 2>err
    got=$?
    [ "$got" = "$code" ] || { echo "status $got, not $code"; cat out err; return 1; }
    grep -qF -- "$text" err || { echo "not said: $text"; cat err; return 1; }
}
gone() { apus rm -f "$@" >/dev/null; }
export -f x said gone

check "O-53: network inspect" '
    apus network create --subnet 192.168.0.0/24 --gateway 192.168.0.1 --label a=b my-docker-net >/dev/null; apus run -tid --network my-docker-net --name centos01 busybox >/dev/null; apus create --network my-docker-net --name still busybox >/dev/null
    apus network inspect my-docker-net >got || exit 1
    same "$(jq -c ".[0] | keys_unsorted | map(select(. != \"EnableIPv4\" and . != \"Status\"))" got)" "[\"Name\",\"Id\",\"Created\",\"Scope\",\"Driver\",\"EnableIPv6\",\"IPAM\",\"Internal\",\"Attachable\",\"Ingress\",\"ConfigFrom\",\"ConfigOnly\",\"Containers\",\"Options\",\"Labels\"]" || exit 1
    same "$(jq -c ".[0] | [.Scope, .Driver, .EnableIPv6, .IPAM.Driver, .IPAM.Config, .Internal, .Attachable, .Ingress, .ConfigFrom, .ConfigOnly, .Labels]" got)" "[\"local\",\"bridge\",false,\"default\",[{\"Subnet\":\"192.168.0.0/24\",\"Gateway\":\"192.168.0.1\"}],false,false,false,{\"Network\":\"\"},false,{\"a\":\"b\"}]" || exit 1
    same "$(jq -c ".[0].Containers | to_entries | map(.value | del(.EndpointID))" got)" "[{\"Name\":\"centos01\",\"MacAddress\":\"02:42:c0:a8:00:02\",\"IPv4Address\":\"192.168.0.2/24\",\"IPv6Address\":\"\"}]" || exit 1
    jq -r ".[0].Containers | keys[0]" got | grep -qE "^[0-9a-f]{64}$" && jq -r ".[0].Containers[].EndpointID" got | grep -qE "^[0-9a-f]{64}$"; code=$?; gone still; exit $code'
check "O-54: the gateway is shown, chosen or not" '
    same "$(apus network inspect bridge | jq -c ".[0].IPAM.Config")" "[{\"Subnet\":\"172.17.0.0/16\",\"Gateway\":\"172.17.0.1\"}]" || exit 1
    apus network create --subnet 10.98.0.0/16 --ip-range 10.98.1.0/28 part >/dev/null; apus network inspect part | jq -r ".[0].IPAM.Config[0].Gateway" | grep -qE "^10\.98\.(0\.1|1\.0)$" || exit 1
    apus run --rm --network part busybox ip -4 -o address show eth0 | grep -qE "10\.98\.1\.([1-9]|1[0-5])/16"; code=$?; apus network rm part >/dev/null; exit $code'
check "O-55: network rm" '
    said "has active endpoints" 1 apus network rm my-docker-net && said "bridge is a pre-defined network and cannot be removed" 1 apus network rm bridge && said "network nosuch not found" 1 apus network rm nosuch'
check "O-56: network create" '
    said "network with name my-docker-net already exists" 1 apus network create my-docker-net && said "Pool overlaps with other one on this address space" 1 apus network create --subnet 192.168.0.128/25 other &&
    said "no matching subnet for gateway" 1 apus network create --subnet 10.9.0.0/24 --gateway 10.8.0.1 other && said "plugin \"nosuch\" not found" 1 apus network create --driver nosuch other && same "$(apus network ls -q | wc -l)" 4'
check "O-57: network connect" '
    said "endpoint with name centos01 already exists in network my-docker-net" 1 apus network connect my-docker-net centos01 && said "cannot connect container to host network" 1 apus network connect host centos01 || exit 1
    apus run -tid --network none --name alone busybox >/dev/null; said "container cannot be connected to multiple networks with one of the networks in private (none) mode" 1 apus network connect my-docker-net alone || exit 1
    apus run -tid --network container:centos01 --name sharer busybox >/dev/null; said "container sharing network namespace with another container or host cannot be connected" 1 apus network connect my-docker-net sharer || exit 1
    gone alone sharer; said "No such container: nosuch" 1 apus network connect my-docker-net nosuch && said "network nosuch not found" 1 apus network connect nosuch centos01'
check "O-58: network ls and its filters" '
    ls() { apus network ls --format "{{.Name}}" "$@" | tr "\n" " "; }
    same "$(ls -f label=a=b)$(ls -f label=a)" "my-docker-net my-docker-net " && same "$(ls -f driver=host -f driver=null)" "host none " && same "$(ls -f type=custom)" "my-docker-net " && same "$(ls -f type=builtin)" "bridge host none " &&
    same "$(ls -f name=dock)" "my-docker-net " && same "$(ls -f scope=global)" "" && same "$(ls -f id=$(apus network ls -q -f name=dock))" "my-docker-net " && said "invalid filter" 1 apus network ls -f bogus=1 || exit 1
    apus network create idle >/dev/null; same "$(ls -f dangling=true)" "idle "'
check "O-59: network prune" '
    apus network create --config-only --subnet 10.77.0.0/24 template >/dev/null; same "$(apus network prune -f)" "Deleted Networks:
idle" && apus network inspect template my-docker-net >/dev/null && apus network create --config-from template made >/dev/null && same "$(apus network inspect made | jq -r ".[0].IPAM.Config[0].Subnet")" 10.77.0.0/24 && apus network rm made template >/dev/null'
check "O-60: exit codes" '
    apus run --rm busybox sh -c "exit 7"; same $? 7 || exit 1
    apus run --rm busybox nosuch; same $? 127 || exit 1
    apus run --rm busybox /etc/passwd; same $? 126 || exit 1
    apus run --rm --nosuch-flag busybox true; same $? 125 || exit 1
    x centos01 sh -c "exit 9"; same $? 9 || exit 1
    x centos01 nosuch; same $? 127 || exit 1
    x centos01 /etc/passwd; same $? 126 || exit 1
    x nosuch true; same $? 1 || exit 1
    apus run -d --name slow busybox sh -c "trap : TERM; while :; do sleep 0.1; done" >/dev/null; apus stop -t 1 slow >/dev/null; apus ps -a --format "{{.Status}}" -f name=slow | grep -q "^Exited (137)"; code=$?; gone slow; exit $code'
check "O-62: events" '
    since=$(date +%s); apus run -tid --name ev busybox >/dev/null; apus network connect my-docker-net ev; apus network disconnect my-docker-net ev; gone ev; apus events --since "$since" --until "$(($(date +%s) + 1))" --format json >events || exit 1
    id=$(jq -r "select(.Type == \"network\" and .Action == \"connect\") | .Actor.Attributes.container" events | head -n 1); [ ${#id} = 64 ] || { cat events; exit 1; }
    same "$(jq -c "select(.Type == \"network\" and .Actor.Attributes.name == \"my-docker-net\") | [.Action, .Actor.Attributes.type, .scope]" events)" "[\"connect\",\"bridge\",\"local\"]
[\"disconnect\",\"bridge\",\"local\"]" && for action in create start die destroy; do jq -es "any(.[]; .Type == \"container\" and .Action == \"$action\")" events >/dev/null || { echo $action; exit 1; }; done'
check "O-63: a volume is filled by the image, once; a directory is made by -v alone" '
    apus run --rm -v stuff:/etc busybox sh -c "ls /etc/passwd; echo more >/etc/more" >/dev/null || exit 1; same "$(apus run --rm -v stuff:/data busybox sh -c "cat /data/more; ls /data/passwd")" "more
/data/passwd" || exit 1
    apus run --rm -v "$scratch/made/here:/d" busybox touch /d/f && [ -f made/here/f ] || exit 1
    said "bind source path does not exist" 125 apus run --rm --mount "type=bind,source=$scratch/missing,target=/d" busybox true && [ ! -e missing ] && apus volume rm stuff >/dev/null'
check "O-64: states as ps and inspect tell them" '
    status() { apus ps -a --format "{{.Status}}" -f name=^ss$; }
    apus create --name ss busybox sleep 1000 >/dev/null; same "$(status)" Created || exit 1
    apus start ss >/dev/null; status | grep -qE "^Up (Less than a second|[0-9]+ seconds?)$" || exit 1
    apus pause ss >/dev/null; status | grep -q "(Paused)$" || exit 1; apus unpause ss >/dev/null
    same "$(apus top ss | head -n 1 | tr -s " " | sed "s/ *$//")" "UID PID PPID C STIME TTY TIME CMD" && apus top ss | grep -q "sleep 1000" || exit 1
    apus kill ss >/dev/null; same "$(apus wait ss)" 137 && status | grep -qE "^Exited \(137\) (Less than a second|[0-9]+ seconds?) ago$" || exit 1
    same "$(apus rename ss tt && apus inspect tt | jq -r ".[0].Name")" /tt && same "$(apus rm tt)" tt && said "No such container: tt" 1 apus rm ttt'
check "the guide's columns" '
    apus run -tid --name data db >/dev/null; apus ps | head -n 1 | grep -qE "^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$" || exit 1
    apus ps -f name=^data$ | tail -n 1 | grep -qE "^[0-9a-f]{12} +db +\"sleep 1000\" +(Less than a second|[0-9]+ seconds?) ago +Up (Less than a second|[0-9]+ seconds?) +3306/tcp, 33060/tcp +data$" || { apus ps; exit 1; }
    same "$(apus inspect data | jq -c ".[0].Mounts[0] | [.Type, .Destination]")" "[\"volume\",\"/var/lib/data\"]" && apus rm -f -v data >/dev/null && same "$(apus volume ls -q)" ""'
check "mistakes of a person" '
    said "network nosuch not found" 125 apus run --network nosuch busybox true && said "nosuch" 125 apus run --rm --network container:nosuch busybox true && said "No such" 1 apus stop nosuch && said "is already in use by container" 125 apus run --name centos01 busybox true || exit 1
    apus rn x 2>err; [ $? != 0 ] && grep -q "run" err || { cat err; exit 1; }
    said "cannot remove" 1 apus rm centos01 || said "container is running" 1 apus rm centos01'
check "all of it can be removed" 'gone $(apus ps -aq); apus network rm my-docker-net >/dev/null && same "$(apus ps -aq)" "" && stop_daemon'
finish '^apus0$|^br_?'
