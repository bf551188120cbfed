import JSON
import Kernel
import Suite

private let binary = attack(
    "runtime-binary", "A container cannot write to the runtime's program through /proc/PID/exe.",
    "CVE-2019-5736")
private let directory = attack(
    "exec-cwd", "The working directory of exec cannot be a directory of the host.", "CVE-2024-21626")
private let leak = attack(
    "descriptors", "No descriptor of the runtime or of its caller is open in the program.", "CVE-2024-21626")
private let inheritable = attack(
    "inheritable", "Capabilities asked of exec, and those of a new configuration, are not inheritable.",
    "CVE-2022-29162", "CVE-2022-27650")
private let user = attack(
    "exec-user", "exec --user with a number is that user, and never root.", "CVE-2026-30892")
private let wrapped = attack(
    "wrapped-ids", "A user or group that the kernel takes for \"leave it as it is\" is refused.")
private let names = attack("id", "An ID cannot lead out of the runtime's directory.")
private let peek = attack("peek", "Nobody may look into the process of a container that waits for start.")
private let raise = attack("setuid", "With noNewPrivileges a program with the set-user-ID bit gains nothing.")

private let execNeeds: [Need<Runtime>] = [.command("exec")]

/// What a container's processes do to the runtime that made them, or that comes back to them.
let processAttacksSection = Section(
    "hostile processes",
    [
        check(
            "attack.binary-waiting", "the runtime's program cannot be written through a container that waits",
            binary
        ) { bench throws(Stop) in
            let victim = try bench.useVictim()
            let state = try bench.mustCreate()
            let file = try prepare("a look") { () throws(SystemError) in
                try FileDescriptor.open("/proc/\(state.pid)/exe")
            }
            try bench.kill()
            try bench.awaitEnd(of: state.pid)
            // What is written where somebody else than the container has the file does not count: only this way in does.
            do throws(SystemError) {
                try FileDescriptor.open("/proc/self/fd/\(file.rawValue)", .writeOnly).write("overwritten\n")
            } catch {}
            try bench.expectSame(victim)
        },
        check(
            "attack.binary-exec", "nor by a container that waits for exec", binary, needs: execNeeds,
            seconds: 90
        ) { bench throws(Stop) in
            let victim = try bench.useVictim()
            bench.ask(["catch-runtime 3000"])
            let state = try bench.mustCreate()
            try bench.mustStart()
            for _ in 0..<20 where fileExists("/proc/\(state.pid)") { _ = try bench.exec([], ["pid"]) }
            try bench.awaitEnd(of: state.pid)
            try bench.expectSame(victim)
        },
        check("attack.binary-itself", "nor by a container whose program is /proc/self/exe", binary) {
            bench throws(Stop) in
            let victim = try bench.useVictim()
            bench.config.set("process.args", #"["/proc/self/exe", "state", "x"]"#)
            if try bench.create().isSuccess { try bench.start() }
            try bench.expectSame(victim)
        },
        check(
            "attack.exec-cwd", "no descriptor leads exec --cwd to the host", directory, needs: execNeeds,
            seconds: 90
        ) { bench throws(Stop) in
            try bench.makeOutside()
            try bench.stay()
            let request = "read ../../../../../../../../../tmp/conformance/outside/secret"
            for number in 3..<16 {
                guard let seen = try bench.exec(["--cwd", "/proc/self/fd/\(number)"], [request]) else {
                    continue
                }
                let text = seen.error(request) == nil && seen.has(request) ? try seen.text(request) : ""
                try require(text.isEmpty, "nothing of the host in sight of descriptor \(number)", seen: text)
            }
        },
        check(
            "attack.exec-descriptors", "the program of exec has three descriptors and no more", leak,
            needs: execNeeds
        ) { bench throws(Stop) in
            try bench.stay()
            let line =
                ([bench.runtime.path] + bench.runtime.options + ["exec", bench.id, "/probe", "descriptors"])
                .map(shellQuoted).joined(separator: " ")
            let answer = try bench.callShell("exec 7</etc 9<&7; exec \(line)")
            let seen = try Sighting(answer.output, status: answer.status).value("descriptors")
            try require(
                seen.members.map(\.name).sorted() == ["0", "1", "2"], "the descriptors 0, 1 and 2",
                seen: seen.text)
        },
        check(
            "attack.exec-capabilities", "capabilities of exec --cap are not inheritable", inheritable,
            needs: execNeeds
        ) { bench throws(Stop) in
            try bench.stay()
            guard let seen = try bench.exec(["--cap", "CAP_NET_RAW"], ["capabilities"]) else {
                throw .skip("exec has no --cap")
            }
            let set = try seen.value("capabilities").member("inheritable")
            try require(set?.strings.isEmpty == true, "an empty inheritable set", seen: set?.text ?? "")
        },
        check(
            "attack.spec-capabilities", "a new configuration has no inheritable capabilities", inheritable,
            needs: [.command("spec")]
        ) { bench throws(Stop) in
            try prepare("a directory") { () throws(SystemError) in
                try makeDirectory(bench.home + "/new", mode: 0o755)
                try changeDirectory(bench.home + "/new")
            }
            try bench.call(["spec"])
            let document = try prepare("a look") { () throws(SystemError) in
                try readText(bench.home + "/new/config.json")
            }
            let config = Document(.literal(document))
            let set = config.at("process.capabilities.inheritable")?.strings ?? []
            try require(set.isEmpty, "no inheritable capabilities", seen: set.joined(separator: " "))
            try require(
                config.at("process.capabilities.bounding") != nil, "bounding capabilities", seen: "none")
        },
        check(
            "attack.exec-user", "exec --user 1 is user 1, and a group beside it is that group", user,
            needs: execNeeds
        ) { bench throws(Stop) in
            try bench.stay()
            for (word, uid, gid) in [
                ("1", "1", ""), ("1:2", "1", "2"), ("1000", "1000", ""), ("65534:65534", "65534", "65534"),
            ] {
                guard let seen = try bench.exec(["--user", word], ["status Uid", "status Gid"]) else {
                    throw .finding(expected: "exec --user \(word) works", seen: "it printed nothing")
                }
                try seen.expect("status Uid", "\(uid) \(uid) \(uid) \(uid)")
                if !gid.isEmpty { try seen.expect("status Gid", "\(gid) \(gid) \(gid) \(gid)") }
            }
        },
        check(
            "attack.exec-user-odd", "a user exec does not understand is an error, and never root", user,
            wrapped, needs: execNeeds
        ) { bench throws(Stop) in
            try bench.stay()
            for word in ["4294967295", "4294967296", "-1", "1x", "nosuchuser", "18446744073709551616"] {
                guard let seen = try bench.exec(["--user", word], ["status Uid"]), seen.has("status Uid")
                else { continue }
                let text = try seen.text("status Uid")
                try require(
                    !text.hasPrefix("0 "), "an error, or at least not root, for --user \(word)", seen: text)
            }
        },
        check("attack.wrapped-ids", "a user or group of -1 in the configuration is an error", wrapped) {
            bench throws(Stop) in
            for value in [#"{"uid": 4294967295, "gid": 1}"#, #"{"uid": 1, "gid": 4294967295}"#] {
                bench.config.set("process.user", value)
                bench.ask(["status Uid", "status Gid"])
                try bench.mustNotRun("process.user is \(value)")
            }
        },
        check("attack.id", "an ID that climbs makes no file and removes none", names) { bench throws(Stop) in
            try bench.makeOutside()
            try prepare("a directory") { () throws(SystemError) in
                try makeDirectories("/run/keep/inner", mode: 0o755)
            }
            for id in ["../keep", "../../run/keep", "../../tmp/conformance/outside", "a/../../keep"] {
                try bench.create(id)
                try bench.call(["delete", "--force", id])
                try require(
                    fileExists("/run/keep/inner"), "/run/keep is there after the ID '\(id)'",
                    seen: "it is gone")
            }
            try bench.expectOutsideUntouched()
        },
        check("attack.peek", "another user cannot look into the process that waits", peek) {
            bench throws(Stop) in
            let pid = try bench.mustCreate().pid
            let code = try asNobody { () throws(SystemError) in _ = try readLink("/proc/\(pid)/exe") }
            try require(
                code == 13 || code == 1, "\"Permission denied\" for /proc/\(pid)/exe",
                seen: code == 0 ? "it can be read" : "error \(code)")
        },
        check("attack.setuid", "a set-user-ID program gains nothing with noNewPrivileges", raise) {
            bench throws(Stop) in
            try bench.makeSetUser()
            bench.config.set("process.noNewPrivileges", "true")
            try bench.expect(user: "1000")
        },
        check("attack.setuid-mount", "nor on a mount with nosuid", raise) { bench throws(Stop) in
            try bench.makeSetUser()
            bench.config.append(
                "mounts",
                #"{"destination": "/programs", "source": "\#(bench.rootfs)/programs", "options": ["bind", "nosuid"]}"#
            )
            try bench.expect(user: "1000")
        },
    ])

/// Runs `body` as another user in a process of its own; answers the number of the error, 0 when there was none.
private func asNobody(_ body: () throws(SystemError) -> Void) throws(Stop) -> Int32 {
    do throws(SystemError) {
        switch try cloneProcess() {
        case .child:
            do throws(SystemError) {
                try setSupplementaryGroups([])
                try setGroupID(12345)
                try setUserID(12345)
                try body()
            } catch { exitNow(error.errno.rawValue) }
            exitNow(0)
        case .parent(let pid, _): return try waitForExit(pid).code
        }
    } catch { throw .trouble("cannot become another user: \(error)") }
}

extension ContainerBench {
    /// Makes the runtime under test a copy which may be overwritten.
    fileprivate func useVictim() throws(Stop) -> String {
        let victim = home + "/victim"
        try prepare("a copy of the runtime") { () throws(SystemError) in
            try copyProgram(runtime.path, to: victim)
        }
        runtime.path = victim
        return victim
    }

    fileprivate func expectSame(_ victim: String) throws(Stop) {
        let (now, before) = try prepare("a look") { () throws(SystemError) in
            (try readFile(victim), try readFile(original))
        }
        try require(now == before, "the runtime's program of before", seen: "it was overwritten")
    }

    /// A copy of the probe that runs as root, whoever starts it.
    fileprivate func makeSetUser() throws(Stop) {
        try prepare("a program") { () throws(SystemError) in
            try makeDirectory(rootfs + "/programs", mode: 0o755)
            try copyProgram(runtime.probe, to: rootfs + "/programs/setuid")
            try FileDescriptor.open(rootfs + "/programs/setuid").changeMode(0o4755)
        }
        config.set("process.user", #"{"uid": 1000, "gid": 1000}"#)
    }

    fileprivate func expect(user: String) throws(Stop) {
        let answer = try run("run /programs/setuid effective-user").value(
            "run /programs/setuid effective-user")
        let printed = answer.strings.last ?? ""
        try require(printed.contains("\"value\":\(user)"), "the user \(user)", seen: printed)
    }
}
