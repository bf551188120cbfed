import Kernel

openMissingStandardStreams()
exitNow(CommandLineTool(words: Array(CommandLine.arguments.dropFirst())).run())
