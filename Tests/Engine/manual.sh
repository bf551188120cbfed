#!/bin/bash
# The manual pages and completions `make install` puts in place, made of the programs' own help.
# shellcheck disable=SC2016 # shell text is for the checks
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
begin manual
pages=$scratch/share/man/man1
export pages

check "pages and completions are installed" '
    sh "$top/Sources/manual.install" "$BUILD" "$scratch/share" && ls "$pages"/apus{,-run,-network-create,-healthcheck-run,-runtime,-cni,-netd,-conformance}.1 >/dev/null || exit
    bash -n share/bash-completion/completions/apus && grep -q "#compdef apus" share/zsh/site-functions/_apus && [ -s share/fish/vendor_completions.d/apus.fish ] && bash -n share/bash-completion/completions/apus-runtime'
check "every command has a page with all its options" '
    apus --experimental-dump-help | python3 -c "
import json, os, sys
def walk(command, path):
    if not command.get(\"shouldDisplay\", True) or command[\"commandName\"] == \"help\": return
    path = path + [command[\"commandName\"]]
    text = open(os.environ[\"pages\"] + \"/\" + \"-\".join(path) + \".1\").read().replace(\"\\\\-\", \"-\")
    for argument in command.get(\"arguments\", []):
        for name in argument.get(\"names\", []) if argument[\"shouldDisplay\"] else []:
            wanted = \"Fl \" + (\"-\" if name[\"kind\"] == \"long\" else \"\") + name[\"name\"]
            assert wanted in text, (path, wanted)
    for child in command.get(\"subcommands\", []): walk(child, path)
walk(json.load(sys.stdin)[\"command\"], [])"'
if command -v mandoc >/dev/null; then
    check "mandoc finds nothing wrong with them" 'for page in "$pages"/*.1; do mandoc -T lint -W warning "$page" || exit; done'
    check "mandoc finds what is wrong" 'sed "s/^\.El$//" "$pages/apus-run.1" >spoiled.1 && ! mandoc -T lint -W warning spoiled.1'
    check "a page reads as the help does" '
        mandoc -T ascii "$pages/apus-run.1" | sed "s/.\x08//g" >shown.txt; grep -q -- "-p, --publish \[address:\]\[port:\]container\[/protocol\]" shown.txt && grep -q "Give the container a terminal\." shown.txt || { cat shown.txt; exit 1; }
        mandoc -T ascii "$pages/apus-runtime.1" | sed "s/.\x08//g" | grep -q "path of the bundle (default: the current directory)"'
else
    for name in "mandoc finds nothing wrong with them" "a page reads as the help does"; do skip "$name" "mandoc is not installed"; done
fi
check "uninstall takes ours away, and nobody else's" '
    echo ".\\\" of somebody" >"$pages/apus-other.1"; sh "$top/Sources/manual.install" --remove "$scratch/share" && same "$(find share -type f)" share/man/man1/apus-other.1'
finish
