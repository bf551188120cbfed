#!/bin/bash
# Our runtime conforms, and withstands what was tried on others. docs/conformance-results.md has what others do.
. "$(dirname "$0")/lib.sh"
begin runtime

conform "apus-runtime conforms" runtime --runtime "$BUILD/apus-runtime"
apus_conformance=$suite
enclosed() { "$top/Tests/Support/enclosure" -2 "$apus_conformance" "$@"; }
suite=enclosed
conform "apus-runtime conforms where cgroups of version 2 are the only ones" runtime --runtime "$BUILD/apus-runtime" --level should \
    --case oci.cgroup --case oci.unified --case oci.mappings
suite=$apus_conformance
conform "apus-runtime withstands the attacks" security --runtime "$BUILD/apus-runtime"
"$suite" list --coverage runtime >"$scratch/out"
sed 's/^/# /' "$scratch/out"
finish_tap
