#!/bin/bash
# Plugins which are not ours, in other languages, written from the specification: the suite holds them to it and to nothing of ours.
. "$(dirname "$0")/lib.sh"
begin strangers
for program in jq python3 nsenter sha256sum; do
    command -v $program >/dev/null || { skip strangers "$program is not in PATH"; finish_tap; }
done
cp "$here/strangers/"* "$scratch/plugins/"
# But for the kills at every system call, which take a script minutes.
most=()
for section in A B C D E F G H I M N R2 R3 R4; do most+=(--case "cni.$section"); done
conform "an interface plugin in shell, with our address manager" plugin --path "$scratch/plugins" --type veth-sh --auto --level should "${most[@]}"
conform "an address manager in Python" plugin --path "$scratch/plugins" --type pool-py --auto --level should "${most[@]}"
conform "the same two together" plugin --path "$scratch/plugins" --type veth-sh --ipam pool-py --profile interface --level should "${most[@]}"
# Not the sections of old versions: the manager has none before 0.3.1, and says so.
now=()
for section in A C G H M N R3 R4; do now+=(--case "cni.$section"); done
conform "our bridge with an address manager in Python" plugin --path "$scratch/plugins" --type bridge --ipam pool-py --level should "${now[@]}"
finish_tap
