// What a health check does where nothing was asked for. Dockerfile reference, "HEALTHCHECK". Milliseconds.
extension ContainerRecord.Healthcheck {
    /// The program and its arguments; `nil` when nothing is checked.
    var command: [String]? {
        switch test.first {
        case "CMD" where test.count > 1: Array(test.dropFirst())
        case "CMD-SHELL" where test.count > 1: ["/bin/sh", "-c", test[1]]
        default: nil
        }
    }

    /// How long a check may take.
    var patience: Int32 { milliseconds(timeout, or: 30_000) }
    var countedRetries: Int { retries > 0 ? retries : 3 }

    /// How long to wait before the next check of a container that has run for `age` nanoseconds.
    func pause(_ status: Health.Status, age: Int64) -> Int32 {
        let usual = milliseconds(interval, or: 30_000)
        guard status == .starting, age < startPeriod else { return usual }
        return milliseconds(startInterval, or: 5000)
    }

    private func milliseconds(_ nanoseconds: Int64, or standard: Int32) -> Int32 {
        nanoseconds > 0 ? max(1, Int32(clamping: nanoseconds / 1_000_000)) : standard
    }
}

extension ContainerRecord {
    /// What checks the container; `nil` when nothing does.
    var activeHealthcheck: Healthcheck? {
        guard let healthcheck, healthcheck.command != nil else { return nil }
        return healthcheck
    }
}
