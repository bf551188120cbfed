internal import Kernel

/// A case that runs: its process, and what it has said so far.
final class CaseProcess {
    let index: Int
    let pid: Int32
    let handle: FileDescriptor
    let words: FileDescriptor
    let output: FileDescriptor
    let started = monotonicMilliseconds()
    let deadline: Int64
    private var wordBytes: [UInt8] = []
    private var outputBytes: [UInt8] = []

    /// Starts `item` in a new process. Does not return in that process.
    init(_ item: BoundCase, index: Int, in enclosure: Enclosure) throws(SystemError) {
        let words = try Pipe()
        let output = try Pipe()
        let isRoot = effectiveUserID() == 0
        switch try cloneProcess(isRoot ? enclosure.namespaces : []) {
        case .child:
            performCase(
                item, in: isRoot ? enclosure : nil, words: words.writer.rawValue,
                output: output.writer.rawValue)
        case .parent(let pid, let handle):
            self.pid = pid
            self.handle = handle
        }
        self.index = index
        self.words = words.keepReader()
        self.output = output.keepReader()
        deadline = started + Int64(item.seconds) * 1000
    }

    /// Takes in what has been said. Never blocks.
    func drain() throws(SystemError) {
        try drain(words, into: &wordBytes)
        try drain(output, into: &outputBytes)
    }

    private func drain(_ file: borrowing FileDescriptor, into bytes: inout [UInt8]) throws(SystemError) {
        while try waitForReadiness([(file.rawValue, .readable)], milliseconds: 0)[0].contains(.readable) {
            let more = try file.read(upTo: 65536)
            if more.isEmpty { return }
            // A case that runs wild may say much; a person reads the beginning.
            if bytes.count < 16 << 20 { bytes += more }
        }
    }

    /// Waits for the end of the process, which must be near, and puts together what came of it.
    func result(of item: BoundCase, isLate: Bool) throws(SystemError) -> CaseResult {
        let status = try waitForExit(pid)
        try drain()
        var result = CaseResult(item.entry, .passed)
        let late = "it took longer than \(item.seconds) s and was killed"
        result.read(wordBytes, death: isLate ? late : status.text)
        if isLate {
            result.verdict = .failed(Finding(expected: "an end within \(item.seconds) s", seen: late))
        }
        result.milliseconds = monotonicMilliseconds() - started
        result.output = String(decoding: outputBytes.prefix(8192), as: UTF8.self)
        return result
    }
}

/// The life of a case's process, from its birth to its end.
private func performCase(_ item: BoundCase, in enclosure: Enclosure?, words: Int32, output: Int32) -> Never {
    let recorder = Recorder(FileDescriptor(owning: words))
    resetSignals()
    do throws(SystemError) {
        try installDescriptor(try FileDescriptor.open("/dev/null").release(), as: 0)
        try installDescriptor(output, as: 1)
        try installDescriptor(output, as: 2)
        try enclosure?.furnish()
    } catch {
        recorder.finish(.trouble("cannot make a place for the case: \(error)"))
        exitNow(1)
    }
    do throws(Stop) {
        try item.body(recorder)
        recorder.finish(nil)
    } catch {
        recorder.finish(error)
    }
    exitNow(0)
}
