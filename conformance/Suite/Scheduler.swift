package import Kernel

/// Runs cases, several at a time, each in a process of its own.
package struct Scheduler: Sendable {
    package let cases: [BoundCase]
    package let enclosure: Enclosure
    /// How many cases run at the same time.
    package let workers: Int

    package init(_ cases: [BoundCase], in enclosure: Enclosure, workers: Int) {
        self.cases = cases.filter(\.isInScope)
        self.enclosure = enclosure
        self.workers = max(1, workers)
    }

    /// Runs all cases and tells `progress` each result as it comes; the answer has them in the order of the cases.
    ///
    /// - Throws: ``SystemError`` when no process can be made any more.
    package func run(progress: (CaseResult, Int) -> Void) throws(SystemError) -> [CaseResult] {
        var results = [CaseResult?](repeating: nil, count: cases.count)
        var running: [CaseProcess] = []
        var next = 0
        var done = 0
        while next < cases.count || !running.isEmpty {
            while running.count < workers, next < cases.count {
                if let reason = cases[next].missing() {
                    let skipped = CaseResult(cases[next].entry, .skipped(reason))
                    results[next] = skipped
                    done += 1
                    progress(skipped, done)
                } else {
                    running.append(try CaseProcess(cases[next], index: next, in: enclosure))
                }
                next += 1
            }
            for ended in try waitForSome(&running) {
                done += 1
                results[ended.index] = ended.result
                progress(ended.result, done)
            }
        }
        return results.compactMap { $0 }
    }

    /// Waits until a case says something or ends; the answer has those which ended, and `running` no longer does.
    private func waitForSome(
        _ running: inout [CaseProcess]
    ) throws(SystemError) -> [(index: Int, result: CaseResult)] {
        guard let deadline = running.map(\.deadline).min() else { return [] }
        let events = running.flatMap { item in
            [item.handle.rawValue, item.words.rawValue, item.output.rawValue]
        }
        let left = max(0, deadline - monotonicMilliseconds())
        let ready = try waitForReadiness(
            events.map { ($0, Readiness.readable) }, milliseconds: Int32(clamping: left))
        var ended: [(index: Int, result: CaseResult)] = []
        var staying: [CaseProcess] = []
        for (number, item) in running.enumerated() {
            let isOver = !ready[number * 3].isEmpty
            let isLate = !isOver && monotonicMilliseconds() >= item.deadline
            if isLate { try sendSignal(Signal.kill, to: item.handle) }
            try item.drain()
            if isOver || isLate {
                ended.append((item.index, try item.result(of: cases[item.index], isLate: isLate)))
            } else {
                staying.append(item)
            }
        }
        running = staying
        // A pipe whose other end is closed is ready for ever, until its process has ended.
        if ended.isEmpty, ready.contains(where: { $0.contains(.hungUp) }) { pause(milliseconds: 2) }
        return ended
    }
}

/// How many processors this machine has. proc_cpuinfo(5)
package func processorCount() -> Int {
    do throws(SystemError) {
        let lines = try readText("/proc/cpuinfo").split(separator: "\n")
        return max(1, lines.count { $0.hasPrefix("processor") })
    } catch { return 1 }
}
