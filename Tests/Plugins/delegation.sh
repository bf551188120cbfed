#!/bin/bash
# An interface plugin and its address manager: rows N1 to N8, E6 and E7 of the contract, with the plugin bridge and a script.
# shellcheck disable=SC2154 # $code, $out and $err are set by call
. "$(dirname "$0")/lib.sh"
begin delegation bridge

container test
mkdir "$scratch/first" "$scratch/second"
# The script notes how it is called, says something to standard error, and answers what the files `answer` and `status` hold.
cat >"$scratch/second/am" <<'END'
#!/bin/sh
echo "$CNI_COMMAND $CNI_CONTAINERID $CNI_NETNS $CNI_IFNAME $CNI_ARGS $OTHER" >>"$scratch/calls"
cat >"$scratch/input"
echo "am: $CNI_COMMAND" >&2
[ "$CNI_COMMAND" != "$(cat "$scratch/verb")" ] || { cat "$scratch/answer"; exit "$(cat "$scratch/status")"; }
END
chmod +x "$scratch/second/am"
mkdir "$scratch/first/am" # no program: not a regular file
# am_answers VERB ANSWER [STATUS]
am_answers() { rm -f "$scratch/calls"; echo "$1" >"$scratch/verb"; echo "$2" >"$scratch/answer"; echo "${3:-0}" >"$scratch/status"; }
calls() { cut -d' ' -f1 "$scratch/calls" 2>/dev/null | xargs; }
# ask VERB MEMBERS [NAME=VALUE...]: bridge with the script
ask() {
    local verb=$1 members=$2
    shift 2
    call bridge "$verb" "$(conf 1.1.0 bridge "\"bridge\":\"br0\",\"ipam\":{\"type\":\"am\"}$members")" \
        CNI_PATH="/nonexistent::$scratch/first:$scratch/second:$PLUGINS" scratch="$scratch" OTHER=kept "$@"
}
good='{"cniVersion":"1.1.0","ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1"}]}'

am_answers ADD "$good"
ask ADD ',"big":9007199254740993,"real":1.0' CNI_ARGS='IgnoreUnknown=1;A=b'
same "N1: the manager gets the same environment" "$(<"$scratch/calls")" "ADD test /run/netns/test eth0 IgnoreUnknown=1;A=b kept"
same "N1: and the same configuration" "$(<"$scratch/input")" \
    "$(conf 1.1.0 bridge '"bridge":"br0","ipam":{"type":"am"},"big":9007199254740993,"real":1.0')"
same "N2: its standard error is the plugin's" "$err" "am: ADD"
same "N8: the addresses are in the result" "$code $(jq -c .ips <<<"$out")" '0 [{"interface":2,"address":"10.1.0.5/24","gateway":"10.1.0.1"}]'
result=$out
am_answers none ''
ask CHECK ",\"prevResult\":$result"
same "G6: CHECK is forwarded" "$code $(calls)" "0 CHECK"
ask DEL ",\"prevResult\":$result"
same "F7: DEL is forwarded" "$code $(calls)" "0 CHECK DEL"
rm "$scratch/calls"
ask STATUS '' CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
ask GC ',"cni.dev/valid-attachments":[]' CNI_CONTAINERID= CNI_NETNS= CNI_IFNAME=
same "H4, H9: STATUS and GC are forwarded" "$code $(calls)" "0 STATUS GC"

for old in '{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24","gateway":"10.1.0.1"},"dns":{}}' \
    '{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.1.0.5/24","gateway":"10.1.0.1"}]}' \
    '{"ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1"}]}'; do
    am_answers ADD "$old"
    ask ADD ''
    same "N8: an answer in another version, or without one: $old" "$code $(jq -c .ips <<<"$out")" \
        '0 [{"interface":2,"address":"10.1.0.5/24","gateway":"10.1.0.1"}]'
    ask DEL ",\"prevResult\":$out"
done

for verb in ADD DEL CHECK STATUS GC; do
    am_answers $verb '{"cniVersion":"1.0.0","code":123,"msg":"the pool is dry","details":"come back later"}' 1
    ask $verb ",\"prevResult\":$result,\"cni.dev/valid-attachments\":[]"
    refused "N3: the error of the manager's $verb comes through" 123 "the pool is dry come back later"
done

# fails NAME ANSWER STATUS CODE TEXT: ADD fails so, the manager is asked to take it back, and the container is as before.
fails() {
    am_answers ADD "$2" "$3"
    subject=$1 number=$4 text=$5
    untouched "E7: $subject: nothing stays" '
        ask ADD ""
        refused "$subject" "$number" "$text"
        same "E6: $subject: ADD is followed by DEL" "$(calls)" "ADD DEL"'
}
am_answers none ''
ask ADD '' # The bridge is there from now on.
ask DEL ''
fails "the manager refuses" '{"code":11,"msg":"busy"}' 1 11 busy
fails "N5: the manager answers no address" '{"cniVersion":"1.1.0","ips":[]}' 0 7 "IPAM plugin returned missing IP config"
fails "the manager answers null" null 0 6 "expected object, found null"
fails "the manager answers no JSON" 'x' 0 6 "malformed JSON"
fails "the manager answers an address that is none" '{"ips":[{"address":"10.1.0.5"}]}' 0 7 "ips[0].address: '10.1.0.5' is not an address"
fails "the manager fails without an error" '' 3 999 "netplugin failed"
fails "the manager fails with something else" 'oops' 1 999 'netplugin failed but error parsing its diagnostic message "oops'

call bridge ADD "$(conf 1.1.0 bridge '"bridge":"br0","ipam":{"type":"host-nowhere"}')" CNI_PATH=/nonexistent:/tmp
refused "N7: a manager there is not" 7 'failed to find plugin "host-nowhere" in path [/nonexistent /tmp]'
for type in ../am /bin/true a/b; do
    call bridge ADD "$(conf 1.1.0 bridge "\"bridge\":\"br0\",\"ipam\":{\"type\":\"$type\"}")" CNI_PATH="$scratch/second"
    refused "J9: a manager is a name, no path: $type" 7 "invalid plugin name: $type"
done
: >"$scratch/first/plain"
call bridge ADD "$(conf 1.1.0 bridge '"bridge":"br0","ipam":{"type":"plain"}')" CNI_PATH="$scratch/first"
refused "a manager that cannot be executed" 5 "Permission denied"
for ipam in '{}' '{"type":""}' null; do
    call bridge ADD "$(conf 1.1.0 bridge "\"bridge\":\"br0\",\"ipam\":$ipam")"
    same "N4: with ipam $ipam nobody is asked" "$code $(jq -c .ips <<<"$out")" "0 null"
    call bridge DEL "$(conf 1.1.0 bridge "\"bridge\":\"br0\",\"ipam\":$ipam")"
done
finish
