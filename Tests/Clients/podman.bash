# shellcheck shell=bash disable=SC2154 # $scratch is set by begin
# A podman of its own, for the suites which run it: nothing of the machine's storage, locks, events or networks. Sourced after begin.

# podman_home NETNS: its folders and files, with the image `busybox`; the environment names them.
podman_home() {
    export CONTAINERS_CONF=$scratch/containers.conf CONTAINERS_STORAGE_CONF=$scratch/storage.conf REGISTRY_AUTH_FILE=$scratch/auth.json
    mkdir -p "$scratch/storage" "$scratch/volumes"
    echo '{}' >"$REGISTRY_AUTH_FILE"
    podman_configuration "$1" >"$CONTAINERS_CONF"
    cat >"$CONTAINERS_STORAGE_CONF" <<CONF
[storage]
driver = "vfs"
graphroot = "$scratch/storage"
runroot = "/run/storage"
CONF
    busybox_root "$scratch/rootfs"
    tar -C "$scratch/rootfs" -c . | podman import - busybox >/dev/null 2>"$scratch/import" || { not_ok "an image can be imported" <"$scratch/import"; finish; }
}

# podman_configuration NETNS: a containers.conf; more may be added to it.
podman_configuration() {
    cat <<CONF
[containers]
netns = "$1"
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "reference"
tmp_dir = "/run/libpod"
[engine.runtimes]
reference = ["$REFERENCE"]
ours = ["$RUNTIME"]
CONF
}
