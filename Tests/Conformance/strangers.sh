#!/bin/bash
# Plugins which are not ours, in other languages, written from the specification: the suite holds them to it and to nothing of ours.
. "$(dirname "$0")/lib.sh"
begin strangers
for program in jq python3 nsenter sha256sum; do
    command -v $program >/dev/null || { skip strangers "$program is not in PATH"; finish_tap; }
done
cp "$here/strangers/"* "$top/docs/examples/hosts/hosts" "$scratch/plugins/"
conform "an interface plugin in shell, with our address manager" plugin --path "$scratch/plugins" --type veth-sh --auto --level should
conform "an address manager in Python" plugin --path "$scratch/plugins" --type pool-py --auto --level should
conform "the same two together" plugin --path "$scratch/plugins" --type veth-sh --ipam pool-py --profile interface --level should
conform "our bridge with an address manager in Python" plugin --path "$scratch/plugins" --type bridge --ipam pool-py --level should
conform "a chained plugin in shell, from docs/write-a-plugin.md" plugin --path "$scratch/plugins" --type hosts --auto --level must
finish_tap
