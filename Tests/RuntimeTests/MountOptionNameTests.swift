import Foundation
import Testing

@testable import Runtime

@Suite struct MountOptionNameTests {
    @Test func everyNameHasAnEffect() {
        for name in supportedMountOptions() { #expect(MountOptions.Effect(word: name) != nil, "\(name)") }
    }

    @Test func everyWordTheRuntimeReadsIsNamed() throws {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Runtime/Rootfs/MountOptionWords.swift")
        var words: Set<String> = []
        for line in try String(contentsOf: source, encoding: .utf8).split(separator: "\n") {
            guard line.contains("case \"") else { continue }
            words.formUnion(line.matches(of: /"([a-z-]+)"/).map { String($0.1) })
        }
        #expect(words.count > 50 && words == Set(supportedMountOptions()))
    }
}
