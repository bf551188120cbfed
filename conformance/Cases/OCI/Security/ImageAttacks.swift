import JSON
import Kernel
import Suite

private let links = attack(
    "links",
    "/proc and /sys are not mounted through a symbolic link of the image: labels and settings would go elsewhere.",
    "CVE-2019-19921", "CVE-2023-27561", "CVE-2023-28642", "CVE-2025-54867")
private let devices = attack(
    "dev-link", "Devices and links are not made on the host when /dev of the image is a symbolic link.",
    "CVE-2026-41579", "CVE-2026-47766")
private let targets = attack(
    "mount-target", "A mount whose target is a symbolic link of the image stays inside the root.",
    "CVE-2019-18837", "CVE-2021-30465")
private let made = attack(
    "made-target", "What is made for a mount is made inside the root, whatever links the image has.",
    "CVE-2024-45310")
private let race = attack(
    "mount-race", "A target that changes between a directory and a link while mounts are made gains nothing.",
    "CVE-2021-30465", "CVE-2024-45310")
private let null = attack(
    "mask-null",
    "A mask is the null device, or create fails: a /dev/null that was swapped does not become the mask.",
    "CVE-2025-31133", "CVE-2025-62161")
private let console = attack(
    "console", "/dev/console is made and mounted without following a link somebody put there.",
    "CVE-2025-52565")
private let settings = attack(
    "sysctl-cover", "A mount in front of /proc/sys does not take a setting away in silence.",
    "CVE-2019-16884", "CVE-2025-52881")
private let pipe = attack("passwd-pipe", "A file of the image that is a pipe does not hold the runtime.")
private let directory = attack(
    "cwd-descriptor",
    "The working directory cannot be a directory of the host, which a descriptor of the runtime leads to.",
    "CVE-2024-21626")

/// What a hostile image does to a runtime that makes a container of it.
let imageAttacksSection = Section(
    "hostile images",
    [("/proc", "proc"), ("/sys", "sysfs")].flatMap { path, type in
        [
            linkCase(path, type, "elsewhere", "a directory beside it"),
            linkCase(path, type, "/tmp/conformance/outside", "the host"),
        ]
    } + [
        check("attack.dev-link", "a link at /dev leads no device to the host", devices) {
            bench throws(Stop) in
            try bench.makeOutside()
            try bench.plant("/dev", to: bench.outside)
            bench.config.set("mounts", #"[{"destination": "/proc", "type": "proc", "source": "proc"}]"#)
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check("attack.dev-link-up", "nor does one that climbs", devices) { bench throws(Stop) in
            try bench.makeOutside()
            try bench.plant("/dev", to: "../../../../../../../../" + bench.outside)
            bench.config.set("mounts", #"[{"destination": "/proc", "type": "proc", "source": "proc"}]"#)
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check("attack.mount-target", "a mount on a link to the host stays inside", targets) {
            bench throws(Stop) in
            try bench.makeOutside()
            try bench.plant("/data", to: bench.outside)
            bench.config.append("mounts", #"{"destination": "/data", "type": "tmpfs", "source": "tmpfs"}"#)
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check(
            "attack.mount-target-source",
            "a bind mount on a link cannot show the host's file under another name", targets
        ) { bench throws(Stop) in
            try bench.makeOutside()
            try bench.plant("/first", to: bench.home)
            bench.config.append(
                "mounts", #"{"destination": "/first/outside", "type": "tmpfs", "source": "tmpfs"}"#)
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check(
            "attack.made-directory", "a directory for a mount is made inside, behind links that climb", made
        ) { bench throws(Stop) in
            try bench.makeOutside()
            try bench.plant("/up", to: "../../../../../../../../" + bench.outside)
            bench.config.append(
                "mounts", #"{"destination": "/up/new/directory", "type": "tmpfs", "source": "tmpfs"}"#)
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check(
            "attack.made-file",
            "a file for a mount is made inside, behind a link to a file that is not there", made
        ) { bench throws(Stop) in
            try bench.makeOutside()
            try prepare("a source") { () throws(SystemError) in try writeNew(bench.home + "/source", "source")
            }
            try bench.plant("/file", to: bench.outside + "/made")
            bench.config.append(
                "mounts", #"{"destination": "/file", "source": "\#(bench.home)/source", "options": ["bind"]}"#
            )
            try bench.create()
            try bench.expectOutsideUntouched()
        },
        check("attack.mount-race", "a target swapped all the time leads nothing outside", race, seconds: 90) {
            bench throws(Stop) in
            try bench.makeOutside()
            try prepare("a trap") { () throws(SystemError) in
                try makeDirectory(bench.rootfs + "/swap", mode: 0o755)
            }
            try bench.plant("/trap", to: bench.outside)
            for number in 0..<12 {
                bench.config.append(
                    "mounts",
                    #"{"destination": "/swap/inner\#(number)/deeper", "type": "tmpfs", "source": "t"}"#)
            }
            let racer = try bench.swap("/swap", "/trap")
            defer { do throws(SystemError) { try sendSignal(Signal.kill, to: racer) } catch {} }
            for _ in 0..<8 {
                try bench.create()
                bench.cleanUp()
            }
            try bench.expectOutsideUntouched()
        },
        check(
            "attack.mask-link", "a /dev/null that became a link does not become the mask", null,
            needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            try bench.expectMasked("relink \(bench.rootfs)/dev/null /proc/sys/kernel/hostname")
        },
        check("attack.mask-image", "a /dev/null of the image that is a link is no mask either", null) {
            bench throws(Stop) in
            try bench.plant("/dev/null", to: "/proc/sys/kernel/hostname")
            bench.config.set("mounts", #"[{"destination": "/proc", "type": "proc", "source": "proc"}]"#)
            try bench.expectMasked("")
        },
        check(
            "attack.console-link", "/dev/console as a link leads nothing to the host", console,
            needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            try bench.makeOutside()
            bench.sabotage("relink \(bench.rootfs)/dev/console \(bench.outside)/secret")
            bench.config.set("process.terminal", "true")
            bench.ask(["sleep"])
            let socket = try prepare("a socket") { () throws(SystemError) in
                try listenSocket(bench.home + "/console")
            }
            if try bench.create(options: ["--console-socket", bench.home + "/console"]).isSuccess {
                try bench.start()
            }
            _ = socket.rawValue
            try bench.expectOutsideUntouched()
        },
        check(
            "attack.console-proc", "/dev/console as a link into /proc is not followed", console,
            needs: [.since("1.0.2")]
        ) { bench throws(Stop) in
            bench.sabotage("relink \(bench.rootfs)/dev/console /proc/sys/kernel/hostname")
            bench.config.set("process.terminal", "true")
            bench.ask(["mounts", "sleep"])
            let socket = try prepare("a socket") { () throws(SystemError) in
                try listenSocket(bench.home + "/console")
            }
            guard try bench.create(options: ["--console-socket", bench.home + "/console"]).isSuccess else {
                return
            }
            _ = socket.rawValue
            let pid = try bench.state().pid
            let mounts = try prepare("a look") { () throws(SystemError) in try mountTable(of: "\(pid)") }
            let wrong = mounts.filter { $0.point.hasPrefix("/proc/sys") && $0.type == "devpts" }
            try require(
                wrong.isEmpty, "no terminal mounted in /proc/sys",
                seen: wrong.map(\.point).joined(separator: " "))
        },
        check(
            "attack.sysctl-cover",
            "a setting reaches the kernel, or is an error, behind a mount over /proc/sys", settings
        ) { bench throws(Stop) in
            bench.config.append(
                "mounts", #"{"destination": "/proc/sys/kernel", "type": "tmpfs", "source": "tmpfs"}"#)
            bench.config.append("mounts", #"{"destination": "/second", "type": "proc", "source": "proc"}"#)
            bench.config.set("linux.sysctl", value: .object([.init("kernel.msgmax", .string("4096"))]))
            bench.ask(["read /second/sys/kernel/msgmax"])
            guard try bench.create().isSuccess else { return }
            let state = try bench.state()
            try bench.mustStart()
            try bench.finish(state).expect("read /second/sys/kernel/msgmax", "4096")
        },
        check(
            "attack.passwd-pipe", "a passwd of the image that is a pipe does not hold the runtime", pipe,
            seconds: 30
        ) { bench throws(Stop) in
            try prepare("a pipe") { () throws(SystemError) in
                try makeDirectory(bench.rootfs + "/etc", mode: 0o755)
                for name in ["passwd", "group"] { try makeFIFO(bench.rootfs + "/etc/" + name, mode: 0o644) }
            }
            try bench.writeConfig()
            let answer = try bench.create()
            try require(answer.status != nil, "an end of create", seen: answer.text)
        },
        check(
            "attack.cwd-descriptor", "no descriptor of the runtime leads the working directory to the host",
            directory, seconds: 90
        ) { bench throws(Stop) in
            try bench.makeOutside()
            for number in 3..<16 {
                bench.config.set("process.cwd", "\"/proc/self/fd/\(number)\"")
                try bench.expectInside()
            }
        },
        check("attack.cwd-link", "nor does a link of the image", directory, seconds: 90) {
            bench throws(Stop) in
            try bench.makeOutside()
            for number in 3..<16 {
                try bench.plant("/work\(number)", to: "/proc/self/fd/\(number)")
                bench.config.set("process.cwd", "\"/work\(number)\"")
                try bench.expectInside()
            }
        },
    ])

private func linkCase(_ path: String, _ type: String, _ target: String, _ what: String) -> Case<
    ContainerBench
> {
    check(
        "attack.link\(path.dropFirst().isEmpty ? "" : "-" + path.dropFirst())-\(target.hasPrefix("/") ? "host" : "inside")",
        "\(path) as a link to \(what) is refused", links
    ) { bench throws(Stop) in
        try bench.makeOutside()
        try prepare("a directory") { () throws(SystemError) in
            try makeDirectory(bench.rootfs + "/elsewhere", mode: 0o755)
        }
        try bench.plant(path, to: target)
        bench.config.set(
            "mounts", #"[{"destination": "\#(path)", "type": "\#(type)", "source": "\#(type)"}]"#)
        if type == "sysfs" { bench.setNamespace("network") }
        let answer = try bench.create()
        try bench.expectOutsideUntouched()
        try require(!answer.isSuccess, "an error from create", seen: answer.text)
    }
}

extension ContainerBench {
    /// Runs a container with a masked file, while `deed` is done; what is masked must not be another file.
    fileprivate func expectMasked(_ deed: String) throws(Stop) {
        try prepare("a secret") { () throws(SystemError) in try writeNew(rootfs + "/masked", "secret") }
        if !deed.isEmpty { sabotage(deed) }
        config.set("linux.maskedPaths", #"["/masked"]"#)
        config.set("hostname", #""unchanged""#)
        ask(["read /masked", "write /masked changed", "read /proc/sys/kernel/hostname"])
        guard try create().isSuccess else { return }
        let state = try state()
        guard try start().isSuccess else { return }
        let seen = try finish(state)
        // A runtime takes standard streams that are the null device to be the container's: then even they go through the link.
        try require(
            seen.has("read /masked"), "a mask that is the null device",
            seen: "the output of the program went into the file behind the link")
        if seen.error("read /masked") == nil { try seen.expect("read /masked", "") }
        try seen.expect("read /proc/sys/kernel/hostname", "unchanged")
    }

    /// Creates and starts the container; when it runs, its working directory must lie in its own root.
    fileprivate func expectInside() throws(Stop) {
        let request = "read ../../../../../../../../../tmp/conformance/outside/secret"
        ask(["directory", request])
        defer { cleanUp() }
        guard try create().isSuccess else { return }
        let state = try state()
        guard try start().isSuccess else { return }
        let seen = try finish(state)
        let text = seen.error(request) == nil && seen.has(request) ? try seen.text(request) : ""
        try require(text.isEmpty, "nothing of the host in sight of the working directory", seen: text)
    }

    /// Exchanges two paths of the root all the time, in a process of its own.
    fileprivate func swap(_ one: String, _ other: String) throws(Stop) -> Int32 {
        do throws(SystemError) {
            switch try cloneProcess() {
            case .child:
                while true {
                    do throws(SystemError) { try exchangeFiles(rootfs + one, rootfs + other) } catch {}
                }
            case .parent(let pid, _): return pid
            }
        } catch { throw .trouble("cannot start the racer: \(error)") }
    }
}
