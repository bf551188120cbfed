internal import Kernel

extension ContainerEngine {
    /// What `stats` shows of the containers, measured over `milliseconds`; those that do not run show zeros.
    package func stats(
        _ containers: [Container], over milliseconds: Int32, isWhole: Bool = false
    ) throws(EngineError) -> Listing {
        var first: [ContainerUsage?] = []
        for container in containers { first.append(try container.usage()) }
        pause(milliseconds: milliseconds)
        var listing = Listing([
            .init("Container", "CONTAINER"), .init("ID", "CONTAINER ID"), .init("Name", "NAME"),
            .init("CPUPerc", "CPU %"), .init("MemUsage", "MEM USAGE / LIMIT"), .init("MemPerc", "MEM %"),
            .init("NetIO", "NET I/O"), .init("BlockIO", "BLOCK I/O"), .init("PIDs", "PIDS"),
        ])
        for (container, before) in zip(containers, first) {
            let id = isWhole ? container.id : container.record.shortID
            let cells =
                try container.usage().map { $0.cells(since: before) } ?? ContainerUsage().cells(since: nil)
            listing.add([container.record.name, id, container.record.name] + cells)
        }
        return listing
    }
}

extension Listing {
    /// The columns `stats` shows by itself.
    package static let statsColumns = [
        "ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs",
    ]
}

extension ContainerUsage {
    func cells(since before: ContainerUsage?) -> [String] {
        var share = 0.0
        if let before, time > before.time {
            share = Double(cpu - before.cpu) / Double(time - before.time) * 100
        }
        let memoryShare = memoryLimit > 0 ? Double(memory) / Double(memoryLimit) * 100 : 0
        return [
            percent(share), "\(binarySize(memory)) / \(binarySize(memoryLimit))", percent(memoryShare),
            "\(decimalSize(received)) / \(decimalSize(sent))",
            "\(decimalSize(bytesRead)) / \(decimalSize(bytesWritten))",
            String(processes),
        ]
    }

    /// Two digits behind the point.
    private func percent(_ value: Double) -> String {
        let hundredths = Int64((max(0, value) * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
