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
    /// containerd's `ctr run --cni`; each case starts a containerd of its own.
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
    # A containerd of the case's own, and a root file system of nothing but a program that waits: the machine's busybox.
    d=/run/conformance/ctr
    mkdir -p $d/rootfs/bin
    export CONTAINERD_ADDRESS=$d/sock
    if [ ! -e $d/rootfs/bin/sleep ]; then
        command -v containerd >/dev/null || { echo "containerd is not in PATH" >&2; exit 64; }
        b=$(command -v busybox) || { echo "busybox is not in PATH" >&2; exit 64; }
        cp "$b" $d/rootfs/bin/sleep
        # ctr knows these two places alone. The mounts are the case's own; where the folders are missing they are made above them.
        for top in etc opt; do
            [ -d /$top/cni ] && continue
            mkdir -p $d/$top/upper $d/$top/work
            mount -t overlay -o "lowerdir=/$top,upperdir=$d/$top/upper,workdir=$d/$top/work" case /$top && mkdir /$top/cni
        done
        mount -t tmpfs cni /etc/cni && mkdir /etc/cni/net.d && mount --bind "$NETCONFPATH" /etc/cni/net.d
        mount -t tmpfs cni /opt/cni && mkdir /opt/cni/bin && mount --bind "$CNI_PATH" /opt/cni/bin
        [ -e /sys/fs/cgroup/cgroup.procs ] || mount -t cgroup2 none /sys/fs/cgroup
        cat >$d/config.toml <<END
    version = 2
    root = "$d/root"
    state = "$d/state"
    disabled_plugins = ["io.containerd.grpc.v1.cri"]
    [grpc]
      address = "$d/sock"
    END
        # Without limits, which would need controllers of cgroups that may be elsewhere.
        cat >$d/spec.json <<END
    {"ociVersion": "1.0.2", "root": {"path": "$d/rootfs"}, "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "mount"}]},
     "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/sleep", "1000"]},
     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}]}
    END
        setsid containerd --config $d/config.toml >$d/log 2>&1 </dev/null &
        for _ in $(seq 100); do $HOST version >/dev/null 2>&1 && break; sleep 0.1; done
    fi
    name=$(basename "$3")
    case $1 in
    add)
        # ctr waits for its container, and takes the network away behind it.
        setsid $HOST run --rm --cni --config $d/spec.json "$name" >$d/$name.out 2>&1 </dev/null &
        ctr=$!
        echo $ctr >$d/$name.pid
        while kill -0 $ctr 2>/dev/null; do
            $HOST task ls 2>/dev/null | grep -q "^$name .*RUNNING" && exit 0
            sleep 0.05
        done
        cat $d/$name.out >&2
        wait $ctr
        exit $?
        ;;
    del)
        $HOST task kill -s KILL "$name" >/dev/null 2>&1
        ctr=$(cat $d/$name.pid 2>/dev/null) || exit 0
        for _ in $(seq 200); do kill -0 $ctr 2>/dev/null || break; sleep 0.05; done
        cat $d/$name.out >&2
        ;;
    *) echo "ctr has no $1" >&2; exit 64 ;;
    esac

    """
