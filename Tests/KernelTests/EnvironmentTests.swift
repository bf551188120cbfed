import Kernel
import Testing

@Suite struct EnvironmentTests {
    @Test func aNameIsNotTheBeginningOfAnother() {
        let environment = Environment(words: ["CNI_NETNS_OVERRIDE=1", "CNI_NETNS=/n", "EMPTY=", "A=b=c"])
        #expect(environment["CNI_NETNS"] == "/n")
        #expect(environment["CNI"] == nil)
        #expect(environment["EMPTY"] == "")
        #expect(environment["A"] == "b=c")
    }

    @Test func aVariableIsReplacedOrTakenAway() {
        var environment: Environment = ["A": "1", "B": "2"]
        environment["A"] = "3"
        environment["B"] = nil
        environment["C"] = "4"
        #expect(environment.words.sorted() == ["A=3", "C=4"])
    }
}
