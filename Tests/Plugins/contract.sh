# shellcheck shell=bash disable=SC2154 # $code, $out and $err are set by call
# The rows of the CNI contract which hold for every plugin. Sourced after lib.sh.

# contract PLUGIN VERSIONS [MEMBERS [RESULT]]: VERSIONS are those it supports, as a JSON array; MEMBERS make a configuration with
# which ADD succeeds in the namespace /run/netns/test; RESULT is the previous result, for a plugin whose ADD needs one.
contract() {
    local plugin=$1 versions=$2 members=${3:+,$3} result=${4-} good
    good=$(conf 1.1.0 "$plugin" "\"prevResult\":${result:-{\}}$members")
    untouched "$plugin: what is refused changes nothing" 'contract_environment; contract_input; contract_versions'
    contract_version_verb
    contract_streams
    contract_deletion
}

all_versions='["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]'

contract_environment() {
    local verb missing value
    for verb in add Del INIT "ADD "; do
        call "$plugin" "$verb" "$good"
        refused "$plugin A1: the operation '$verb' is unknown" 4 "unknown CNI_COMMAND: $verb"
    done
    for verb in ADD CHECK DEL GC STATUS; do
        case $verb in
        ADD | CHECK) missing=CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH ;;
        DEL) missing=CNI_CONTAINERID,CNI_IFNAME,CNI_PATH ;;
        *) missing=CNI_PATH ;;
        esac
        call "$plugin" "$verb" "$good" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME= CNI_PATH=
        refused "$plugin A3-A5: $verb names all variables that are missing" 4 "required env variables [$missing] missing"
    done
    for verb in ADD CHECK DEL; do
        for value in -x "a b" a/b a:b ü .x _x ../x; do
            call "$plugin" "$verb" "$good" CNI_CONTAINERID="$value"
            refused "$plugin A6, A10: $verb refuses the container ID '$value'" 4 "invalid characters in containerID $value"
        done
        for value in 1234567890123456 . .. a/b a:b "a b"; do
            call "$plugin" "$verb" "$good" CNI_IFNAME="$value"
            refused "$plugin A8, A10: $verb refuses the interface name '$value'" 4 "interface name"
        done
    done
}

contract_input() {
    local verb text
    for verb in ADD DEL CHECK STATUS GC; do
        call "$plugin" "$verb" "{\"cniVersion\":\"1.1.0\",\"type\":\"$plugin\"$members}"
        refused "$plugin A9: $verb needs a network name" 7 "missing network name"
        for text in "a b" a/b ü -x; do
            call "$plugin" "$verb" "{\"cniVersion\":\"1.1.0\",\"name\":\"$text\",\"type\":\"$plugin\"$members}"
            refused "$plugin A9, A10: $verb refuses the network name '$text'" 7 "invalid characters found in network name"
        done
        for text in '{' '' '[]' 'x' '{"cniVersion":1,"name":"n"}'; do
            call "$plugin" "$verb" "$text"
            refused "$plugin B1, B4: $verb cannot read '$text'" 6 "network configuration"
        done
        for text in 9.9.9 1.1.1 1.2; do
            call "$plugin" "$verb" "$(conf $text "$plugin" "${members#,}")"
            refused "$plugin B2: $verb refuses the version $text" 1 "config is \"$text\", plugin supports ["
        done
    done
}

contract_versions() {
    local verb version
    for version in 0.1.0 0.2.0 0.3.0 0.3.1; do
        call "$plugin" CHECK "$(conf $version "$plugin" "\"prevResult\":{}$members")"
        refused "$plugin G1: no CHECK in version $version" 1 ""
    done
    for version in 0.3.1 0.4.0 1.0.0; do
        for verb in STATUS GC; do
            call "$plugin" "$verb" "$(conf $version "$plugin" "${members#,}")"
            refused "$plugin H1: no $verb in version $version" 1 ""
        done
    done
    call "$plugin" CHECK "$(conf 1.1.0 "$plugin" "${members#,}")"
    refused "$plugin G2: CHECK needs a result" 7 "Required prevResult missing"
}

contract_version_verb() {
    local version
    for version in 0.1.0 0.4.0 1.1.0 7.7.7; do
        call "$plugin" VERSION "{\"cniVersion\":\"$version\"}" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME= CNI_PATH=
        expect "$plugin D1-D4: VERSION repeats $version" 0 "{\"cniVersion\":\"$version\",\"supportedVersions\":$versions}"
    done
    call "$plugin" VERSION '' CNI_NETNS=dummy CNI_IFNAME=dummy CNI_PATH=dummy
    expect "$plugin B13, D6: VERSION works without input" 0 "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":$versions}"
    call "$plugin" '' ''
    same "$plugin A2: without an operation it says what it is" "$code $out" "0 "
    same "$plugin A2: in the words hosts read" "$(sed -E '1s/v[0-9]+\.[0-9]+\.[0-9]+(\+[0-9A-Za-z.-]+)?$/vX.Y.Z/' <<<"$err")" \
        "$(printf 'CNI %s plugin vX.Y.Z\nCNI protocol versions supported: %s' "$plugin" "$(jq -r 'join(", ")' <<<"$versions")")"
}

# What a caller does wrong with the three standard streams.
contract_streams() {
    local variables=(CNI_COMMAND=STATUS CNI_PATH="$PLUGINS") config=$scratch/config
    conf 1.1.0 "$plugin" "\"x\":0${result:+,\"prevResult\":$result}$members" >"$config"
    env -i "${variables[@]}" "$PLUGINS/$plugin" <&- >"$scratch/out" 2>"$scratch/err"
    code=$? out=$(<"$scratch/out")
    refused "$plugin C: standard input is closed" 5 "error reading from stdin"
    env -i "${variables[@]}" "$PLUGINS/$plugin" </ >"$scratch/out" 2>"$scratch/err"
    code=$? out=$(<"$scratch/out")
    refused "$plugin C: standard input cannot be read" 5 "error reading from stdin"
    untouched "$plugin C: ADD does nothing when nobody can be told" '
        call_add >&- 2>"$scratch/err"; same "$plugin C: standard output is closed" "$? $(wc -l <"$scratch/err")" "1 1"'
    untouched "$plugin C: ADD is undone when the result cannot be written" '
        call_add >/dev/full 2>"$scratch/err"; same "$plugin C: standard output is full" "$?" 1
        { call_add 2>"$scratch/err"; echo $? >"$scratch/status"; } | true
        same "$plugin C: the reader of standard output has gone" "$(<"$scratch/status")" 1'
}

call_add() {
    # A reader that has gone is certain only after a moment.
    env -i PATH="$PATH" CNI_COMMAND=ADD CNI_CONTAINERID=test CNI_NETNS=/run/netns/test CNI_IFNAME=eth0 CNI_PATH="$PLUGINS" \
        sh -c 'sleep 0.1; exec "$0" <"$1"' "$PLUGINS/$plugin" "$config"
}

contract_deletion() {
    local version
    for version in $(jq -r '.[]' <<<"$versions"); do
        untouched "$plugin F1-F5: DEL of what was never added, version $version" '
            for variables in "" CNI_NETNS= CNI_NETNS=/nonexistent CNI_NETNS=/run/plain-file CNI_CONTAINERID=other; do
                : >/run/plain-file
                call "$plugin" DEL "$(conf $version "$plugin" "${members#,}")" $variables
                expect "$plugin F1-F5, F9: DEL in version $version with ${variables:-everything}" 0 ""
                rm /run/plain-file
            done'
    done
    untouched "$plugin F: DEL with a broken result" '
        call "$plugin" DEL "$(conf 1.1.0 "$plugin" "\"prevResult\":{\"ips\":7}$members")"
        expect "$plugin L5: DEL does without a result it cannot read" 0 ""'
    call "$plugin" STATUS "$(conf 1.1.0 "$plugin" "${members#,}")" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
    expect "$plugin H2, H5: STATUS" 0 ""
    untouched "$plugin H12, H14: GC on an empty host" '
        call "$plugin" GC "$(conf 1.1.0 "$plugin" "${members#,}")" CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
        expect "$plugin H14: GC without a list" 0 ""
        call "$plugin" GC "$(conf 1.1.0 "$plugin" "\"cni.dev/valid-attachments\":[]$members")"
        expect "$plugin H12: GC with an empty list" 0 ""'
}

# own_namespace PLUGIN [MEMBERS]: row A14, for every plugin that is not made for the host's namespace.
own_namespace() {
    local plugin=$1 members=${2:+,$2} verb
    for verb in ADD CHECK DEL; do
        untouched "$plugin A14, C3: $verb in the plugin's own namespace changes nothing" '
            call "$plugin" "$verb" "$(conf 1.1.0 "$plugin" "\"prevResult\":{}$members")" CNI_NETNS=/proc/self/ns/net
            refused "$plugin A14: $verb is refused in the own namespace" 8 "plugin'\''s netns and netns from CNI_NETNS should not be the same"'
        command -v strace >/dev/null || continue
        untouched "$plugin A14: nor does $verb when it cannot tell whose namespace it is" '
            through=$(failing %%stat EIO:when=1 -P /proc/self/ns/net)
            call "$plugin" "$verb" "$(conf 1.1.0 "$plugin" "\"prevResult\":{}$members")" CNI_NETNS=/proc/self/ns/net
            through=
            refused "$plugin A14: $verb is refused when it cannot tell" 5 "/proc/self/ns/net: Input/output error"'
    done
}
