import Glibc

// The two ends of a connection, for tests of what lies between them.
//
//     peer-tool serve NAME PORT...                  answers TCP and UDP on all addresses until it is killed
//     peer-tool ask tcp|udp ADDRESS PORT [SOURCEPORT [SOURCE]]    prints the answer: NAME and who the server says we are
//     peer-tool hold tcp|udp ADDRESS PORT           binds the port and keeps it
//     peer-tool sctp ADDRESS PORT                   sends the beginning of an SCTP association; expects no answer
//
// `ask` prints `nothing` when no answer comes within half a second, or the error.

func carryOut(_ words: [String]) {
    switch words.first {
    case "serve": serve(words[1], words.dropFirst(2).compactMap { UInt16($0) })
    case "ask":
        print(
            ask(
                words[1] == "tcp", words[2], UInt16(words[3]) ?? 0,
                source: words.count > 4 ? UInt16(words[4]) ?? 0 : 0, words.count > 5 ? words[5] : nil))
    case "hold": hold(words[1] == "tcp", words[2], UInt16(words[3]) ?? 0)
    case "sctp": print(associate(words[1], UInt16(words[2]) ?? 0))
    default: print("no such verb")
    }
}

carryOut(Array(CommandLine.arguments.dropFirst()))
