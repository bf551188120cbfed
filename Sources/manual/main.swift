import Kernel

// manual BUILD FOLDER: writes the manual pages of the programs in BUILD into FOLDER, from what they say with --help.
openMissingStandardStreams()
let words = CommandLine.arguments
guard words.count == 3 else {
    writeError(Array("usage: manual BUILD FOLDER\n".utf8))
    exitNow(2)
}
do throws(ManualError) { try writeManual(build: words[1], folder: words[2]) } catch {
    writeError(Array("manual: \(error.message)\n".utf8))
    exitNow(1)
}
