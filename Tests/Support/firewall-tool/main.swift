import Foundation

do { try carryOut(Array(CommandLine.arguments.dropFirst())) } catch {
    print("error: \(error)")
    exit(1)
}
