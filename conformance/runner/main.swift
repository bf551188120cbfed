import Kernel

openMissingStandardStreams()
ignoreSignal(Signal.pipe)
exitNow(CommandLineTool(words: Array(CommandLine.arguments.dropFirst())).run())
