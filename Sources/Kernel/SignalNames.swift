/// The number of the signal `text` names: `9`, `KILL`, `SIGKILL`, `kill`, `RTMIN+3`, `SIGRTMAX-1`. signal(7).
package func signalNumber(_ text: String) -> Int32? {
    if let number = natural(text) { return number <= lastRealtimeSignal ? number : nil }
    var name = text.uppercased()
    if name.hasPrefix("SIG") { name.removeFirst(3) }
    return realtimeSignal(name) ?? standardSignal(name)
}

// glibc keeps the first two of the kernel's realtime signals (32 and 33) for its threads.
private let firstRealtimeSignal: Int32 = 34
private let lastRealtimeSignal: Int32 = 64

private func natural(_ text: some StringProtocol) -> Int32? {
    text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int32(text) : nil
}

private func realtimeSignal(_ name: String) -> Int32? {
    let number: Int32
    if name == "RTMIN" {
        number = firstRealtimeSignal
    } else if name == "RTMAX" {
        number = lastRealtimeSignal
    } else if name.hasPrefix("RTMIN+"), let distance = natural(name.dropFirst(6)) {
        number = firstRealtimeSignal + min(distance, lastRealtimeSignal)
    } else if name.hasPrefix("RTMAX-"), let distance = natural(name.dropFirst(6)) {
        number = lastRealtimeSignal - min(distance, lastRealtimeSignal)
    } else {
        return nil
    }
    return (firstRealtimeSignal...lastRealtimeSignal).contains(number) ? number : nil
}

private func standardSignal(_ name: String) -> Int32? {
    switch name {
    case "IOT": return 6
    case "CLD": return 17
    case "POLL": return 29
    case "UNUSED": return 31
    default:
        let names = [
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
            "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
            "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
        ]
        return names.firstIndex(of: name).map { Int32($0) + 1 }
    }
}
