import JSON
import Kernel
import Suite

private let place = "config-linux.md#seccomp"
private let statePlace = "config-linux.md#the-container-process-state"

private let one = must(
    "seccomp.listener.one", "The runtime MUST send exactly one container process state per connection.", place
)
private let closed = must(
    "seccomp.listener.closed",
    "The connection MUST NOT be reused and it MUST be closed after sending a seccomp state.", place)
private let fails = must(
    "seccomp.listener.fails", "If sending to this socket fails, the runtime MUST generate an error.", place)
private let stream = must(
    "seccomp.listener.stream", "This socket MUST use `AF_UNIX` domain and `SOCK_STREAM` type.", place)
private let ignored = property(
    "seccomp.listener.ignored", "If the `SCMP_ACT_NOTIFY` action is not used this value is ignored.", place)
private let metadata = property(
    "seccomp.listener.metadata",
    "This string will be sent as the `metadata` field in the container process state.", place)
private let metadataAlone = must(
    "seccomp.listener.metadata-alone", "This field MUST NOT be set if `listenerPath` is not set.", place)
private let payload = must(
    "seccomp.listener.payload",
    "The container runtime MUST send the container process state over the UNIX socket as regular payload serialized in JSON and file descriptors MUST be sent using `SCM_RIGHTS`.",
    statePlace)
private let firstCall = must(
    "seccomp.listener.first-call",
    "If more than one `sendmsg(2)` is used, the file descriptors MUST be sent only in the first call.",
    statePlace)
private let contents = property(
    "seccomp.listener.contents",
    "The container process state includes the following properties: `ociVersion` (string, REQUIRED) … `fds` (array, OPTIONAL) … `pid` (int, REQUIRED) … `metadata` (string, OPTIONAL) … `state` (state, REQUIRED) …",
    statePlace)

private let needs: [Need<Runtime>] = [
    .enabled("linux.seccomp.enabled"), .since("1.1.0"), .feature("linux.seccomp.actions", "SCMP_ACT_NOTIFY"),
    .kernel("SCMP_ACT_NOTIFY") { kernelKnowsSeccompAction(0x7fc0_0000) },
]

/// config-linux.md, "Seccomp": the listener, and "The Container Process State".
let seccompListenerSection = Section(
    "seccomp listener",
    [
        check(
            "oci.seccomp.listener.state", "the listener gets the state and the filter's descriptor", payload,
            contents, stream, firstCall, metadata, needs: needs
        ) { bench throws(Stop) in
            let (value, descriptor) = try bench.heardByListener()
            try require(descriptor != nil, "a descriptor beside the first bytes", seen: "none")
            try require(value.member("fds")?.strings == ["seccompFd"], "fds: seccompFd", seen: value.text)
            try require(
                value.member("metadata") == .string("for the agent"), "the metadata", seen: value.text)
            try require(
                Version(value.member("ociVersion")?.string ?? "") != nil, "an ociVersion", seen: value.text)
            let state = value.member("state")
            try require(
                state?.member("id") == .string(bench.id), "the id \(bench.id) in the state", seen: value.text)
            try require(
                state?.member("status") == .string("creating"), "the status `creating` in the state",
                seen: value.text)
            try require(
                state?.member("bundle") == .string(bench.bundle), "the bundle in the state", seen: value.text)
            let pid = try bench.state().pid
            try require(value.member("pid") == .number(pid), "the pid \(pid)", seen: value.text)
        },
        check(
            "oci.seccomp.listener.once", "the connection carries one state, and is closed then", one, closed,
            needs: needs
        ) { bench throws(Stop) in
            // The reader stops at the end of the connection: two states would be no JSON.
            _ = try bench.heardByListener()
        },
        check("oci.seccomp.listener.missing", "a listener that is not there is an error", fails, needs: needs)
        { bench throws(Stop) in
            bench.notify(bench.home + "/nobody")
            try bench.mustNotRun("nobody listens")
        },
        check(
            "oci.seccomp.listener.ignored", "without SCMP_ACT_NOTIFY the path is ignored", ignored,
            needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}"#)
            bench.config.set("linux.seccomp.listenerPath", "\"\(bench.home)/nobody\"")
            try bench.run("pid").expect("pid", "1")
        },
        check(
            "oci.seccomp.listener.metadata-alone", "metadata without a path is an error", metadataAlone,
            needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["acct"], "action": "SCMP_ACT_ERRNO"}"#)
            bench.config.set("linux.seccomp.listenerMetadata", #""alone""#)
            try bench.mustNotRun("listenerMetadata without listenerPath")
        },
        check(
            "oci.seccomp.listener.no-path", "SCMP_ACT_NOTIFY without a path is an error", fails, needs: needs
        ) { bench throws(Stop) in
            bench.seccomp("SCMP_ACT_ALLOW", #"{"names": ["personality"], "action": "SCMP_ACT_NOTIFY"}"#)
            try bench.mustNotRun("nobody would be told")
        },
    ])

extension ContainerBench {
    fileprivate func notify(_ path: String) {
        seccomp("SCMP_ACT_ALLOW", #"{"names": ["personality"], "action": "SCMP_ACT_NOTIFY"}"#)
        config.set("linux.seccomp.listenerPath", "\"\(path)\"")
        config.set("linux.seccomp.listenerMetadata", #""for the agent""#)
    }

    /// Creates and starts a container with a listener, in a process of its own; answers what it heard.
    fileprivate func heardByListener() throws(Stop) -> (JSONValue, Int32?) {
        let path = home + "/listener"
        notify(path)
        ask(["sleep"])
        let socket = try prepare("a socket") { () throws(SystemError) in try listenSocket(path) }
        // Nobody needs to accept for the runtime to send: what it sends waits in the socket.
        try mustCreate()
        try mustStart()
        do throws(SystemError) {
            let ready = try waitForReadiness([(socket.rawValue, .readable)], milliseconds: 5000)
            guard let first = ready.first, !first.isEmpty else {
                throw SystemError(call: "accept", errno: .tryAgain)
            }
            let caller = try socket.acceptCaller()
            var (bytes, descriptor) = try caller.receiveDescriptor(upTo: 65536)
            while try waitForReadiness([(caller.rawValue, .readable)], milliseconds: 5000)[0].contains(
                .readable)
            {
                let more = try caller.read(upTo: 65536)
                if more.isEmpty { break }
                bytes += more
            }
            do throws(JSONError) { return (try JSONValue(parsing: bytes), descriptor) } catch {
                descriptor = nil
                let end = Errno.invalidArgument
                throw SystemError(call: "parse", subject: String(decoding: bytes, as: UTF8.self), errno: end)
            }
        } catch {
            throw .finding(
                expected: "one container process state as JSON, then the end of the connection",
                seen: "\(error)")
        }
    }
}
