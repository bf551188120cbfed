import CommandWords
import Kernel
import NIOPosix

// store-tool [--local FILE | --endpoints URL,... [--user NAME:PASSWORD] [--ca FILE] [--cert FILE] [--key FILE]]
//            [--patience MILLISECONDS] COMMAND [ARGUMENT...]
//
// Uses a store as apus-netd does. With the command `-` it reads commands from standard input, a line each. What they answer is
// printed in lines; a failure is the line `failed KIND: TEXT`, and the exit code is 1 when the last command failed. Commands: Commands.swift.
swallowSignal(Signal.pipe)
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
let code: Int32
do {
    var words = CommandLine.arguments.dropFirst()
    let tool = try Tool(options: &words, group.next())
    code = tool.run(Array(words))
    tool.close()
} catch {
    printError("store-tool: \(error)\n")
    code = 2
}
exitNow(code)
