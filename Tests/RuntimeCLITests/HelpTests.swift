import Foundation
import Testing

@testable import apus_runtime

@Suite struct HelpTests {
    @Test(arguments: VerbName.allCases) func everyVerbHasHelp(_ name: VerbName) throws {
        for words in [[name.rawValue, "--help"], [name.rawValue, "-h"], ["help", name.rawValue]] {
            let outcome = try Tool.run(words)
            #expect(outcome.code == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.contains("apus-runtime \(name.rawValue) - "))
            #expect(outcome.output.contains("USAGE:\n   apus-runtime \(name.rawValue) "))
        }
    }

    @Test(arguments: [[], ["--help"], ["-h"], ["help"], ["h"]]) func theProgramListsItsVerbs(
        _ words: [String]
    ) throws {
        let outcome = try Tool.run(words)
        #expect(outcome.code == 0)
        for name in VerbName.allCases { #expect(outcome.output.contains("   \(name.rawValue) ")) }
    }

    @Test func helpShowsShortNamesAndHidesHiddenOptions() throws {
        let help = try Tool.run(["exec", "--help"]).output
        #expect(help.contains("--env value, -e value") && help.contains("--tty, -t "))
        #expect(!help.contains("--no-subreaper"))
    }

    @Test(arguments: ["-v", "--version"]) func versionHasTheLinesEnginesRead(_ word: String) throws {
        let lines = try Tool.run([word]).output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("apus-runtime version ") && lines[0].split(separator: " ").count == 3)
        #expect(lines[1] == "spec: 1.3.0" && lines[2].hasPrefix("libseccomp: 2."))
    }
}
