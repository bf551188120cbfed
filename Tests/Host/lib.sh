# shellcheck shell=bash
# What the suites of this folder share, on top of that of Tests/Plugins: the host's own calls, and plugins that note how they are called.
#
#   cni COMMAND [WORD...]         sets $out, $err and $code; plugins are the recorders, networks are in $networks
#   network NAME [VERSION] [JQ]   a network of the recorders one, two and three, changed by the filter JQ
#   does PLUGIN VERB SHELL        what a recorder does instead of answering; its input is in $input
#   calls                         the recorders' calls since the last `fresh`, as "VERB:PLUGIN ..."
#   input PLUGIN VERB             what a recorder was given last
#   fresh                         forgets all that was done: calls, cache, behaviour
. "$(dirname "${BASH_SOURCE[0]}")/../Plugins/lib.sh"

# host NAME [PLUGIN...]: enters the enclosure and makes the recorders.
host() {
    begin "$1" apus-cni "${@:2}"
    export networks=$scratch/networks recorders=$scratch/recorders cache=$scratch/cache record=$scratch/record
    mkdir -p "$networks" "$recorders"
    cat >"$recorders/one" <<'END'
#!/bin/sh
type=${0##*/}
input=$(cat)
if [ "$CNI_COMMAND" = VERSION ] && [ ! -e "$record/$type.VERSION" ]; then
    echo '{"cniVersion":"1.1.0","supportedVersions":["0.1.0","0.2.0","0.3.0","0.3.1","0.4.0","1.0.0","1.1.0"]}'
    exit
fi
echo "$CNI_COMMAND:$type" >>"$record/calls"
echo "$CNI_CONTAINERID|$CNI_NETNS|$CNI_IFNAME|$CNI_ARGS|$CNI_PATH" >"$record/$type.$CNI_COMMAND.environment"
printf '%s' "$input" >"$record/$type.$CNI_COMMAND.input"
if [ -e "$record/$type.$CNI_COMMAND" ]; then . "$record/$type.$CNI_COMMAND"; exit; fi
if [ "$CNI_COMMAND" = ADD ]; then
    printf %s "$input" | jq -c --arg type "$type" '.cniVersion as $v | (.prevResult // {cniVersion: $v, interfaces: [], dns: {}})
        | .interfaces += [{name: $type}]'
fi
END
    chmod +x "$recorders/one"
    ln "$recorders/one" "$recorders/two" && ln "$recorders/one" "$recorders/three"
    container test
    fresh
    network net
}

network() {
    jq -n --arg name "$1" --arg version "${2:-1.1.0}" '{cniVersion: $version, name: $name,
        plugins: [{type: "one"}, {type: "two"}, {type: "three"}]} | '"${3:-.}" >"$networks/$1.conflist"
}

fresh() {
    rm -rf "$cache" "$record"
    mkdir -p "$record"
}

does() { printf '%s\n' "$3" >"$record/$1.$2"; }
calls() { cat "$record/calls" 2>/dev/null | xargs; }
forget_calls() { rm -f "$record/calls"; }
# part TEXT NAME: the member NAME of TEXT and all behind it, as it stands there: jq would write numbers anew.
part() { grep -o "\"$2\":.*" <<<"$1"; }
input() { cat "$record/$1.$2.input"; }
environment() { cat "$record/$1.$2.environment"; }

cni() {
    CNI_PATH=${path-$recorders} NETCONFPATH=$networks timeout -k 1 "${limit:-30}" "$PLUGINS/apus-cni" --cache-dir "$cache" "$@" \
        >"$scratch/out" 2>"$scratch/err" </dev/null
    code=$?
    out=$(<"$scratch/out") err=$(<"$scratch/err")
}

add() { cni add "${1:-net}" /run/netns/test "${@:2}"; }
del() { cni del "${1:-net}" /run/netns/test "${@:2}"; }
check() { cni check "${1:-net}" /run/netns/test "${@:2}"; }

# fails NAME TEXT: the last call of `cni` ended with 1, and TEXT is in what it said to a person.
fails() {
    if [ "$code" = 1 ] && grep -qF -- "$2" <<<"$err"; then ok "$1"; else
        not_ok "$1" < <(printf 'status %s, wanted 1 and: %s\n%s\n%s\n' "$code" "$2" "$out" "$err")
    fi
}
# works NAME [OUTPUT]: it ended with 0, said nothing to a person, and printed OUTPUT where that is given.
works() {
    if [ "$code" = 0 ] && [ -z "$err" ] && [ "$out" = "${2-$out}" ]; then ok "$1"; else
        not_ok "$1" < <(printf 'status %s\n%s\n%s\nwanted: %s\n' "$code" "$out" "$err" "${2-}")
    fi
}
has() { if grep -qF -- "$2" <<<"$3"; then ok "$1"; else not_ok "$1" < <(printf 'wanted: %s\nin: %s\n' "$2" "$3"); fi; }

id=cnitool-$(printf /run/netns/test | sha512sum | cut -c 1-20)
