import Testing

@testable import Cgroups

private func find(
    _ own: String, isUnified: Bool = false, there: Set<String>, mounts: String = ""
) -> [CgroupLayout.Hierarchy] {
    var finder = HierarchyFinder(root: "/sys/fs/cgroup", isUnified: isUnified) {
        there.contains($0)
    } mountInformation: {
        mounts
    }
    return finder.hierarchies(own)
}

@Suite struct LayoutTests {
    @Test func unifiedIgnoresWhatIsNotMounted() {
        let found = find(
            "9:name=systemd:/a\n0::/a", isUnified: true, there: ["/sys/fs/cgroup", "/sys/fs/cgroup/a"])
        #expect(found == [.init(controllers: [], mountPoint: "/sys/fs/cgroup", ownPath: "/a")])
        #expect(CgroupLayout(hierarchies: found).isUnified)
    }

    @Test func hybridHasBoth() {
        let found = find(
            "2:pids:/\n1:name=systemd:/\n0::/",
            there: ["/sys/fs/cgroup/pids", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"])
        #expect(found.map(\.mountPoint) == ["pids", "systemd", "unified"].map { "/sys/fs/cgroup/" + $0 })
        #expect(!CgroupLayout(hierarchies: found).isUnified)
    }

    @Test func aHierarchyThatIsNotMountedIsLeftOut() {
        #expect(find("3:rdma:/\n2:pids:/", there: ["/sys/fs/cgroup/pids"]).map(\.controllers) == [["pids"]])
    }

    @Test(arguments: ["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpuacct"])
    func sharedControllersHaveOneDirectory(_ place: String) {
        let found = find("2:cpu,cpuacct:/", there: [place])
        #expect(found == [.init(controllers: ["cpu", "cpuacct"], mountPoint: place, ownPath: "/")])
    }

    @Test func anotherPlaceIsFoundInTheMounts() {
        let mounts = "30 23 0:26 / /cgroup/pids rw,nosuid shared:9 - cgroup cgroup rw,pids"
        let found = find("2:pids:/a", there: [], mounts: mounts)
        #expect(found == [.init(controllers: ["pids"], mountPoint: "/cgroup/pids", ownPath: "/a")])
    }

    @Test func aContainerSeesAPartOfTheTreeOnly() {
        let mounts = """
            30 23 0:26 /docker/7 /sys/fs/cgroup/pids ro,nosuid - cgroup cgroup rw,pids
            31 23 0:27 /docker/7 /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """
        let there: Set = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified"]
        let found = find("2:pids:/docker/7/inner\n0::/docker/7", there: there, mounts: mounts)
        #expect(found.map(\.ownPath) == ["/inner", "/"])
        #expect(found[0].directory("c", id: "") == "/sys/fs/cgroup/pids/inner/c")
    }

    @Test func outsideOfTheCgroupNamespaceCountsAsItsRoot() {
        #expect(find("2:pids:/../other", there: ["/sys/fs/cgroup/pids"]).map(\.ownPath) == ["/"])
    }
}
