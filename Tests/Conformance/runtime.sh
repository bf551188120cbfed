#!/bin/bash
# Our runtime conforms, and withstands what was tried on others. docs/conformance-results.md has what others do.
. "$(dirname "$0")/lib.sh"
begin runtime

conform "apus-runtime conforms" runtime --runtime "$BUILD/apus-runtime"
conform "apus-runtime withstands the attacks" security --runtime "$BUILD/apus-runtime"
"$suite" list --coverage runtime >"$scratch/out"
sed 's/^/# /' "$scratch/out"
finish_tap
