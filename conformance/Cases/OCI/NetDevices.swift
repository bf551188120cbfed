import JSON
import Kernel
import Suite

private let place = "config-linux.md#network-devices"

private let available = must(
    "netDevices.available",
    "`netDevices` (object, OPTIONAL) - A set of network devices that MUST be made available in the container.",
    place)
private let name = property(
    "netDevices.name",
    "`name` (string, OPTIONAL) - the name of the network device inside the container namespace. If not specified, the host name is used.",
    place)
private let possible = must(
    "netDevices.possible",
    "The runtime MUST check if moving the network interface to the container namespace is possible.", place)
private let taken = must(
    "netDevices.taken",
    "If a network device with the specified name already exists in the container namespace, the runtime MUST generate an error, unless the user has provided a template by appending `%d` to the new name.",
    place)
private let template = must(
    "netDevices.template",
    "In that case, the runtime MUST allow the move, and the kernel will generate a unique name for the interface within the container's network namespace.",
    place)
private let addresses = must(
    "netDevices.addresses",
    "The runtime MUST preserve existing network interface attributes, including all permanent IP addresses (IFA_F_PERMANENT flag) of any family with global scope (RT_SCOPE_UNIVERSE value) as defined in RFC 3549 Section 2.3.3.2.",
    place)
private let up = must(
    "netDevices.up",
    "The runtime MUST set the network device state to \"up\" after moving it to the network namespace to allow the container to send and receive network traffic through that device.",
    place)
private let noMoveBack = must(
    "netDevices.no-move-back",
    "The runtime MUST NOT attempt to move the interface out of the namespace before deletion.",
    "config-linux.md#namespace-lifecycle-and-container-termination")

private let needs: [Need<Runtime>] = [.since("1.3.0"), .enabled("linux.netDevices.enabled"), .program("ip")]

/// config-linux.md, "Network Devices".
let netDevicesSection = Section(
    "network devices",
    [
        check(
            "oci.net-devices.moved", "a device is in the container, up, and no longer on the host", available,
            up, needs: needs
        ) { bench throws(Stop) in
            try bench.makeLink()
            bench.config.set("linux.netDevices", #"{"conf0": {}}"#)
            let seen = try bench.inNewNetwork("list /sys/class/net", "read /sys/class/net/conf0/flags")
            let flags = Int(try seen.text("read /sys/class/net/conf0/flags").dropFirst(2), radix: 16) ?? 0
            try require(flags & 1 == 1, "conf0 up", seen: "flags \(String(flags, radix: 16))")
            let host = try bench.recorder.tool("ip", "-o", "link", "show")
            try require(
                !host.contains(" conf0@") && !host.contains(" conf0:"), "no conf0 on the host", seen: host)
        },
        check("oci.net-devices.renamed", "a device has its new name", name, available, needs: needs) {
            bench throws(Stop) in
            try bench.makeLink()
            bench.config.set("linux.netDevices", #"{"conf0": {"name": "inside0"}}"#)
            let list = try bench.inNewNetwork("list /sys/class/net").value("list /sys/class/net").strings
            try require(
                list.contains("inside0") && !list.contains("conf0"), "inside0 and no conf0",
                seen: list.joined(separator: " "))
        },
        check(
            "oci.net-devices.addresses", "global addresses come along, hardware address and MTU stay",
            addresses, needs: needs
        ) { bench throws(Stop) in
            try bench.makeLink()
            try bench.recorder.tool(
                "ip", "link", "set", "conf0", "address", "02:00:00:00:12:34", "mtu", "1400")
            try bench.recorder.tool("ip", "address", "add", "192.0.2.7/24", "dev", "conf0")
            try bench.recorder.tool("ip", "address", "add", "2001:db8::7/64", "dev", "conf0", "nodad")
            bench.config.set("linux.netDevices", #"{"conf0": {}}"#)
            let seen = try bench.inNewNetwork(
                "read /proc/net/fib_trie", "read /proc/net/if_inet6", "read /sys/class/net/conf0/address",
                "read /sys/class/net/conf0/mtu")
            try seen.expect("read /sys/class/net/conf0/address", "02:00:00:00:12:34")
            try seen.expect("read /sys/class/net/conf0/mtu", "1400")
            let four = try seen.text("read /proc/net/fib_trie")
            try require(four.contains("192.0.2.7"), "192.0.2.7", seen: "it is not in /proc/net/fib_trie")
            let six = try seen.text("read /proc/net/if_inet6")
            try require(six.contains("20010db8000000000000000000000007"), "2001:db8::7", seen: six)
        },
        check("oci.net-devices.missing", "a device that is not there is an error", possible, needs: needs) {
            bench throws(Stop) in
            try bench.ownNetwork()
            bench.config.set("linux.netDevices", #"{"nosuch0": {}}"#)
            try bench.mustRefuse("there is no device nosuch0")
        },
        check(
            "oci.net-devices.taken",
            "a name that is taken in the container is an error, and the device stays on the host", taken,
            needs: needs
        ) { bench throws(Stop) in
            try bench.makeLink()
            bench.config.set("linux.netDevices", #"{"conf0": {"name": "lo"}}"#)
            bench.setNamespace("network")
            try bench.mustRefuse("the container has a device lo")
            let host = try bench.recorder.tool("ip", "-o", "link", "show")
            try require(host.contains(" conf0@"), "conf0 on the host", seen: host)
        },
        check("oci.net-devices.template", "a name with %d becomes a free one", template, needs: needs) {
            bench throws(Stop) in
            try bench.makeLink()
            bench.config.set("linux.netDevices", #"{"conf0": {"name": "eth%d"}}"#)
            let list = try bench.inNewNetwork("list /sys/class/net").value("list /sys/class/net").strings
            try require(list.contains("eth0"), "eth0", seen: list.joined(separator: " "))
        },
        check(
            "oci.net-devices.stays", "delete leaves the device in a namespace that stays", noMoveBack,
            needs: needs
        ) { bench throws(Stop) in
            try bench.makeLink()
            let keeper = try bench.keeper(of: .network)
            bench.setNamespace("network", path: "/proc/\(keeper)/ns/net")
            bench.config.set("linux.netDevices", #"{"conf0": {}}"#)
            try bench.lived()
            let text = try prepare("a look") { () throws(SystemError) in
                try readText("/proc/\(keeper)/net/dev")
            }
            try require(text.contains("conf0:"), "conf0 in the namespace after delete", seen: text)
        },
        check(
            "oci.net-devices.no-namespace", "a device for a container in the host's network is an error",
            possible, needs: needs
        ) { bench throws(Stop) in
            try bench.makeLink()
            bench.config.set("linux.netDevices", #"{"conf0": {"name": "other0"}}"#)
            try bench.mustRefuse("the container has no network namespace of its own")
        },
    ])

extension ContainerBench {
    /// Takes the case into a network of its own: the machine's links are not in it.
    fileprivate func ownNetwork() throws(Stop) {
        try prepare("a network") { () throws(SystemError) in try unshareNamespaces(.network) }
    }

    /// Makes the link conf0 in a network of the case's own.
    fileprivate func makeLink() throws(Stop) {
        try ownNetwork()
        try recorder.tool("ip", "link", "add", "conf0", "type", "veth", "peer", "name", "conf1")
    }

    /// Runs the probe in a new network namespace, with /sys to look at it.
    fileprivate func inNewNetwork(_ requests: String...) throws(Stop) -> Sighting {
        setNamespace("network")
        config.append(
            "mounts", #"{"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]}"#)
        return try run(requests)
    }
}
