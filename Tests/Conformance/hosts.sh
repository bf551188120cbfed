#!/bin/bash
# Programs that call plugins and are not ours, in their own words: what libcni has done for years passes, and what it does against the
# text is found. In an enclosure: they make cgroups.
. "$(dirname "$0")/lib.sh"
begin hosts
for program in podman containerd ctr runc busybox; do
    command -v $program >/dev/null || { skip hosts "$program is not in PATH"; finish_tap; }
done
apus_conformance=$suite
enclosed() { "$top/Tests/Support/enclosure" "$apus_conformance" "$@"; }
suite=enclosed
# finds NAME CASE ARGUMENT...: the case fails.
finds() {
    local name=$1 case=$2
    shift 2
    enclosed "$@" >"$scratch/out" 2>&1
    if grep -q "^FAILED  $case" "$scratch/out"; then ok "$name"; else not_ok "$name" <"$scratch/out"; fi
}
good=()
for name in J3.plugins K1.inserted K16.rolls-back K17.namespace L0.stored; do good+=(--case "cni.$name"); done
conform "podman" host --front podman "${good[@]}" -- "$(command -v podman)"
conform "ctr of containerd" host --front ctr "${good[@]}" -- "$(command -v ctr)"
finds "a number that is changed, with podman" cni.J10.big host --front podman --case cni.J10.big -- "$(command -v podman)"
finds "a namespace that is not told, with ctr" cni.K11.environment host --front ctr --case cni.K11.environment -- "$(command -v ctr)"
finish_tap
