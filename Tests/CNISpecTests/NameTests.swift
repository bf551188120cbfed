import CNISpec
import Testing

@Suite struct NameTests {
    @Test(arguments: ["a", "0", "a.b-c_d", String(repeating: "x", count: 5000), "A9_"])
    func goodIdentifiersPass(_ name: String) {
        #expect(failure { try Naming.checkContainerID(name) } == "no error")
        #expect(failure { try Naming.checkNetworkName(name) } == "no error")
    }

    @Test(arguments: ["-x", "a b", "a/b", "a:b", "ü", ".x", "_x", "a\n", "a\0", "..", "a%", "٣"])
    func badIdentifiersAreNamed(_ name: String) {
        #expect(
            failure { try Naming.checkContainerID(name) } == "4 invalid characters in containerID; \(name)")
        #expect(
            failure { try Naming.checkNetworkName(name) }
                == "7 invalid characters found in network name; \(name)")
    }

    @Test func missingIdentifiersHaveCodesOfTheirOwn() {
        #expect(failure { try Naming.checkContainerID("") } == "3 missing containerID")
        #expect(failure { try Naming.checkNetworkName("") } == "7 missing network name")
    }

    @Test(arguments: ["eth0", "a", "123456789012345", "wlan.1-x_y", "äöü", "..."])
    func goodInterfaceNamesPass(_ name: String) {
        #expect(failure { try Naming.checkInterfaceName(name) } == "no error")
    }

    @Test(arguments: [
        ("", "is empty"), ("1234567890123456", "is too long"), ("ääääääää", "is too long"),
        (".", "is . or .."),
        ("..", "is . or .."), ("a/b", "contains / or :"), ("a:b", "contains / or :"),
        ("a b", "contains / or :"),
        ("a\t", "contains / or :"), ("a\u{2003}b", "contains / or :"), ("a\u{a0}", "contains / or :"),
    ])
    func badInterfaceNamesAreRefused(_ name: String, _ reason: String) {
        #expect(failure { try Naming.checkInterfaceName(name) }.hasPrefix("4 interface name \(reason)"))
    }
}

@Suite struct ArgumentTests {
    @Test func whatKubernetesSendsIsTolerated() throws {
        let arguments = try CNIArguments(
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=a;K8S_POD_INFRA_CONTAINER_ID=b;K8S_POD_UID=c"
        )
        #expect(try arguments.values(of: ["MAC"]) == [:])
        #expect(arguments.pairs.count == 4)
    }

    @Test func knownPairsAreTakenAndTheLastOneCounts() throws {
        let arguments = try CNIArguments("MAC=a;IP=b;MAC=c;X=d=e;IgnoreUnknown=TRUE")
        #expect(try arguments.values(of: ["MAC", "X"]) == ["MAC": "c", "X": "d=e"])
        #expect(try CNIArguments("").values(of: []) == [:])
    }

    @Test(arguments: [
        ("a", #"999 ARGS: invalid pair "a""#), ("a=b;", #"999 ARGS: invalid pair """#),
        (";", #"999 ARGS: invalid pair """#), ("IgnoreUnknown=x", "999 ARGS: IgnoreUnknown is 'x'"),
        ("mac=x;Y=z", #"999 ARGS: unknown args ["mac=x" "Y=z"]"#),
        ("mac=x;IgnoreUnknown=0", #"999 ARGS: unknown args ["mac=x"]"#),
    ])
    func badPairsAreNamed(_ text: String, _ reason: String) {
        #expect(failure { _ = try CNIArguments(text).values(of: ["MAC"]) }.hasPrefix(reason))
    }
}
