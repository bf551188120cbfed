import Testing

@testable import Cgroups

@Suite struct PathTests {
    @Test(arguments: [
        ("a", "/a"), ("/a/b", "/a/b"), ("a//b/./c/", "/a/b/c"), ("../../a", "/a"), ("/a/../../b", "/b"),
        ("", "/"),
        ("/..", "/"), ("system.slice:runc:1", "/system.slice:runc:1"),
    ])
    func aPathNeverLeadsOut(_ path: String, _ cleaned: String) {
        #expect(CgroupPath.cleaned(path) == cleaned)
    }

    private static let legacy = CgroupLayout.Hierarchy(
        controllers: ["pids"], mountPoint: "/sys/fs/cgroup/pids", ownPath: "/user/1")
    private static let unified = CgroupLayout.Hierarchy(
        controllers: [], mountPoint: "/sys/fs/cgroup", ownPath: "/user/session")

    @Test(arguments: [
        ("/pod/c1", "/sys/fs/cgroup/pids/pod/c1"), ("pod/c1", "/sys/fs/cgroup/pids/user/1/pod/c1"),
        ("../../c1", "/sys/fs/cgroup/pids/user/1/c1"), (nil, "/sys/fs/cgroup/pids/user/1/id"),
        ("", "/sys/fs/cgroup/pids/user/1/id"), ("a.slice:p:n", "/sys/fs/cgroup/pids/user/1/a.slice:p:n"),
    ])
    func aRelativePathIsBelowTheRuntimesOwnInLegacy(_ path: String?, _ directory: String) {
        #expect(Self.legacy.directory(path, id: "id") == directory)
    }

    @Test(arguments: [
        ("/pod/c1", "/sys/fs/cgroup/pod/c1"), ("c1", "/sys/fs/cgroup/user/c1"),
        (nil, "/sys/fs/cgroup/user/id"),
    ])
    func aRelativePathIsBesideTheRuntimesOwnInUnified(_ path: String?, _ directory: String) {
        #expect(Self.unified.directory(path, id: "id") == directory)
    }

    @Test(arguments: ["/", "/..", "/a/.."]) func theRootIsNoContainersCgroup(_ path: String) {
        #expect(throws: CgroupError.self) {
            try CgroupPlan(layout: CgroupLayout(hierarchies: [Self.unified]), cgroupsPath: path, id: "x")
        }
    }

    @Test func savedNamesEveryController() throws {
        let shared = CgroupLayout.Hierarchy(
            controllers: ["cpu", "cpuacct"], mountPoint: "/sys/fs/cgroup/cpu,cpuacct", ownPath: "/")
        let layout = CgroupLayout(hierarchies: [shared, Self.legacy])
        let plan = try CgroupPlan(layout: layout, cgroupsPath: "/c", id: "x")
        #expect(
            plan.saved == [
                "cpu": "/sys/fs/cgroup/cpu,cpuacct/c", "cpuacct": "/sys/fs/cgroup/cpu,cpuacct/c",
                "pids": "/sys/fs/cgroup/pids/c",
            ])
        let again = Cgroup(saved: plan.saved)
        #expect(again.saved == plan.saved && again.uniquePaths.count == 2 && !again.isUnified)
    }
}
