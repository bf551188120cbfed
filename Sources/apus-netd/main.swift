import Kernel

openMissingStandardStreams()
// A reader who has gone away is an error to tell of, not a death half way.
swallowSignal(Signal.pipe)
exitNow(CommandLineTool(words: Array(CommandLine.arguments.dropFirst())).run())
