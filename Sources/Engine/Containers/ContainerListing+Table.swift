internal import Kernel

extension Listing {
    /// The columns a table of containers has by itself.
    package static let containerColumns = [
        "ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names",
    ]

    /// Containers as `ps` shows them.
    package init(_ containers: [ListedContainer], _ query: ListQuery) {
        self.init([
            .init("ID", "CONTAINER ID"), .init("Image", "IMAGE"), .init("Command", "COMMAND"),
            .init("CreatedAt", "CREATED AT"), .init("RunningFor", "CREATED"), .init("Ports", "PORTS"),
            .init("State", "STATE"), .init("Status", "STATUS"), .init("Size", "SIZE"),
            .init("Names", "NAMES"),
            .init("Labels", "LABELS"), .init("Mounts", "MOUNTS"), .init("Networks", "NETWORKS"),
            .init("LocalVolumes", "LOCAL VOLUMES"),
        ])
        let now = realtimeNanoseconds()
        for item in containers { add(item.cells(query, now: now), labels: item.container.record.labels) }
    }
}

extension ListedContainer {
    func cells(_ query: ListQuery, now: Int64) -> [String] {
        let record = container.record
        let command = record.command.joined(separator: " ")
        let volumes = record.mounts.filter { $0.kind == .volume }
        return [
            query.isWhole ? record.id : record.shortID, record.image,
            "\"\(query.isWhole ? command : shortened(command, to: 20))\"", createdText(record.created),
            durationInWords(seconds: max(0, now - record.created) / 1_000_000_000) + " ago",
            portsColumn(ports),
            state.word, container.status(state, outcome, now: now),
            query.showsSize ? container.sizeText() : "",
            record.name, labelsColumn(record.labels),
            record.mounts.filter { $0.kind != .tmpfs }.map {
                query.isWhole ? $0.source : shortened($0.source, to: 15)
            }.joined(separator: ","), networks.joined(separator: ","), String(volumes.count),
        ]
    }

    /// As Docker shows a moment in a table: `2026-01-31 12:00:00 +0000 UTC`.
    private func createdText(_ time: Int64) -> String {
        let text = momentText(time)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) +0000 UTC"
    }
}

extension Container {
    /// What the container has changed, and what it is together with its image.
    func sizeText() -> String {
        let changed = treeSize(folder + "/upper")
        return decimalSize(changed)
    }
}
