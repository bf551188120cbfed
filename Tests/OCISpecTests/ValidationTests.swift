import JSON
import Testing

@testable import OCISpec

/// Each row changes one value of a good document.
@Suite struct ValidationTests {
    /// A row: where, the JSON text put there (empty: taken away), and the beginning of the complaint.
    typealias Row = (path: String, text: String, complaint: String)

    private func expect(_ row: Row, in document: JSONValue) throws {
        let value = row.text.isEmpty ? nil : try JSONValue(parsing: Array(row.text.utf8))
        let complaint = complaint(about: document.setting(row.path, to: value))
        if row.complaint.isEmpty {
            #expect(complaint.isEmpty, "\(row.path) = \(row.text)")
        } else {
            #expect(complaint.hasPrefix(row.complaint), "\(row.path) = \(row.text) says: \(complaint)")
        }
    }

    @Test(arguments: [
        "runc-spec.json", "runc-spec-rootless.json", "podman-root.json", "everything.json",
    ]) func realDocumentsAreGood(_ name: String) throws {
        #expect(complaint(about: try JSONValue(parsing: document(name))) == "")
    }

    @Test func aDocumentWithoutProgramIsNamed() throws {
        // `ctr oci spec` leaves args to whoever uses its document.
        #expect(
            complaint(about: try JSONValue(parsing: document("containerd.json"))).hasPrefix("process.args: "))
    }

    @Test func theFirstWrongValueIsNamed() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        let bad = good.setting("linux.sysctl[\"vm.swappiness\"]", to: .string("1"))
            .setting("process.cwd", to: .string("work")).setting("process.oomScoreAdj", to: .integer(2000))
        #expect(complaint(about: bad) == "process.cwd: 'work' is not an absolute path")
    }

    @Test func badValuesAreNamed() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        for row in processRows + configurationRows + linuxRows + sysctlRows + resourceRows + seccompRows {
            try expect(row, in: good)
        }
    }

    @Test func goodVariantsAreAccepted() throws {
        let good = try JSONValue(parsing: document("everything.json"))
        for (path, text) in goodRows { try expect((path, text, ""), in: good) }
    }

    @Test func processFilesAndResourceFilesNameTheirOwnPaths() throws {
        var process = Process()
        process.args = ["sh"]
        try process.validate()
        process.cwd = "here"
        #expect(throws: JSONError(path: "cwd", problem: .notAllowed("'here' is not an absolute path"))) {
            try process.validate()
        }
        var resources = Resources()
        resources.cpu = Resources.CPU()
        resources.cpu?.cpus = "a"
        let error = #expect(throws: JSONError.self) { try resources.validate() }
        #expect(error?.path == "cpu.cpus")
    }
}
