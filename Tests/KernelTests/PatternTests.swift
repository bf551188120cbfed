import Kernel
import Testing

/// Whether `text` has what `expression` looks for; `nil` when that is no expression.
private func matches(_ expression: String, _ text: String) -> Bool? {
    guard let pattern = Pattern(expression) else { return nil }
    return pattern.matches(text)
}

@Suite struct PatternTests {
    @Test func extendedExpressionsAreFoundAnywhere() {
        #expect(matches("^web-(1|2)+$", "web-12") == true)
        #expect(matches("^web-(1|2)+$", "a-web-1") == false)
        #expect(matches("b", "abc") == true)
    }

    @Test(arguments: ["a(", "a[", "*["]) func whatIsNoExpressionIsRefused(_ text: String) {
        #expect(matches(text, text) == nil)
    }
}
