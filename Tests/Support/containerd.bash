# shellcheck shell=bash disable=SC2154 # $scratch is the suite's
# A containerd of a suite's own, for `ctr`: all of it in $scratch.

# start_containerd: waits until it answers; its pid is $daemon, what it says in $scratch/log.
start_containerd() {
    cat >"$scratch/containerd.toml" <<CONF
version = 2
root = "$scratch/root"
state = "$scratch/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "$scratch/containerd.sock"
CONF
    containerd --config "$scratch/containerd.toml" >"$scratch/log" 2>&1 &
    daemon=$!
    export CONTAINERD_ADDRESS=$scratch/containerd.sock
    for _ in {1..200}; do ctr version >/dev/null 2>&1 && break; sleep 0.1; done
}
