import Foundation
import Testing

/// Words that are refused, the exit code, and a part of the one line that says why.
private let refusals: [(words: [String], code: Int32, reason: String)] = [
    (["stat", "x"], 3, "unknown command 'stat' (did you mean 'state'?)"),
    (["help", "bogus"], 3, "unknown command 'bogus'"),
    (["--bogus"], 1, "unknown option --bogus; see 'apus-runtime --help'"),
    (["create", "--bundel", "/b", "x"], 1, "unknown option --bundel (did you mean --bundle?)"),
    (["state", "-z", "x"], 1, "unknown option -z"),
    (["state", "x", "--bogus"], 1, "unknown option --bogus"),
    (["state", "---x"], 1, "'---x' is no option"),
    (["state"], 1, "the container ID is missing; see 'apus-runtime state --help'"),
    (["kill"], 1, "missing"),
    (["state", "a", "b"], 1, "unexpected argument 'b'"),
    (["list", "x"], 1, "unexpected argument 'x'"),
    (["kill", "a", "9", "c"], 1, "unexpected argument 'c'"),
    (["kill", "a", "FOO"], 1, "unknown signal 'FOO'"),
    (["kill", "a", "65"], 1, "unknown signal '65'"),
    (["list", "--format", "yaml"], 1, "--format needs"),
    (["list", "--quiet=maybe"], 1, "--quiet is true or false, not 'maybe'"),
    (["create", "--pid-file"], 1, "--pid-file needs a value"),
    (["create", "--preserve-fds", "x", "c"], 1, "--preserve-fds needs a number, not 'x'"),
    (["create", "--preserve-fds=-1", "c"], 1, "--preserve-fds needs a number, not '-1'"),
    (["exec", "--preserve-fds", "x", "c", "true"], 1, "--preserve-fds"),
    (["events", "--interval", "0s", "c"], 1, "--interval needs a time above zero"),
    (["events", "--interval", "5", "c"], 1, "--interval"),
    (["update", "--memory", "12q", "c"], 1, "--memory needs"),
    (["update", "--cpu-share", "1x", "c"], 1, "--cpu-share needs"),
    (["update", "--l3-cache-schema", "L3:0=f", "c"], 1, "does not manage Intel RDT"),
    (["update", "-r", "/nonexistent", "c"], 1, "cannot read /nonexistent: open /nonexistent: No such file"),
    (["checkpoint", "--image-path", "/i", "c"], 1, "checkpoint is not supported"),
    (["restore", "--bundle", "/b", "-d", "c"], 1, "restore is not supported"),
    (["--systemd-cgroup", "create", "c"], 1, "podman --cgroup-manager=cgroupfs"),
    (["--systemd-cgroup", "run", "c"], 1, "podman --cgroup-manager=cgroupfs"),
    (["--cgroup-manager", "systemd", "list"], 1, "'systemd' is not supported"),
    (["--rootless", "maybe", "list"], 1, "--rootless needs"),
    (["--log-format", "xml", "list"], 1, "--log-format needs 'text' or 'json'"),
    (["--log-level", "loud", "list"], 1, "--log-level needs"),
    (["--log", "/nonexistent/log", "list"], 1, "cannot open the log file: open /nonexistent/log"),
    (["--root", "", "list"], 1, "--root needs a directory"),
    (["delete", "--regex", "a("], 1, "'a(' is no regular expression"),
    (["kill", "-r", "*["], 1, "is no regular expression"),
    (["spec", "--bundle", "/nonexistent"], 1, "/nonexistent/config.json: No such file"),
]

@Suite struct ErrorTests {
    @Test(arguments: refusals.indices) func aMistakeIsOneLineWithTheReason(_ index: Int) throws {
        let (words, code, reason) = refusals[index]
        let outcome = try Tool.run(words)
        #expect(outcome.code == code, "\(words): \(outcome.errors)")
        #expect(outcome.errorLines.count == 1 && outcome.output.isEmpty, "\(words): \(outcome)")
        #expect(outcome.errors.contains(reason), "\(words): \(outcome.errors)")
    }

    @Test func withoutALogTheErrorIsALineOfText() throws {
        let line = try Tool.run(["state"]).errors
        #expect(line.wholeMatch(of: /time="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ" level=error msg=".*"\n/) != nil)
    }

    @Test func jsonErrorsHaveTheMembersEnginesRead() throws {
        let line = try Tool.run(["--log-format", "json", "kill", "c", "a\"b\n"]).errors
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(Set(object.keys) == ["level", "msg", "time"] && object["level"] == "error")
        #expect(object["msg"]?.contains("unknown signal 'a\"b\n'") == true)
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test(arguments: ["text", "json"]) func aLogFileGetsTheLineAndStandardErrorThePlainText(
        _ format: String
    ) throws {
        try inScratchDirectory { directory in
            let log = directory.appendingPathComponent("log")
            try Data("before\n".utf8).write(to: log)
            let outcome = try Tool.run(["--log=\(log.path)", "--log-format", format, "state"])
            #expect(outcome.code == 1)
            #expect(outcome.errors == "the container ID is missing; see 'apus-runtime state --help'\n")
            let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 2 && lines[0] == "before")
            #expect(lines[1].hasPrefix(format == "json" ? "{\"level\":\"error\"," : "time=\""))
        }
    }

    @Test func theFilePrefixOfALogIsUnderstood() throws {
        try inScratchDirectory { directory in
            let outcome = try Tool.run(["--log", "file:log", "state"], in: directory)
            #expect(outcome.code == 1)
            let log = try String(contentsOf: directory.appendingPathComponent("log"), encoding: .utf8)
            #expect(log.contains("level=error"))
        }
    }

    @Test func aClosedStandardOutputDoesNotWriteIntoTheLog() throws {
        try inScratchDirectory { directory in
            #expect(try Tool.shell(#""$0" --log log features >&- 2>&-"#, in: directory) == 0)
            let log = try Data(contentsOf: directory.appendingPathComponent("log"))
            #expect(log.isEmpty)
        }
    }

    @Test func outputThatCannotBeWrittenIsAnError() throws {
        try inScratchDirectory { directory in
            let line = #""$0" features >/dev/full 2>errors; test $? = 1 && grep -q "No space left" errors"#
            let code = try Tool.shell(line, in: directory)
            #expect(code == 0)
        }
    }
}
