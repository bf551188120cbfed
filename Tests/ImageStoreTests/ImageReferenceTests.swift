import Testing

@testable import ImageStore

private let hex = String(repeating: "0123456789abcdef", count: 4)

@Suite struct ImageReferenceTests {
    /// As Docker's reference library has them.
    @Test(arguments: [
        ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("nginx:1.25", "docker.io/library/nginx:1.25", "nginx:1.25"),
        ("bitnami/nginx", "docker.io/bitnami/nginx:latest", "bitnami/nginx:latest"),
        ("docker.io/library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
        ("localhost/web", "localhost/web:latest", "localhost/web:latest"),
        ("localhost:5000/web:v1", "localhost:5000/web:v1", "localhost:5000/web:v1"),
        ("[::1]:5000/web", "[::1]:5000/web:latest", "[::1]:5000/web:latest"),
        ("quay.io/a/b/c:T_1.x-2", "quay.io/a/b/c:T_1.x-2", "quay.io/a/b/c:T_1.x-2"),
        ("a__b/c---d:x", "docker.io/a__b/c---d:x", "a__b/c---d:x"),
        ("nginx@sha256:" + hex, "docker.io/library/nginx@sha256:" + hex, "nginx@sha256:" + hex),
        ("nginx:1@sha256:" + hex, "docker.io/library/nginx:1@sha256:" + hex, "nginx:1@sha256:" + hex),
        ("Host/web", "Host/web:latest", "Host/web:latest"),
    ])
    func namesAreCompletedAndShownAsDockerDoes(_ text: String, _ canonical: String, _ familiar: String) throws
    {
        let reference = try ImageReference(text)
        #expect(reference.canonical == canonical)
        #expect(reference.familiar == familiar)
        #expect(try ImageReference(reference.familiar) == reference)
    }

    @Test(arguments: [
        "", ":tag", "Nginx", "nginx:", "nginx:-a", "nginx:a/b:c d", "a//b", "a/", "/a", "a_-b", "a..b", "-a",
        "a-",
        "nginx@sha256:12", "nginx@md5:" + hex, "a___b", "x y", "nginx:" + String(repeating: "t", count: 129),
        hex,
        "../etc", "a/../b", String(repeating: "a", count: 256), "n\u{e9}",
    ])
    func whatIsNoNameIsRefused(_ text: String) {
        #expect(throws: ImageError.self) { try ImageReference(text) }
    }

    @Test func theHintNamesTheLetterCase() {
        #expect(
            "\(failure { () throws(ImageError) in _ = try ImageReference("My/App") })".contains("registry")
                == false)
        #expect(failure { () throws(ImageError) in _ = try ImageReference("a/App") }.contains("lower case"))
    }
}

@Suite struct ReferenceTableTests {
    private static func digest(_ first: String) -> ContentDigest {
        ContentDigest(of: Array(first.utf8))
    }

    private func table() throws -> ReferenceTable {
        var table = ReferenceTable()
        for name in ["a", "b"] {
            table.add(
                .init(manifest: Self.digest("manifest \(name)"), id: Self.digest("id \(name)")),
                [try ImageReference(name)])
        }
        return table
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let table = try table()
        #expect(try ReferenceTable(table.bytes, "names") == table)
    }

    @Test func namesIDsAndBeginningsFindAnImage() throws {
        let table = try table()
        let image = try table.find("a:latest")
        for text in [
            "a", "docker.io/library/a", image.id.hex, "\(image.id)", image.id.short, "\(image.manifest)",
        ] {
            #expect(try table.find(text) == image)
        }
    }

    @Test func anAmbiguousBeginningNamesWhatItMayBe() throws {
        var table = ReferenceTable()
        var number = 0
        // Two IDs which begin alike.
        var ids: [ContentDigest] = []
        while ids.count < 2 {
            let id = Self.digest("\(number)")
            if id.hex.hasPrefix("5f") { ids.append(id) }
            number += 1
        }
        for id in ids { table.add(.init(manifest: id, id: id), []) }
        let text = failure { () throws(ImageError) in _ = try table.find("5f") }
        #expect(text.contains("ambiguous") && ids.allSatisfy { text.contains($0.short) })
        #expect(try table.find(ids[0].short).id == ids[0])
    }

    @Test func anotherImageTakesTheNameAndTheFirstStays() throws {
        var table = try table()
        let old = try table.find("a")
        table.add(.init(manifest: Self.digest("new"), id: Self.digest("new id")), [try ImageReference("a")])
        #expect(try table.find("a").manifest == Self.digest("new"))
        #expect(table.names(of: old.manifest).isEmpty && table.images.contains(old))
    }
}

/// The text of the error `body` throws; empty when it throws none.
func failure(_ body: () throws(ImageError) -> Void) -> String {
    do throws(ImageError) {
        try body()
        return ""
    } catch { return "\(error)" }
}
