#!/bin/bash
# Programs which break one rule each: the case for that rule has to fail. A suite that misses one of them checks less than it says.
#
# A mutant is a script around our own program. It has its input in $input, and says
#   run            calls the program with $input
#   pass           calls it and ends as it does
#   edit FILTER    changes $input with jq
#   is VERB        whether CNI_COMMAND is VERB
#   between BODY   puts a script between the plugin and its address manager; BODY has the same words
# shellcheck disable=SC2016 # the bodies are scripts of their own
. "$(dirname "$0")/lib.sh"
begin mutants
command -v jq >/dev/null || { skip mutants "jq is not in PATH"; finish_tap; }

# words PROGRAM: the beginning of every script; PROGRAM is what it stands for.
words() {
    cat <<END
#!/bin/sh
real=$1
[ -t 0 ] && input= || input=\$(cat 2>/dev/null)
run() { printf '%s' "\$input" | "\$real" "\$@"; }
pass() { run "\$@"; exit; }
edit() { new=\$(printf '%s' "\$input" | jq -c "\$@" 2>/dev/null) && [ -n "\$new" ] && input=\$new; }
is() { [ "\$CNI_COMMAND" = "\$1" ]; }
between() {
    manager=\$(printf '%s' "\$input" | jq -r '.ipam.type // empty' 2>/dev/null)
    [ -n "\$manager" ] || return 0
    for folder in \$(printf '%s' "\$CNI_PATH" | tr : ' '); do [ -x "\$folder/\$manager" ] && break; done
    mkdir -p /run/conformance/between
    { sed '/^# body/,\$d' "\$0" | sed "s|^real=.*|real=\$folder/\$manager|"; printf '%s\npass\n' "\$1"; } >"/run/conformance/between/\$manager"
    chmod +x "/run/conformance/between/\$manager"
    CNI_PATH=/run/conformance/between:\$CNI_PATH
    export CNI_PATH
}
# body
END
}

# caught NAME CASE COMMAND...: the case fails, and for what it found.
caught() {
    local name=$1 case=$2
    shift 2
    "$suite" "$@" >"$scratch/out" 2>&1
    if [ $? = 1 ] && grep -q "FAILED  $case" "$scratch/out"; then
        ok "$case catches: $name"
    else
        not_ok "$case misses: $name" <"$scratch/out"
    fi
}

number=0
# mutant NAME TYPE CASE BODY
mutant() {
    local folder=$scratch/mutant-$((number += 1))
    mkdir -p "$folder/.real"
    cp -l "$scratch/plugins/"* "$folder/"
    ln "$scratch/plugins/$2" "$folder/.real/$2"
    [ ! -x "$folder/apus-netd" ] || ln "$folder/apus-netd" "$folder/.real/"
    rm "$folder/$2"
    { words "$folder/.real/$2"; printf '%s\npass "$@"\n' "$4"; } >"$folder/$2"
    chmod +x "$folder/$2"
    [ -n "$3" ] || return 0
    caught "$1" "$3" plugin --path "$folder" --type "$2" --ipam host-local --level known --case "$3"
    cases["$2"]+=" --case $3"
}
declare -A cases

mutant "exit code 0 for an error" bridge cni.C1.code 'out=$(run "$@"); printf "%s\n" "$out"; exit 0'
mutant "the wrong error code" bridge cni.A6.bad 'run "$@" | sed "s/\"code\":4/\"code\":999/"; exit 1'
mutant "a second document behind the result" bridge cni.C3.one 'is ADD && { run; echo "{}"; exit; }'
mutant "a word behind DEL" bridge cni.C8.del 'is DEL && { run && echo done; exit; }'
mutant "CHECK prints the result" bridge cni.C8.check 'is CHECK && { run && echo "{}"; exit; }'
mutant "STATUS prints something" bridge cni.C8.new 'is STATUS && { run && echo "{}"; exit; }'
mutant "the error object goes to standard error" bridge cni.C2.object 'out=$(run "$@") && { printf "%s" "$out"; exit 0; }; printf "%s" "$out" >&2; exit 1'
mutant "an error without a msg" bridge cni.C2.object 'out=$(run "$@") && { printf "%s" "$out"; exit 0; }; printf "%s" "$out" | jq -c "del(.msg)"; exit 1'
mutant "an error without a version" bridge cni.C2.version 'out=$(run "$@") && { printf "%s" "$out"; exit 0; }; printf "%s" "$out" | jq -c "del(.cniVersion)"; exit 1'
mutant "input that cannot be read is an empty one" loopback cni.C5.input '[ -n "$input" ] || exit 0'
mutant "error 4 names no variable" bridge cni.C5.variables 'out=$(run "$@") && { printf "%s" "$out"; exit 0; }; printf "%s" "$out" | sed "s/CNI_[A-Z]*/it/g"; exit 1'
mutant "the result always has the newest version" bridge cni.E3.version 'is ADD && { out=$(run); code=$?; printf "%s" "$out" | jq -c ".cniVersion=\"1.1.0\""; exit $code; }'
mutant "any version is accepted" bridge cni.B2.unsupported 'edit "if .cniVersion|IN(\"9.9.9\",\"1.1.1\",\"0.0.1\") then .cniVersion=\"1.1.0\" else . end"'
mutant "input that is no JSON is an empty configuration" loopback cni.B1.broken 'printf "%s" "$input" | jq -e "type == \"object\"" >/dev/null 2>&1 || input="{\"cniVersion\":\"1.1.0\",\"name\":\"x\"}"'
mutant "a network without a name" bridge cni.A9.name 'edit ".name //= \"x\""'
mutant "operations in small letters" bridge cni.A1.unknown 'CNI_COMMAND=$(printf "%s" "$CNI_COMMAND" | tr a-z A-Z); export CNI_COMMAND'
mutant "VERSION does not repeat the version" bridge cni.D3.echo 'is VERSION && input='
mutant "VERSION needs CNI_PATH" bridge cni.D1.alone 'is VERSION && [ -z "$CNI_PATH" ] && exit 1'
mutant "VERSION without a list" bridge cni.D2.keys 'is VERSION && { printf "{\"cniVersion\":\"1.1.0\"}"; exit; }'
mutant "VERSION lists what is not accepted" firewall cni.D4.listed 'is VERSION && { run | jq -c ".supportedVersions=[\"0.3.1\"]+.supportedVersions"; exit; }'
mutant "a bare run is an error" bridge cni.A2.bare '[ -n "$CNI_COMMAND" ] || exit 1'
mutant "a missing variable has a default" bridge cni.A3.add 'export CNI_IFNAME="${CNI_IFNAME:-eth0}"'
mutant "CNI_PATH is not needed" bridge cni.A4.path 'export CNI_PATH="${CNI_PATH:-/usr/lib/cni}"'
mutant "a long interface name is cut" bridge cni.A8.bad 'CNI_IFNAME=$(printf "%.15s" "$CNI_IFNAME"); export CNI_IFNAME'
mutant "a bad container ID is mended" bridge cni.A6.bad 'CNI_CONTAINERID=$(printf "%s" "$CNI_CONTAINERID" | tr -c "a-zA-Z0-9" x); export CNI_CONTAINERID'
mutant "a refused call has made a file" bridge cni.A10.before 'is ADD && : >"/run/tried$$"'
mutant "words of the command line count" bridge cni.A17.argv '[ -z "$1" ] || export CNI_COMMAND="$1"'
mutant "a variable of somebody else's is an error" bridge cni.A15.foreign '[ -z "$TRACEPARENT" ] || exit 1'
mutant "IgnoreUnknown is ignored" bridge cni.A12.ignore 'case $CNI_ARGS in *FOO*) echo "{\"code\":7,\"msg\":\"unknown args\"}"; exit 1 ;; esac'
mutant "Kubernetes' arguments are refused" bridge cni.A13.pod 'case $CNI_ARGS in *K8S*) exit 1 ;; esac'
mutant "the own namespace is as good as another" bridge cni.A14.own 'export CNI_NETNS_OVERRIDE=1'
mutant "only the first 64 KiB are read" bridge cni.B13.long '[ ${#input} -lt 65536 ] || input=$(printf "%s" "$input" | head -c 100)'
mutant "names match in one case only" bridge cni.B6.case 'edit "if has(\"Name\") then .Name=null else . end"'
mutant "ipMasq is ignored" bridge cni.B14.masquerade 'edit "del(.ipMasq)"'
mutant "name servers change places" bridge cni.B14.dns 'is ADD && { run | jq -c ".dns.nameservers |= reverse"; exit; }'
mutant "the interface has a name of its own" bridge cni.E1.name 'is ADD && export CNI_IFNAME=eth0'
mutant "the interface is left down" bridge cni.E1.creates 'is ADD && { run; code=$?; ip netns exec "${CNI_NETNS##*/}" ip link set "$CNI_IFNAME" down; exit $code; }'
mutant "an interface of that name is replaced" bridge cni.E2.exists 'is ADD && ip -n "${CNI_NETNS##*/}" link delete "$CNI_IFNAME" 2>/dev/null'
mutant "a second ADD is like a first one" bridge cni.E10.twice 'is ADD && { out=$(CNI_COMMAND=DEL run); }'
mutant "everybody gets the same address" host-local cni.E11.together 'is ADD && { run | sed "s|10.77.0.[0-9]*/24|10.77.0.77/24|"; exit; }'
mutant "the address manager is not told of a failure" bridge cni.E6.delegate 'is ADD && between "is DEL && exit 0"'
mutant "an address is kept after a failure" bridge cni.E7.later 'is ADD && between "is DEL && exit 0"'
mutant "a chained plugin does nothing without prevResult" firewall cni.E9.alone 'is ADD && edit "if .prevResult then . else .prevResult={} end"'
mutant "prevResult is not handed on" firewall cni.E4.hands-on 'is ADD && { run | jq -c "{cniVersion}"; exit; }'
mutant "members of 1.1.0 get lost" firewall cni.E5.all 'is ADD && { run | jq -c "del(.interfaces[].mtu)"; exit; }'
mutant "routes lose their table" firewall cni.E5.all 'is ADD && { run | jq -c "del(.routes[]?.table)"; exit; }'
mutant "a second DEL is an error" bridge cni.F1.twice 'is DEL && { [ ! -e /run/conformance/deleted ] || exit 1; mkdir -p /run/conformance; : >/run/conformance/deleted; }'
mutant "DEL of a stranger is an error" host-local cni.F2.never 'is DEL && { [ -n "$(ls /run/cni /var/lib/cni/networks/*/* 2>/dev/null | grep .)" ] || :; [ "$CNI_CONTAINERID" != c2 ] || exit 1; }'
mutant "DEL without a namespace does nothing" bridge cni.F3.no-namespace 'is DEL && [ -z "$CNI_NETNS" ] && exit 0'
mutant "DEL of a namespace that has gone is an error" bridge cni.F4.gone 'is DEL && [ ! -e "$CNI_NETNS" ] && exit 1'
mutant "DEL needs prevResult" bridge cni.F5.no-result 'is DEL && { printf "%s" "$input" | jq -e ".prevResult" >/dev/null || exit 0; }'
mutant "DEL is not forwarded" bridge cni.F7.forwards 'is DEL && edit "del(.ipam)"'
mutant "DEL takes the neighbours' interfaces, too" bridge cni.F8.own 'is DEL && for link in $(ip -o link show master cnf0 2>/dev/null | sed "s/^[0-9]*: //; s/@.*//"); do ip link delete "$link"; done'
mutant "DEL leaves a link" bridge cni.F8.undoes 'is ADD && ip link add "leak$$" type veth peer name "kael$$"'
mutant "DEL leaves a rule" bridge cni.F8.undoes 'is ADD && nft "add table inet leak$$"'
mutant "DEL leaves a file" bridge cni.F8.undoes 'is ADD && : >"/run/leak$$"'
mutant "DEL leaves a route" bridge cni.F8.undoes 'is ADD && ip route add "10.200.$(($$ % 250)).0/24" dev lo'
mutant "the default route that was replaced does not come back" route cni.F8.undoes 'is DEL && { run; code=$?; ip -n "${CNI_NETNS##*/}" route delete default 2>/dev/null; exit $code; }'
mutant "the default route that was replaced is remembered on the host for ever" route cni.F4.gone 'is ADD && mkdir -p /run/replaced && : >"/run/replaced/$CNI_CONTAINERID"; is DEL && [ -e "$CNI_NETNS" ] && rm -f "/run/replaced/$CNI_CONTAINERID"'
mutant "routes change places" route cni.E5.all 'is ADD && { run | jq -c ".routes |= reverse"; exit; }'
# What is open or mounted keeps a namespace alive, and with it the host's end of its link.
hold='is ADD && { place=/run/conformance/held/$CNI_CONTAINERID; mkdir -p "${place%/*}"; : >"$place"; mount --bind "$CNI_NETNS" "$place"; }'
mutant "a namespace that has gone is not let go of by DEL" dns cni.F4.gone "$hold"
mutant "a namespace that has gone is not let go of by GC" dns cni.H8.stale "$hold; is DEL && umount /run/conformance/held/\$CNI_CONTAINERID 2>/dev/null"
mutant "CHECK is always content" bridge cni.G3.address 'is CHECK && exit 0'
mutant "CHECK does not look for routes" bridge cni.G3.route 'is CHECK && edit ".prevResult.routes=[]"'
mutant "CHECK without prevResult is content" bridge cni.G2.result 'is CHECK && edit "if .prevResult then . else .cniVersion=\"9\" end" && case $input in *\"9\"*) exit 0 ;; esac'
mutant "CHECK before 0.4.0" bridge cni.G1.since 'is CHECK && case $input in *\"cniVersion\":\"0.[123]*) exit 0 ;; esac'
mutant "CHECK does not see a lost reservation" host-local cni.G4.reservation 'is CHECK && exit 0'
mutant "CHECK does not see lost rules" bridge cni.G4.rules 'is CHECK && edit "del(.ipMasq)"'
mutant "CHECK is not forwarded" bridge cni.G6.forwards 'is CHECK && edit "del(.ipam)"'
mutant "CHECK insists on the hardware address" bridge cni.G5.later 'is CHECK && [ "$(ip -n "${CNI_NETNS##*/}" -j link show "$CNI_IFNAME" | jq -r ".[0].mtu")" != 1500 ] && exit 1'
mutant "CHECK repairs" bridge cni.G8.looks 'is CHECK && : >"/run/checked$$"'
mutant "STATUS before 1.1.0" bridge cni.H1.status 'is STATUS && exit 0'
mutant "STATUS does not miss the address manager" bridge cni.H2.cannot 'is STATUS && exit 0'
mutant "STATUS knows of no exhausted pool" host-local cni.H3.exhausted 'is STATUS && exit 0'
mutant "STATUS is not forwarded" bridge cni.H4.forwards 'is STATUS && exit 0'
mutant "STATUS needs a container" bridge cni.H5.alone 'is STATUS && [ -z "$CNI_CONTAINERID" ] && exit 1'
mutant "GC does nothing" host-local cni.H8.stale 'is GC && exit 0'
mutant "GC removes too much" host-local cni.H7.valid 'is GC && edit ".[\"cni.dev/valid-attachments\"]=[]"'
mutant "GC looks at containers only" host-local cni.H8.interface 'is GC && edit ".[\"cni.dev/valid-attachments\"] += [.[\"cni.dev/valid-attachments\"][] | .ifname=\"eth1\"]"'
mutant "GC without a list removes everything" host-local cni.H12.missing 'is GC && edit ".[\"cni.dev/valid-attachments\"] //= []"'
mutant "GC is not forwarded" bridge cni.H9.forwards 'is GC && exit 0'
mutant "0.2.0 in the shape of 0.3.0" host-local cni.I1.oldest 'is ADD && case $input in *\"0.2.0\"*) edit ".cniVersion=\"0.3.0\""; run | jq -c ".cniVersion=\"0.2.0\""; exit ;; esac'
mutant "0.4.0 without families" bridge cni.I2.middle 'is ADD && { run | jq -c "del(.ips[]?.version)"; exit; }'
mutant "1.0.0 with families" bridge cni.I3.newer 'is ADD && { run | jq -c ".ips[]?.version=\"4\""; exit; }'
mutant "a sandbox of its own" bridge cni.I5.sandbox 'is ADD && { run | jq -c "(.interfaces[]?|select(.sandbox)|.sandbox)=\"/proc/1/ns/net\""; exit; }'
mutant "an address manager with interfaces" host-local cni.I6.abbreviated 'is ADD && { run | jq -c ".interfaces=[]"; exit; }'
mutant "hardware addresses in capital letters" bridge cni.I12.forms 'is ADD && { run | jq -c ".interfaces[]?.mac |= ascii_upcase"; exit; }'
mutant "mac of runtimeConfig is ignored" bridge cni.M6.mac 'edit "del(.runtimeConfig.mac)"'
mutant "ips of runtimeConfig are ignored" host-local cni.M5.addresses 'edit "del(.runtimeConfig.ips)"'
mutant "CNI_ARGS come before runtimeConfig" bridge cni.B12.mac '[ -z "$CNI_ARGS" ] || edit "del(.runtimeConfig) | del(.args)"'
mutant "the address manager gets a part of the configuration" bridge cni.N1.input 'between "edit \"del(.unknownKey)\""'
mutant "the address manager's standard error is lost" bridge cni.N2.errors 'between "exec 2>/dev/null"'
mutant "the address manager's code is lost" bridge cni.N3.add 'run "$@" | sed "s/\"code\":142/\"code\":999/"; exit 1'
mutant "a path leads to an address manager" bridge cni.N7.slash 'edit ".ipam.type |= split(\"/\")[-1]"'
mutant "the address manager's failing DEL is no error" bridge cni.N3.del 'is DEL && { run >/dev/null; exit 0; }'
mutant "the address manager inherits a descriptor" bridge cni.N9.descriptors 'between "exec 7</dev/zero"'
mutant "a process is left" bridge cni.R2.processes 'is ADD && { sleep 300 >/dev/null 2>&1 </dev/null & }'
mutant "a kill in between leaves something" loopback cni.R1.add 'is ADD && { : >/run/half; run; code=$?; rm /run/half; exit $code; }'
mutant "a result that cannot be written is a success" bridge cni.R4.full 'is ADD && { run; exit 0; }'

cp "$BUILD/apus-cni" "$scratch/apus-cni"
# host NAME CASE BODY: a mutant of the host. VERB is its first word; `reading FILTER` changes the list it reads; `sending FILTER`
# changes what plugins are sent; `dropping OPERATION` keeps it from them.
host() {
    local folder=$scratch/host-$((number += 1)) file
    mkdir "$folder" && cp -l "$scratch/apus-cni" "$folder/apus-cni"
    file=$folder/host
    {
        cat <<END
#!/bin/sh
real=$folder/apus-cni
reading() {
    mkdir -p /run/conformance/mutated
    for file in "\$NETCONFPATH"/*.conflist; do jq -c "\$1" "\$file" >"/run/conformance/mutated/\${file##*/}"; done
    export NETCONFPATH=/run/conformance/mutated
}
sending() {
    mkdir -p /run/conformance/shims
    for type in rec-one rec-two rec-three; do
        cat >/run/conformance/shims/\$type <<SHIM
#!/bin/sh
[ "\\\$CNI_COMMAND" = VERSION ] && exec /run/conformance/plugins/\$type
jq -c '\$1' | /run/conformance/plugins/\$type
SHIM
        chmod +x /run/conformance/shims/\$type
    done
    export CNI_PATH=/run/conformance/shims:\$CNI_PATH
}
dropping() {
    sending .
    sed -i "2i [ \"\\\$CNI_COMMAND\" != \$1 ] || exit 0" /run/conformance/shims/*
}
END
        printf '%s\n"$real" "$@"\n' "$3"
    } >"$file"
    chmod +x "$file"
    [ -n "$2" ] || return 0
    caught "$1" "$2" host --level known --case "$2" -- "$file"
    host_cases+=" --case $2"
}
host_cases=

host "the oldest of several versions" cni.J1.highest 'reading "del(.cniVersions)"'
host "a list without a name" cni.J2.name 'reading ".name //= \"net\""'
host "a name that is a path" cni.J2.characters '[ "$1" != add ] || { reading ".name=\"net\""; shift 2; exec "$real" add net "$@"; }'
host "CHECK in spite of disableCheck" cni.J4.disable-check 'reading "del(.disableCheck)"'
host "the folder in spite of loadOnlyInlinedPlugins" cni.J5.inlined 'reading ".plugins += [{type: \"rec-two\"}]"'
host "loadOnlyInlinedPlugins without plugins" cni.J5.none 'reading ".plugins //= [{type: \"rec-two\"}] | del(.loadOnlyInlinedPlugins)"'
host "the folder is not looked at" cni.J6.folder 'reading .'
host "every folder counts" cni.J6.other 'reading ".plugins += [{type: \"rec-two\"}]"'
host "the last file counts" cni.J7.first 'rm -f "$NETCONFPATH/10-a.conflist"'
host "unknown members get lost" cni.J10.unchanged 'sending "del(.keyA)"'
host "numbers go through floating point" cni.J10.big 'sending ".big |= (. + 0.0)"'
host "no name for the plugin" cni.K1.inserted 'sending "del(.name)"'
host "no prevResult in a chain" cni.K2.add 'sending "del(.prevResult)"'
host "DEL without prevResult" cni.K2.final '[ "$1" != del ] || sending "del(.prevResult)"'
host "CHECK with another result" cni.K2.check '[ "$1" != check ] || sending ".prevResult.ips=[]"'
host "capabilities nobody declared" cni.K3.capabilities 'sending ".runtimeConfig.mac=\"02:00:00:00:00:99\""'
host "capabilities stay in the request" cni.K4.removed 'sending ".capabilities={portMappings: true}"'
host "GC without a list" cni.K5.valid 'sending "del(.[\"cni.dev/valid-attachments\"])"'
host "a plugin's error is a success" cni.K6.stops '[ "$1" != add ] || { "$real" "$@"; exit 0; }'
host "a plugin's error is not told" cni.K6.stops '[ "$1" != add ] || { "$real" "$@" >/dev/null 2>&1; exit; }'
host "a plugin's standard error is lost" cni.K12.errors 'exec 2>/dev/null'
host "DEL in the order of ADD" cni.K7.reverse '[ "$1" != del ] || { rm -rf /var/lib/cni/results; reading ".plugins |= reverse"; }'
host "the result is kept after DEL" cni.K7.forgets '[ "$1" != del ] || { cp -r /var/lib/cni /run/conformance/kept; "$real" "$@"; code=$?; cp -r /run/conformance/kept/. /var/lib/cni/; exit $code; }'
host "CHECK stops at no error" cni.K8.stops '[ "$1" != check ] || { "$real" "$@"; exit 0; }'
host "CHECK of what was never added" cni.K8.never '[ "$1" != check ] || CNI_COMMAND=CHECK CNI_CONTAINERID=x CNI_NETNS=/run/netns/blue CNI_IFNAME=eth0 /run/conformance/plugins/rec-one </dev/null'
host "GC in spite of disableGC" cni.K9.disabled 'reading "del(.disableGC)"'
host "CNI_ARGS get lost" cni.K11.args 'unset CNI_ARGS'
host "CHECK with other parameters" cni.K15.same '[ "$1" != check ] || sending "del(.runtimeConfig)"'
host "no DEL after an ADD that failed" cni.K16.rolls-back 'case $1 in add) dropping DEL ;; del) exit 0 ;; esac'
host "the result is kept nowhere" cni.L0.stored '[ "$1" != add ] || { "$real" "$@"; code=$?; rm -rf /var/lib/cni/*; exit $code; }'
host "everybody may read the cache" cni.L1.place '[ "$1" != add ] || { "$real" "$@"; code=$?; chmod 644 /var/lib/cni/results/*; exit $code; }'
host "a broken cache breaks DEL" cni.L5.broken '[ "$1" != del ] || for file in /var/lib/cni/results/*; do jq -e .kind "$file" >/dev/null || exit 1; done'

# The same cases pass behind a script which changes nothing, so it is the change that they catch.
for type in "${!cases[@]}"; do
    mutant "" "$type" "" :
    # shellcheck disable=SC2086 # options, one word each
    conform "none of them fails for $type itself" plugin --path "$scratch/mutant-$number" --type "$type" --ipam host-local \
        --level known ${cases[$type]}
done
host "" "" :
# shellcheck disable=SC2086 # options, one word each
conform "none of them fails for apus-cni itself" host --level known $host_cases -- "$scratch/host-$number/host"
finish_tap
