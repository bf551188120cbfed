import Foundation
import JSON
import Testing

@testable import Cgroups

/// A directory with the given files, for as long as `body` runs.
private func withFiles<Value>(_ files: [String: String], _ body: (ControlFiles) throws -> Value) throws
    -> Value
{
    let directory = FileManager.default.temporaryDirectory.appending(path: "apus-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in files {
        try text.write(to: directory.appending(path: name), atomically: false, encoding: .utf8)
    }
    return try body(ControlFiles(directory.path))
}

private func member(_ value: JSONValue, _ path: String...) -> String? {
    var value = value
    for name in path {
        guard case .object(let members) = value, let found = members.first(where: { $0.name == name }) else {
            return nil
        }
        value = found.value
    }
    return value.text
}

@Suite struct StatisticsTests {
    private static let unified = [
        "cpu.stat":
            "usage_usec 3000\nuser_usec 1000\nsystem_usec 2000\nnr_periods 7\nnr_throttled 2\nthrottled_usec 5\n",
        "cpu.pressure":
            "some avg10=1.50 avg60=0.00 avg300=0.00 total=9\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
        "memory.current": "100\n", "memory.max": "max\n", "memory.peak": "150\n",
        "memory.swap.current": "10\n",
        "memory.swap.max": "50\n", "memory.stat": "anon 60\nfile 40\n", "pids.current": "3\n",
        "pids.max": "max\n",
        "io.stat": "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n",
        "hugetlb.2MB.current": "2097152\n",
        "hugetlb.2MB.events": "max 4\n",
    ]

    @Test func unifiedPrintsInTheFormOfLegacy() throws {
        let json = try withFiles(Self.unified) { files in
            var statistics = Statistics()
            statistics.readUnified(files)
            return statistics.json
        }
        #expect(member(json, "cpu", "usage") == #"{"total":3000000,"kernel":2000000,"user":1000000}"#)
        #expect(
            member(json, "cpu", "throttling") == #"{"periods":7,"throttledPeriods":2,"throttledTime":5000}"#)
        #expect(member(json, "cpu", "psi", "some") == #"{"avg10":1.5,"avg60":0,"avg300":0,"total":9}"#)
        #expect(
            member(json, "memory", "usage")
                == #"{"limit":18446744073709551615,"usage":100,"max":150,"failcnt":0}"#)
        #expect(member(json, "memory", "swap") == #"{"limit":18446744073709551615,"usage":110,"failcnt":0}"#)
        #expect(member(json, "memory", "raw") == #"{"anon":60,"file":40}"#)
        #expect(member(json, "pids") == #"{"current":3}"#)
        #expect(
            member(json, "blkio", "ioServicedRecursive")
                == #"[{"major":8,"op":"Read","value":1},{"major":8,"op":"Write"},{"major":8,"op":"Discard"}]"#
        )
        #expect(member(json, "hugetlb", "2MB") == #"{"usage":2097152,"failcnt":4}"#)
        #expect(member(json, "network_interfaces") == "null" && member(json, "intel_rdt") == "{}")
    }

    @Test func legacyReadsEachHierarchy() throws {
        let files = [
            "cpu.stat": "nr_periods 1\nnr_throttled 2\nthrottled_time 3\n", "cpuacct.usage": "30\n",
            "cpuacct.stat": "user 2\nsystem 1\n", "cpuacct.usage_percpu": "10 20 \n",
            "cpuacct.usage_all": "cpu user system\n0 4 6\n1 8 12\n", "cpuset.cpus": "0-2,5\n",
            "cpuset.sched_relax_domain_level": "-1\n", "memory.limit_in_bytes": "9223372036854771712\n",
            "memory.usage_in_bytes": "5\n", "memory.stat": "cache 4\n", "pids.max": "10\n",
            "blkio.throttle.io_serviced_recursive": "8:0 Read 3\n8:0 Total 3\nTotal 3\n",
        ]
        let json = try withFiles(files) { files in
            var statistics = Statistics()
            statistics.readLegacy { $0 == "hugetlb" ? nil : files }
            return statistics.json
        }
        #expect(
            member(json, "cpu", "usage")
                == #"{"total":30,"percpu":[10,20],"percpu_kernel":[6,12],"percpu_user":[4,8],"kernel":10000000,"user":20000000}"#
        )
        #expect(member(json, "cpuset", "cpus") == "[0,1,2,5]")
        #expect(member(json, "cpuset", "sched_relax_domain_level") == "-1")
        #expect(member(json, "memory", "usage") == #"{"limit":9223372036854771712,"usage":5,"failcnt":0}"#)
        #expect(member(json, "memory", "cache") == "4" && member(json, "pids") == #"{"limit":10}"#)
        #expect(
            member(json, "blkio")
                == #"{"ioServicedRecursive":[{"major":8,"op":"Read","value":3},{"major":8,"op":"Total","value":3}]}"#
        )
    }

    @Test func whatIsMissingIsZero() throws {
        let json = try withFiles([:]) { files in
            var statistics = Statistics()
            statistics.readUnified(files)
            return statistics.json
        }
        #expect(member(json, "cpu") == #"{"usage":{"kernel":0,"user":0},"throttling":{}}"#)
        #expect(member(json, "blkio") == "{}" && member(json, "hugetlb") == "{}")
    }
}
