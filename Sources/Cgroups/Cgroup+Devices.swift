internal import Kernel
public import OCISpec

extension Cgroup {
    /// Lets the processes use the devices of `rules`, and those every container has, and no others.
    public func allowDevices(_ rules: [Resources.DeviceRule]) throws(CgroupError) {
        let rules = try DeviceRules(rules)
        if let path = directory(of: "devices") {
            let list = try DeviceList(rules)
            try restrict { () throws(SystemError) in try allowLegacy(list, path) }
        } else if isUnified, let path = unifiedDirectory {
            let filter = rules.allowsEverything ? nil : DeviceFilter(rules)
            try restrict { () throws(SystemError) in try allowUnified(filter, path) }
        } else if !isRootless {
            // Without the controller nothing would keep a container from the machine's disks.
            throw .unavailable(
                path: "linux.resources.devices", controller: "devices", hint: "mount it, or use cgroup v2")
        }
    }

    private func restrict(_ body: () throws(SystemError) -> Void) throws(CgroupError) {
        do throws(SystemError) {
            try body()
        } catch {
            // A user without root cannot restrict devices, and cannot make any either.
            if isRootless, error.isPermission { return }
            throw .system(
                step: "restrict devices", reason: "\(error)",
                hint: error.isPermission
                    ? "the cgroup above may not use all that linux.resources.devices allows" : "")
        }
    }

    private func allowLegacy(_ list: DeviceList, _ path: String) throws(SystemError) {
        let isNew = fresh.contains(path)
        // A new cgroup has what the one above has, which is all it can ever get.
        if isNew, list.allowsByDefault, list.exceptions.isEmpty { return }
        // The answer is known beforehand, or does not matter: a forbidding list starts from nothing.
        let current =
            isNew && !list.allowsByDefault
            ? DeviceList(listing: "a *:* rwm") : DeviceList(listing: try readText(path + "/devices.list"))
        let change = list.change(from: current)
        if change.allowsFirst { try write(change.allowed, path + "/devices.allow") }
        try write(change.denied, path + "/devices.deny")
        if !change.allowsFirst { try write(change.allowed, path + "/devices.allow") }
    }

    private func write(_ lines: [String], _ path: String) throws(SystemError) {
        if lines.isEmpty { return }
        let file = try FileDescriptor.open(path, .writeOnly)
        for line in lines {
            do throws(SystemError) {
                try file.write(line)  // the kernel takes one rule with each write
            } catch { throw SystemError(call: "write \"\(line)\"", subject: path, errno: error.errno) }
        }
    }

    private func allowUnified(_ filter: DeviceFilter?, _ path: String) throws(SystemError) {
        let isNew = fresh.contains(path)
        if isNew, filter == nil { return }
        let directory = try FileDescriptor.open(path, .directory)
        guard let filter else { return try DeviceProgram.replaceAll(on: directory, by: nil) }
        let program = try DeviceProgram(loading: filter.instructions)
        if isNew { return try program.attach(to: directory) }
        try DeviceProgram.replaceAll(on: directory, by: program)
    }
}
