#!/bin/bash
# The sweep of faults.sh for the plugin portmap, which has as many points as all the others together.
SWEPT=portmap exec bash "$(dirname "$0")/faults.sh"
