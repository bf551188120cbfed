#!/bin/bash
# The chain of a network's plugins, with plugins that note how they are called: sections C, D, K and M of the contract.
# shellcheck disable=SC2154 # $code, $out and $err are set by cni
. "$(dirname "$0")/lib.sh"
host chain

# Order, and what each is given.
add
works "K6: ADD in order"
same "K6: ADD in order: the calls" "$(calls)" "ADD:one ADD:two ADD:three"
same "the last plugin's result is printed" "$(jq -c '[.interfaces[].name]' <<<"$out")" '["one","two","three"]'
same "K2: the first plugin has no prevResult" "$(input one ADD)" '{"cniVersion":"1.1.0","name":"net","type":"one"}'
same "K2: the next has the result of the one before" "$(input two ADD | jq -c .prevResult)" '{"cniVersion":"1.1.0","interfaces":[{"name":"one"}],"dns":{}}'
same "K11: the variables" "$(environment two ADD)" "$id|/run/netns/test|eth0||$recorders"
check
works "K8: CHECK in order" ''
same "K2: CHECK gets the final result in all of them" "$(input one CHECK | jq -c '[.prevResult.interfaces[].name]')" '["one","two","three"]'
del
works "K7: DEL" ''
same "K7: DEL in reverse order" "$(calls)" "ADD:one ADD:two ADD:three CHECK:one CHECK:two CHECK:three DEL:three DEL:two DEL:one"
same "K2: DEL gets the final result in all of them" "$(input three DEL | jq -c '[.prevResult.interfaces[].name]')" '["one","two","three"]'
forget_calls
del
works "K16: a second DEL" ''
same "K16: it asks the plugins again" "$(calls) $(input one DEL)" 'DEL:three DEL:two DEL:one {"cniVersion":"1.1.0","name":"net","type":"one"}'

# What is derived.
fresh
network net 1.1.0 '.plugins[0] += {"CNIVersion": "0.1.0", "Name": "other", capabilities: {a: true, b: false, c: true}, runtimeConfig: {x: 1},
    prevResult: {}, "cni.dev/valid-attachments": []}'
sed -i 's/"type": "one"/"type": "one", "big": 9007199254740993, "real": 1.0, "huge": 1e400, "long": 123456789012345678901234567890, "text": "\\u00e9<\&>", "args": {"cni": {"labels": []}}/' "$networks/net.conflist"
add net --cap-args '{"a": {"n": 18446744073709551617}, "b": 1, "c": [1.50]}'
same "a configuration with keys only a host may set" "$code" 0
has "M12: a capability set to false is none" "no plugin of net asks for the capability 'b' (they ask for: a, c)" "$err"
same "J10: keys of the plugin stay as they are; K1, K3, K4: the host's are its own" "$(input one ADD)" \
    '{"cniVersion":"1.1.0","name":"net","type":"one","big":9007199254740993,"real":1.0,"huge":1e400,"long":123456789012345678901234567890,"text":"é<&>","args":{"cni":{"labels":[]}},"runtimeConfig":{"a":{"n":18446744073709551617},"c":[1.50]}}'
same "K3: no capability, no runtimeConfig" "$(input two ADD | jq -c '[has("runtimeConfig"), has("capabilities")]')" '[false,false]'
forget_calls
check net --cap-args '{"a": 2}' --args A=b
same "K15: CHECK has the arguments of the ADD" "$(part "$(input one CHECK)" runtimeConfig | sed 's/,"prevResult.*//') $(environment one CHECK)" \
    '"runtimeConfig":{"a":{"n":18446744073709551617},"c":[1.50]} '"$id|/run/netns/test|eth0||$recorders"
network net
del
same "DEL has the configuration and the arguments of the ADD" "$(input one DEL | grep -o '"real":1.0\|"c":\[1.50\]' | xargs)" 'real:1.0 c:[1.50]'
CNI_ARGS='IgnoreUnknown=1;A=b=c' CAP_ARGS='{"d":1}' CNI_IFNAME=net0 add
same "cnitool's variables" "$code $(environment one ADD)" "0 $id|/run/netns/test|net0|IgnoreUnknown=1;A=b=c|$recorders"
has "a capability nobody asks for is told of" "no plugin of net asks for the capability 'd'" "$err"
CNI_CONTAINERID=x CNI_NETNS=/x CNI_ARGS=C=d add net --args E=f --ifname eth9 --container-id pod-1
same "options come before variables" "$code $(environment one ADD)" "0 pod-1|/run/netns/test|eth9|E=f|$recorders"
CNI_COMMAND=DEL CNI_CONTAINERID=x CNI_NETNS=/x CNI_IFNAME=y cni gc net
same "K11: none of the caller's own variables shines through" "$(environment one GC)" "||||$recorders"

# Versions of results.
fresh
for row in '0.4.0 {"cniVersion":"1.0.0","interfaces":[{"name":"a","mac":"02:00:00:00:00:01"}],"ips":[{"address":"10.0.0.2/24","interface":0}]} {"cniVersion":"0.4.0","interfaces":[{"name":"a","mac":"02:00:00:00:00:01"}],"ips":[{"version":"4","interface":0,"address":"10.0.0.2/24"}],"dns":{}}' \
    '1.1.0 {"ips":[{"address":"10.0.0.2/24"}],"new":{"n":1.0}} {"cniVersion":"1.1.0","ips":[{"address":"10.0.0.2/24"}],"new":{"n":1.0}}' \
    '1.0.0 {"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.2/24"}} {"cniVersion":"1.0.0","ips":[{"address":"10.0.0.2/24"}]}' \
    '0.2.0 {"cniVersion":"1.1.0","ips":[{"address":"10.0.0.2/24"}]} {"cniVersion":"0.2.0","ip4":{"ip":"10.0.0.2/24"},"dns":{}}' \
    '1.1.0 null {"cniVersion":"1.1.0"}' '0.3.1 {"cniVersion":""} {"cniVersion":"0.3.1"}'; do
    read -r version answer want <<<"$row"
    fresh
    network net "$version" 'del(.plugins[2])'
    does one ADD "echo '$answer'"
    does two ADD 'printf %s "$input" | jq -c "{ips: []}"'
    add
    same "K2, I10: $answer for $version" "$code $(part "$(input two ADD)" prevResult)" "0 \"prevResult\":$want}"
done
for answer in '' x '[]' '{"cniVersion":"9.9.9"}' '{"ips":{}}' '{"ips":[{"address":"10.0.0.2"}]}' '{"cniVersion":"1.1.0"} {}'; do
    fresh
    network net
    does two ADD "echo '$answer'"
    add
    fails "a result that cannot be used: $answer" 'plugin type="two" failed (add): the plugin'"'"'s result cannot be used'
    same "a result that cannot be used: $answer: it is undone" "$(calls)" "ADD:one ADD:two DEL:two DEL:one"
done

# Errors.
fresh
object='{"cniVersion":"0.4.0","code":123,"msg":"the pool is dry","details":"come back later","more":[1.0]}'
does two ADD "echo '$object'; echo log line >&2; exit 3"
add
fails "C7: message and details" 'plugin type="two" failed (add): the pool is dry; come back later'
has "C4, K12: the plugin's standard error" "log line" "$err"
same "K6: the chain ends at the first error, and is undone in reverse" "$(calls)" "ADD:one ADD:two DEL:two DEL:one"
same "K6: nothing is kept" "$(find "$cache" -type f ! -name 'network-*')" ""
same "the DEL that undoes knows what the plugins before had answered" "$(input two DEL | jq -c '[.prevResult.interfaces[].name]')" '["one"]'
add net --json
same "--json: the plugin's own error object, byte for byte" "$code $out" "1 $object"
forget_calls
does one DEL 'echo "{\"code\":100,\"msg\":\"stuck\"}"; exit 1'
add
fails "what cannot be undone is told of beside the error" 'the pool is dry; come back later (not undone: plugin type="one" failed (delete): stuck)'
cni list --json
same "and stays for the next GC" "$(jq -c '[.[].state]' <<<"$out")" '["pending"]'
rm "$record/one.DEL" "$record/two.ADD"
forget_calls
add
works "and for the next ADD, which cleans up first"
same "and for the next ADD: the calls" "$(calls)" "DEL:three DEL:two DEL:one ADD:one ADD:two ADD:three"
del
does one ADD 'exit 3'
add
fails "C6: no message" 'netplugin failed with no error message: exit status 3'
does one ADD 'echo "went \"wrong\"" >&2; exit 3'
add
fails "C6: a message on standard error only" 'netplugin failed: "went \"wrong\"\n": exit status 3'
does one ADD 'echo oops; exit 3'
add
fails "C6: no JSON" 'netplugin failed but error parsing its diagnostic message "oops\n"'
does one ADD 'kill -9 $$'
add
fails "a plugin that was killed" 'netplugin failed with no error message: signal 9'
rm "$record/one.ADD"
fresh
does one ADD 'echo "{\"code\":999,\"msg\":\"container veth name provided (eth0) already exists\"}"; exit 1'
add
same "E2: the DEL of a plugin that found the interface there is not called: it could take it away" "$code $(calls)" "1 ADD:one"
does two ADD 'echo "{\"code\":999,\"msg\":\"x already exists\"}"; exit 1'
rm "$record/one.ADD"
forget_calls
add
same "E2: but that of those before it" "$code $(calls)" "1 ADD:one ADD:two DEL:one"
rm "$record/two.ADD"
network other
add
forget_calls
add other
fails "an interface which another network has" "interface eth0 of container $id on network net is attached already"
same "an interface which another network has: no plugin is started" "$(calls)" ""
add other -i eth1
same "another name" "$code" 0
rm "$networks/other.conflist"
echo '{"a":1,"unknown":2}' >"$scratch/capabilities"
network net 1.1.0 '.plugins[0].capabilities = {a: true, unknown: true}'
add net -i eth2 --cap-args "@$scratch/capabilities"
works "capability arguments of a file"
same "capability arguments of a file: the plugin has them" "$(part "$(input one ADD)" runtimeConfig)" '"runtimeConfig":{"a":1,"unknown":2}}'
network net
for verb in check del; do
    fresh
    add
    forget_calls
    upper=$([ $verb = del ] && echo DEL || echo CHECK)
    word=$([ $verb = del ] && echo delete || echo check)
    does two "$upper" 'echo "{\"code\":101,\"msg\":\"drift\"}"; exit 1'
    $verb
    fails "$verb: the first error ends it" "plugin type=\"two\" failed ($word): drift"
    same "$verb: the calls" "$(calls)" "$([ $verb = del ] && echo 'DEL:three DEL:two' || echo 'CHECK:one CHECK:two')"
    cni list --json
    same "$verb: what is remembered stays" "$(jq length <<<"$out")" 1
done

# What the version and the configuration forbid.
fresh
network net 0.3.1
add
forget_calls
check
fails "K8: CHECK needs 0.4.0" 'configuration version "0.3.1" does not support the CHECK command'
cni status net
works "K10: STATUS before 1.1.0 is taken for yes"
cni gc net
works "K9: GC before 1.1.0 asks no plugin" ''
same "none of them was asked" "$(calls)" ""
del
same "K2: no prevResult for a DEL before 0.4.0" "$code $(input one DEL)" '0 {"cniVersion":"0.3.1","name":"net","type":"one"}'
same "and the cache is clean" "$(find "$cache" -type f ! -name 'network-*')" ""
fresh
network net 1.1.0 '. + {disableCheck: true, disableGC: "True"}'
add
forget_calls
check
works "K8: disableCheck" ''
rm -f "$recorders/x"
cni gc net
works "K9: disableGC" ''
cni reload
works "disableCheck holds for reload" "in order: interface eth0 of container $id on network net"
same "none of them was asked" "$(calls)" ""

# STATUS and VERSION.
fresh
network net
does two STATUS 'echo "{\"code\":50,\"msg\":\"full\"}"; exit 1'
cni status net
fails "K10: the first error of STATUS as it is" 'net: plugin type="two" failed (status): full'
same "K10: STATUS: the calls" "$(calls) $(environment one STATUS) $(input one STATUS)" "STATUS:one STATUS:two ||||$recorders "'{"cniVersion":"1.1.0","name":"net","type":"one"}'
cni status net --json
same "STATUS: the object" "$code $out" '1 {"code":50,"msg":"full"}'
cni version net
works "D: VERSION"
does two VERSION 'printf %s "$input" >"$record/asked"; echo "$CNI_NETNS $CNI_IFNAME $CNI_PATH" >>"$record/asked"; echo "{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[\"1.0.0\"]}"'
cni version net
fails "J12: a plugin that does not support the version" 'plugin two does not support config version "1.1.0"'
same "D6: what VERSION is asked with" "$(<"$record/asked")" '{"cniVersion":"1.1.0"}dummy dummy dummy'
does two VERSION 'echo "{\"cniVersion\":\"0.2.0\"}"'
cni version net --json
same "D5: before there was a list" "$(jq -c '.plugins[1].supportedVersions' <<<"$out")" '["0.1.0","0.2.0"]'
does two VERSION 'echo "{\"code\":4,\"msg\":\"unknown CNI_COMMAND: VERSION\"}"; exit 1'
cni version net --json
same "D5: before there was VERSION" "$(jq -c '.plugins[1].supportedVersions' <<<"$out")" '["0.1.0"]'
finish
