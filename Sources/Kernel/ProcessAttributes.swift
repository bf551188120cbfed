internal import CKernel

/// Gives up gaining rights by execve(2), for this process and its children. prctl(2), `PR_SET_NO_NEW_PRIVS`.
package func setNoNewPrivileges() throws(SystemError) {
    _ = try check("prctl", "PR_SET_NO_NEW_PRIVS") { ck_prctl(Int32(CK_PR_SET_NO_NEW_PRIVS), 1, 0, 0, 0) }
}

/// Whether others of the same user may trace this process and read its /proc files. prctl(2), `PR_SET_DUMPABLE`.
package func setDumpable(_ dumpable: Bool) throws(SystemError) {
    _ = try check("prctl", "PR_SET_DUMPABLE") {
        ck_prctl(Int32(CK_PR_SET_DUMPABLE), dumpable ? 1 : 0, 0, 0, 0)
    }
}

/// Has the kernel send `signal` when this process's parent ends; 0 for none. prctl(2), `PR_SET_PDEATHSIG`.
///
/// Lost when the process changes its user or executes a set-user-ID program.
package func setParentDeathSignal(_ signal: Int32) throws(SystemError) {
    _ = try check("prctl", "PR_SET_PDEATHSIG") {
        ck_prctl(Int32(CK_PR_SET_PDEATHSIG), UInt(signal), 0, 0, 0)
    }
}

/// What a process does that exists for its namespaces alone: waits for the signal that ends it.
///
/// It must not outlive `maker`, whose locks it has, too: that one may have died before the kernel was told to tell.
package func waitToBeKilled(by maker: Int32) -> Never {
    guard (try? setParentDeathSignal(Signal.kill)) != nil, parentProcessID() == maker else { exitNow(1) }
    while true { pause(milliseconds: 60_000) }
}

/// Makes orphans below this process its children. prctl(2), `PR_SET_CHILD_SUBREAPER`.
package func setChildSubreaper(_ isSubreaper: Bool) throws(SystemError) {
    _ = try check("prctl", "PR_SET_CHILD_SUBREAPER") {
        ck_prctl(Int32(CK_PR_SET_CHILD_SUBREAPER), isSubreaper ? 1 : 0, 0, 0, 0)
    }
}

/// Sets the name ps(1) shows; the kernel keeps 15 bytes of it. prctl(2), `PR_SET_NAME`.
package func setProcessName(_ name: String) throws(SystemError) {
    _ = try check("prctl", "PR_SET_NAME") { ck_set_process_name(name) }
}
