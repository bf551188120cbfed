#!/bin/bash
# Wrong documents through the whole program: every place of a document gets every wrong value. What is refused is refused with exit code 1 in
# one short line which names the place, or what it is a part of; what is accepted can be deleted; nothing is left.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
limit=${CHECK_LIMIT:-600}
begin documents

# Every place of the document with every value of the file: place, what it is a part of, value, document; a line each. jq spoils numbers above 2^53.
cat >"$scratch/mutate.jq" <<'JQ'
def name: if test("^[A-Za-z0-9_-]+$") then "." + . else "[" + tojson + "]" end;
def text: reduce .[] as $x (""; . + (if ($x | type) == "number" then "[\($x)]" else ($x | name) end)) | ltrimstr(".");
walk(if type == "number" and . > 9007199254740991 then 9007199254740991 else . end) | . as $document | $values[0][] as $value | paths as $place | ($document | getpath($place)) as $old
| select(($value | type) != ($old | type) or ($old | type) == "string" or ($old | type) == "number")
| ($place | text), ($place[:-1] | text), ($value | tojson | .[:20]), ($document | setpath($place; $value) | tojson)
JQ
# tried: reads what mutate.jq writes, and tells of every answer which is not as it should be.
tried() {
    local place above value document code lines n=0 accepted=0 bad=0
    wrong() { bad=1; echo "$1: $place = $value: ${lines[*]:0:300}"; }
    mkdir -p b
    while IFS= read -r place && IFS= read -r above && IFS= read -r value && IFS= read -r document; do
        printf %s "$document" >b/config.json
        timeout 20 "$runtime" --root state create -b b c </dev/null >/dev/null 2>err
        code=$? n=$((n + 1))
        mapfile -t lines <err
        lines=("${lines[@]//\\\"/\"}")
        if [ $code = 0 ]; then
            accepted=$((accepted + 1))
            timeout 20 "$runtime" --root state delete -f c || wrong "cannot be deleted"
            continue
        fi
        [ $code = 1 ] || wrong "exit code $code"
        [ ${#lines[@]} = 1 ] || wrong "${#lines[@]} lines"
        [ ${#lines[0]} -lt 2000 ] || wrong "a line of ${#lines[0]}"
        [ ! -e state/c ] || { wrong "left"; timeout 20 "$runtime" --root state delete -f c; }
        # What is left to say of a good document with a terminal is where that goes. A NUL is told by line and column; a program which is not there by the words engines look for.
        case ${lines[0]} in *"$place"* | *"NUL is not accepted"* | *'"exec: '* | *"needs --console-socket"*) continue ;; esac
        [[ -n $above && ${lines[0]} == *"$above"* ]] || wrong "names no place"
    done
    echo "$n documents, $accepted of them accepted"
    return $bad
}
export -f tried

echo '["", true, -1, [], {}]' >"$scratch/few"
jq -n '["\u0000", "a\nb", "", -1, 1.5, 18446744073709551615, true, [], {}, [null], (reduce range(200) as $_ (1; [.])), "x" * 100000]' >"$scratch/many"
check "a document with everything in it: wrong types and numbers" 'jq -r --slurpfile values "$scratch/few" -f "$scratch/mutate.jq" "$top/Tests/OCISpecTests/Documents/everything.json" >all; tried <all'
# A container can be made of this one, so that the kernel has its say, too.
check "a document of runc: every kind of wrong value" 'made c; jq -r --slurpfile values "$scratch/many" -f "$scratch/mutate.jq" c/config.json >all; tried <all'
finish
