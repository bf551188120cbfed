import CNISpec
import Kernel
import Resolver

/// Asks the resolver a question, from the namespace this process is in, by the way the container's programs take.
func askOnce() throws(CNIError) {
    let question = Query.question("apus-netd.check", .a, id: 1)
    do throws(SystemError) {
        let socket = try connectUDP(resolverAddress, port: 53)
        try socket.send(question)
        let answer = try socket.receive(upTo: 512, milliseconds: 5000)
        guard answer.prefix(2) == question.prefix(2) else {
            throw SystemError(call: "recv", errno: .inputOutput)
        }
    } catch {
        throw CNIError(
            .pluginSpecific, "nobody answers questions for names at \(resolverAddress)",
            details: "\(error); the next ADD starts apus-netd, or apus-netd --daemon")
    }
}
