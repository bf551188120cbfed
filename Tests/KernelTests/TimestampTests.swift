import Testing

@testable import Kernel

@Suite struct TimestampTests {
    /// What `date -u -d @SECONDS` prints.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00"), (951_782_399, "2000-02-28T23:59:59"),
            (951_782_400, "2000-02-29T00:00:00"),
            (951_868_800, "2000-03-01T00:00:00"), (1_735_689_599, "2024-12-31T23:59:59"),
            (1_709_164_800, "2024-02-29T00:00:00"), (4_107_542_400, "2100-03-01T00:00:00"),
        ] as [(Int64, String)])
    func aMomentIsADateOfTheCalendar(_ seconds: Int64, _ text: String) {
        #expect(timestamp(seconds: seconds, nanoseconds: 42) == text + ".000000042Z")
    }
}

@Suite struct RelativePathTests {
    @Test(
        arguments: [
            ("", []), ("/", []), ("a", ["a"]), ("/a//b/", ["a", "b"]), ("./a/./b", [".", "a", ".", "b"]),
            ("\u{e4}/..", ["\u{e4}", ".."]),
        ] as [(String, [String])])
    func aPathIsItsNames(_ text: String, _ names: [String]) {
        let path = RelativePath(text)
        #expect(path.names == names)
        #expect(path.text == names.joined(separator: "/"))
        #expect(path.parent.names == names.dropLast())
    }
}
