import CommandWords
import Testing

@testable import apus_runtime

private let options: [Option] = [
    .value("bundle", short: "b", "help"), .flag("detach", short: "d", "help"),
    .list("env", short: "e", "help"), .helpFlag,
]

private func parse(_ words: [String], passesRestOn: Bool = false) throws -> Arguments {
    try Arguments(words, options: options, command: "test", passesRestOn: passesRestOn)
}

@Suite struct ArgumentTests {
    @Test(arguments: [
        ["--bundle", "/b", "x"], ["--bundle=/b", "x"], ["-bundle", "/b", "x"], ["-b", "/b", "x"],
        ["-b=/b", "x"], ["x", "--bundle", "/b"], ["-b", "/a", "-b", "/b", "x"], ["-b", "/b", "--", "x"],
    ]) func aValueIsTakenInEverySpelling(_ words: [String]) throws {
        let arguments = try parse(words)
        #expect(arguments.value("bundle") == "/b" && arguments.positionals == ["x"])
    }

    @Test(arguments: ["true", "T", "1", "True"]) func flagsTakeGosWordsForTrue(_ word: String) throws {
        #expect(try parse(["--detach=\(word)"]).flag("detach"))
    }

    @Test(arguments: [["--detach=false"], ["-d=0"], ["-d", "-d=F"], []]) func flagsCanBeOff(
        _ words: [String]
    ) throws { #expect(try !parse(words).flag("detach")) }

    @Test func aFlagDoesNotTakeTheNextWord() throws {
        #expect(try parse(["-d", "false"]).positionals == ["false"])
    }

    @Test func listsKeepTheirOrderAndTheirCommas() throws {
        #expect(
            try parse(["-e", "A=1,2", "--env", "B=", "--env=C=x=y"]).values("env") == [
                "A=1,2", "B=", "C=x=y",
            ])
    }

    @Test func whatFollowsTheContainerIsTheCommands() throws {
        let arguments = try parse(["-d", "c", "ls", "-b", "--", "--help"], passesRestOn: true)
        #expect(arguments.positionals == ["c", "ls", "-b", "--", "--help"])
        #expect(arguments.value("bundle") == nil && !arguments.asksForHelp)
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try parse(["--", "-d", "--", "x"]).positionals == ["-d", "--", "x"])
        #expect(try parse(["-", "-d"]).positionals == ["-"])
    }

    @Test func aValueMayLookLikeAnOption() throws {
        #expect(try parse(["-b", "-d"]).value("bundle") == "-d")
        #expect(try parse(["--bundle="]).value("bundle") == "")
    }

    @Test(arguments: VerbName.allCases) func noTwoOptionsShareAName(_ name: VerbName) {
        let options = name.verb.options + [.helpFlag]
        let names = options.map(\.name) + options.compactMap(\.short)
        #expect(Set(names).count == names.count)
    }
}
