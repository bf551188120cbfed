import Kernel

// The first process of a container with `--init`: `apus-init [--] PROGRAM [ARGUMENT...]`.
_ = openMissingStandardStreams()
exitNow(ContainerInit(words: Array(CommandLine.arguments.dropFirst())).run())
