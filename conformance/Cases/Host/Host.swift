/// A program that calls CNI plugins, as far as it is known before the first case.
package struct Host: Sendable {
    /// Its words; `VERB NETWORK NETNS` come behind them.
    package let command: [String]
    /// What stands between this suite and a program with other words; empty for one with those of cnitool.
    package let front: Front

    package init(command: [String], front: Front) {
        self.command = command
        self.front = front
    }
}

/// How a host is called.
package enum Front: String, CaseIterable, Sendable {
    /// `COMMAND VERB NETWORK NETNS`, with cnitool's variables: cnitool, apus-cni, and scripts in front of other hosts.
    case cnitool
    /// A container engine; the words are those of podman 4 with `network_backend="cni"`.
    case podman
    /// containerd's `ctr run --cni`.
    case ctr
}

extension Front {
    /// The script that turns `VERB NETWORK NETNS` into the host's own words; empty where none is needed.
    ///
    /// It gets the host's command in `HOST`. The exit code 64 means that the host has no such operation.
    var script: String {
        switch self {
        case .cnitool: ""
        case .podman: podmanFront
        case .ctr: ctrFront
        }
    }
}

private let podmanFront = """
    #!/bin/sh
    # An image of nothing but a program that waits: the machine's busybox.
    d=/run/conformance/podman
    mkdir -p $d/rootfs/bin
    if [ ! -e $d/rootfs/bin/sleep ]; then
        b=$(command -v busybox) || { echo "busybox is not in PATH" >&2; exit 64; }
        cp "$b" $d/rootfs/bin/sleep
        cat >$d/containers.conf <<END
    [engine]
    cgroup_manager = "cgroupfs"
    events_logger = "file"
    [network]
    network_backend = "cni"
    network_config_dir = "$NETCONFPATH"
    cni_plugin_dirs = ["$CNI_PATH"]
    END
    fi
    # The suite's /sys shows the new network and has no cgroups; this mount is the case's own.
    [ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 none /sys/fs/cgroup
    export CONTAINERS_CONF=$d/containers.conf
    podman="$HOST --root $d/graph --runroot $d/run --storage-driver vfs --cgroup-manager cgroupfs"
    case $1 in
    add) $podman run -d --name "$(basename "$3")" --network "$2" --cgroups=disabled --rootfs $d/rootfs /bin/sleep 1000 ;;
    del) $podman rm -f -t 0 "$(basename "$3")" ;;
    *) echo "podman has no $1" >&2; exit 64 ;;
    esac

    """

private let ctrFront = """
    #!/bin/sh
    # ctr reads one directory and calls the first network in it.
    echo "ctr needs a containerd, which this suite does not start: run it in front of the cases and give a script of your own" >&2
    exit 64

    """
