import Addressing
import CNISpec
import Testing

@testable import Engine

@Suite struct PortRequestTests {
    /// As `-p` reads it back: one word a container port.
    private func words(_ text: String) throws(EngineError) -> [String] {
        try PortRequest.parse(text).map { port in
            let host = port.hostPorts.map {
                $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
            }
            return "\(port.hostIP.map { "\($0)" } ?? "*"):\(host ?? "?"):\(port.container)"
        }
    }

    @Test(arguments: [
        ("80", "*:?:80/tcp"), ("8080:80", "*:8080:80/tcp"), ("53:53/udp", "*:53:53/udp"),
        ("127.0.0.1:8080:80", "127.0.0.1:8080:80/tcp"), ("127.0.0.1::53/udp", "127.0.0.1:?:53/udp"),
        ("[::1]:8080:80", "::1:8080:80/tcp"), ("::1:8080:80", "::1:8080:80/tcp"), ("[::]::80", ":::?:80/tcp"),
        ("8000-8003:80", "*:8000-8003:80/tcp"), ("8000-8001:80-81", "*:8000:80/tcp *:8001:81/tcp"),
        ("80-81/sctp", "*:?:80/sctp *:?:81/sctp"), (":80", "*:?:80/tcp"),
        ("published=8080,target=80", "*:8080:80/tcp"), ("target=53,protocol=udp", "*:?:53/udp"),
        ("8080:80/TCP", "*:8080:80/tcp"),
    ])
    func formsOfDocker(_ text: String, _ expected: String) throws {
        #expect(try words(text).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("8000-8003:80-81", "invalid ranges specified for container and host Ports: 8000-8003:80-81"),
        ("99999:80", "invalid hostPort: 99999"), ("80:65536", "invalid containerPort: 65536"),
        ("0", "invalid containerPort: 0"), ("a:80", "invalid hostPort: a"),
        ("8080:", "no port specified: 8080:<empty>"),
        ("", "no port specified: <empty>"), ("80/icmp", "invalid proto: icmp"),
        ("1.2.3:80:80", "invalid IP address: 1.2.3"),
        ("9-8:80", "invalid hostPort: 9-8"),
        ("published=1,x", "invalid publish opts format (should be name=value but got 'x')"),
    ])
    func errorsNameTheWrongPart(_ text: String, _ message: String) {
        #expect(throws: EngineError(message, .invalid)) { try words(text) }
    }

    @Test func exposedPorts() throws {
        #expect(try ContainerPort.parse("8000-8001/udp").map { $0.description } == ["8000/udp", "8001/udp"])
        #expect(try ContainerPort.parse("3306") == [ContainerPort(3306)])
        #expect(throws: EngineError.self) { try ContainerPort.parse("80:80") }
    }

    @Test func networkOptions() throws {
        let request = try EndpointRequest(option: "name=na,alias=x,alias=y,ip=10.0.0.9,gw-priority=-2")
        #expect(request.network == "na" && request.aliases == ["x", "y"] && request.gatewayPriority == -2)
        #expect(request.ip4 == IPAddress("10.0.0.9"))
        #expect(try EndpointRequest(option: "plain").network == "plain")
        #expect(throws: EngineError("invalid field key bogus", .invalid)) {
            try EndpointRequest(option: "name=a,bogus=1")
        }
    }
}
