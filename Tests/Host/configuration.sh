#!/bin/bash
# Where networks and plugins are found, and what is no network: section J of the contract.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host configuration

# one TEXT: a conflist with that text is the only file; then `add net` is tried.
try() { rm -rf "${networks:?}"/*; printf %s "$1" >"$networks/net.conflist"; forget_calls; add; }
# bad NAME TEXT WANT
bad() { try "$2"; fails "$1" "$3"; same "$1: no plugin was started" "$(calls)" ""; }
# version CONFIGURATION: the version the plugin is talked to in
version() { fresh; try "$1"; input one ADD | jq -r .cniVersion; }
list='"plugins":[{"type":"one"}]'

same "J1: cniVersion" "$(version "{\"cniVersion\":\"0.4.0\",\"name\":\"net\",$list}")" 0.4.0
same "J1: the highest of both" "$(version "{\"cniVersion\":\"0.4.0\",\"cniVersions\":[\"0.3.1\",\"1.0.0\"],\"name\":\"net\",$list}")" 1.0.0
same "J1: cniVersion may be the highest" "$(version "{\"cniVersion\":\"1.1.0\",\"cniVersions\":[\"0.3.1\",\"1.0.0\"],\"name\":\"net\",$list}")" 1.1.0
same "J1: what is above the host's is passed over" "$(version "{\"cniVersion\":\"9.0.0\",\"cniVersions\":[\"1.0.0\",\"2.3.4\",\"1.1.1\"],\"name\":\"net\",$list}")" 1.0.0
same "J12: no version is 0.1.0" "$(version "{\"name\":\"net\",$list}")" 0.1.0
bad "J1: an entry that is no version" "{\"cniVersions\":[\"1.0.0\",\"one\"],\"name\":\"net\",$list}" 'net.conflist: error parsing configuration list: invalid cniVersions entry one at index 1'
bad "J1: a version nobody has" "{\"cniVersion\":\"9.9.9\",\"name\":\"net\",$list}" 'cniVersion 9.9.9 is not one this host has (it has 0.1.0, '
bad "J1: a version that is no string" "{\"cniVersion\":1,\"name\":\"net\",$list}" 'cniVersion: expected string, found integer'
bad "J1: versions that are no list" "{\"cniVersions\":\"1.0.0\",\"name\":\"net\",$list}" 'cniVersions: expected array, found string'
bad "J2: no name" "{\"cniVersion\":\"1.1.0\",$list}" 'error parsing configuration list: no name'
bad "J2: a name that is no string" "{\"name\":[],$list}" 'name: expected string, found array'
bad "A9: a name that is a path" "{\"name\":\"../net\",$list}" 'invalid characters found in network name; ../net'
bad "J3: no plugin in the list" '{"name":"net","plugins":[]}' 'no plugins in list'
bad "J3: plugins that are no list" '{"name":"net","plugins":{}}' 'plugins: expected array, found object'
bad "J3: a plugin without type" "{\"name\":\"net\",\"plugins\":[{\"type\":\"one\"},{\"name\":\"two\"}]}" "failed to parse plugin config 1: missing 'type'"
bad "J3: a plugin that is no object" '{"name":"net","plugins":["one"]}' 'plugins[0]: a plugin'"'"'s configuration is an object'
bad "a capability that is no boolean" '{"name":"net","plugins":[{"type":"one","capabilities":{"a":1}}]}' 'capabilities.a: expected boolean'
for key in disableCheck disableGC loadOnlyInlinedPlugins; do
    fresh
    bad "J4: $key of another word" "{\"name\":\"net\",\"$key\":\"yes\",$list}" "invalid value \"yes\" for $key"
    bad "J4: $key of another type" "{\"name\":\"net\",\"$key\":1,$list}" "$key: expected boolean, found integer"
    try "{\"name\":\"net\",\"$key\":\"FALSE\",$list}"
    works "J4: $key as a string"
    fresh
done
bad "J5: no inlined plugin, and no other" '{"name":"net","loadOnlyInlinedPlugins":true}' "\`loadOnlyInlinedPlugins\` is true, and no 'plugins' key"
bad "J6: no plugin at all" '{"name":"net"}' 'no plugin configs found'
bad "no JSON" '{"name":"net",' 'net.conflist: error parsing configuration list: malformed JSON: line 1, column 15'
bad "no object" '[]' 'error parsing configuration list: expected an object'
bad "an empty file" '' 'malformed JSON'
bad "J9: a type that is a path" '{"name":"net","plugins":[{"type":"../one"}]}' 'invalid plugin name: ../one'

# Plugins beside the file.
rm -rf "${networks:?}"/*
mkdir -p "$networks/net/deeper"
echo '{"type":"three"}' >"$networks/net/20.conf"
echo '{"type":"two","x":1.0}' >"$networks/net/10.conf"
echo '{"type":"nobody"}' | tee "$networks/net/30.json" "$networks/net/40.conflist" "$networks/net/deeper/50.conf" >/dev/null
echo "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",$list}" >"$networks/net.conflist"
fresh
add
same "J6, J8: plugins of the network's directory come behind, by name, and none from elsewhere" "$code $(calls)" "0 ADD:one ADD:two ADD:three"
rm -r "${networks:?}/net"
forget_calls
del
same "their DEL is remembered when the directory has gone" "$code $(calls)" "0 DEL:three DEL:two DEL:one"
mkdir "$networks/net"
echo '{"type":"two"}' >"$networks/net/10.conf"
echo "{\"cniVersion\":\"1.1.0\",\"name\":\"net\",\"loadOnlyInlinedPlugins\":true,$list}" >"$networks/net.conflist"
fresh
add
same "J4: loadOnlyInlinedPlugins" "$code $(calls)" "0 ADD:one"
echo '{"cniVersion":"1.1.0","name":"net"}' >"$networks/net.conflist"
fresh
add
same "J6: only plugins of the directory" "$code $(calls)" "0 ADD:two"
echo '{"name":"x"}' >"$networks/net/20.conf"
cni status net
fails "a plugin's file without type" "net/20.conf: error parsing configuration: missing 'type'"
del
works "a DEL goes by what is remembered then" ''

# The search.
rm -rf "${networks:?}"/*
fresh
cni add net /run/netns/test
fails "J7: an empty directory" "no net configurations found in $networks"
NETCONFPATH=/nowhere cni add net /run/netns/test --conf-dir /nowhere/else
fails "J7: no directory" "no net configurations found in /nowhere/else"
network b && mv "$networks/b.conflist" "$networks/20-b.conflist"
network a && mv "$networks/a.conflist" "$networks/10-a.conflist"
cni add c /run/netns/test
fails "an unknown network: those there are" "no net configuration with name \"c\" in $networks (there are: a, b)"
cni add b /run/netns/test
works "J7: the name in the file counts, not that of the file"
fresh
echo '{"cniVersion":"1.1.0","name":"b","plugins":[{"type":"two"}]}' >"$networks/15-b.conflist"
cni add b /run/netns/test
same "J7: the first file with the name" "$(calls)" "ADD:two"
fresh
echo '{' >"$networks/12.conflist"
cni add b /run/netns/test
fails "J7: a malformed file before it is an error" "$networks/12.conflist: error parsing configuration list"
rm "$networks/12.conflist" && mkfifo "$networks/12.conflist"
limit=5 cni add net /run/netns/test
fails "so is a fifo, for which nobody waits" "$networks/12.conflist: error parsing configuration list"
cni add a /run/netns/test
works "J7: one behind it is not"
fresh
rm "$networks/12.conflist"
echo '{"cniVersion":"0.4.0","name":"old","type":"one","z":1,"a":"<"}' >"$networks/30.conf"
echo '{"cniVersion":"0.4.0","name":"older","type":"two"}' >"$networks/40.json"
cni add old /run/netns/test
same "J7: a file with one plugin" "$code $(input one ADD)" '0 {"cniVersion":"0.4.0","name":"old","a":"<","type":"one","z":1}'
cni add older /run/netns/test --ifname eth1
same "J7: and one called .json" "$code $(calls)" "0 ADD:one ADD:two"
same "J7: the cache has the list libcni makes of it" "$(jq -r .config "$cache"/results/old-* | base64 -d)" \
    '{"cniVersion":"0.4.0","name":"old","plugins":[{"a":"\u003c","cniVersion":"0.4.0","name":"old","type":"one","z":1}]}'
cp "$networks/15-b.conflist" "$networks/25.conf"
cni add old /run/netns/test
fails "a list in a file for one plugin" "$networks/25.conf: error parsing configuration: a list of plugins belongs in a file .conflist"
rm "$networks/25.conf"

# Plugins.
path=/nonexistent:/tmp add b
fails "J9: a missing plugin: the path" 'failed to find plugin "two" in path [/nonexistent /tmp]'
mkdir -p "$scratch/p1/two" "$scratch/p2"
ln -s "$recorders/two" "$scratch/p2/two"
fresh
path=$scratch/p1::$scratch/p2 add b
same "J9: the first regular file counts, and a directory is none" "$code $(environment two ADD)" "0 $id|/run/netns/test|eth0||$scratch/p1:$scratch/p2"
fresh
add b --plugin-dir "$scratch/p1" --plugin-dir "$scratch/p2:/x"
same "--plugin-dir" "$code $(environment two ADD)" "0 $id|/run/netns/test|eth0||$scratch/p1:$scratch/p2:/x"
fresh
: >"$scratch/p2/plain"
echo '{"cniVersion":"1.1.0","name":"plain","plugins":[{"type":"plain"}]}' >"$networks/plain.conflist"
path=$scratch/p2 add plain
fails "a plugin that cannot be executed" 'plugin type="plain" failed (add): netplugin cannot be started: exec '"$scratch"'/p2/plain: Permission denied'

# Words.
cni ad
fails "a typo" "unknown command 'ad' (did you mean 'add'?)"
cni add net
fails "too few words" "arguments are missing; see 'apus-cni add --help'"
cni add net /run/netns/test x
fails "too many words" "unexpected argument 'x'"
cni add b /run/netns/tset
fails "a namespace that is not there" "no network namespace at /run/netns/tset"
: >/run/netns/file
cni add b /run/netns/file
fails "a file that is no namespace" "/run/netns/file is no network namespace"
rm /run/netns/file
add b --ifname 0123456789abcdef
fails "A8: an interface's name" "interface name is too long"
add b --container-id a/b
fails "A6: a container's name" "invalid characters in containerID; a/b"
add b --args x
fails "A11: arguments" 'invalid CNI_ARGS pair "x"'
add b --cap-args x
fails "capability arguments" 'capability arguments: malformed JSON'
add b --timeout soon
fails "a time" "--timeout needs a time like 30s or 2m, not 'soon'"
CNI_IFNAME='' cni add b /run/netns/../netns/./test
same "a path is made absolute as cnitool does" "$code $(environment two ADD | cut -d'|' -f1-3)" "0 $id|/run/netns/test|eth0"
(cd /run && cni del b netns/test && exit "$code")
same "a relative one, too" "$? $(environment two DEL | cut -d'|' -f1-3)" "0 $id|/run/netns/test|eth0"
for word in --help help 'add --help' --version version; do
    # shellcheck disable=SC2086 # two words
    cni $word
    works "$word"
    [ -n "$out" ] || not_ok "$word says something" </dev/null
done
su nobody -s /bin/sh -c "CNI_PATH=$recorders NETCONFPATH=$networks $PLUGINS/apus-cni add b /run/netns/test" >"$scratch/out" 2>"$scratch/err"
code=$? err=$(<"$scratch/err")
fails "an ordinary user" "(not run as root)"
finish
