#!/bin/bash
# Our plugins and our host conform in everything, known practice included.
. "$(dirname "$0")/lib.sh"
begin ours

for type in bridge ipam host-local loopback none host container overlay portmap firewall tuning dns route; do
    [ -x "$scratch/plugins/$type" ] || { skip "$type" "$type is not among the plugins that were built"; continue; }
    conform "$type conforms" plugin --path "$scratch/plugins" --type $type --level known
done
conform "what a plugin is can be found out: firewall" plugin --path "$scratch/plugins" --type firewall --auto --case cni.E --level known
conform "what a plugin is can be found out: bridge" plugin --path "$scratch/plugins" --type bridge --auto --case cni.D --level known
if [ -x "$BUILD/apus-cni" ]; then
    conform "apus-cni conforms" host --level known -- "$BUILD/apus-cni"
else
    skip "apus-cni" "apus-cni was not built"
fi
"$suite" list --coverage >"$scratch/out"
sed 's/^/# /' "$scratch/out"
finish_tap
