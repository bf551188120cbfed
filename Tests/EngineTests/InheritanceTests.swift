import Engine
import ImageStore
import Testing

private var image: ImageConfiguration {
    var image = ImageConfiguration(platform: Platform(architecture: "amd64"))
    image.entrypoint = ["/entry"]
    image.command = ["serve"]
    image.environment = ["PATH=/bin", "A=image"]
    (image.workingDirectory, image.user, image.stopSignal) = ("/srv", "web", "SIGQUIT")
    image.labels = ["a": "image", "b": "image"]
    image.volumes = ["/data/", "/cache"]
    image.exposedPorts = ["80/tcp"]
    return image
}

@Suite struct InheritanceTests {
    private func record(_ change: (inout ContainerRequest) -> Void = { _ in }) throws -> ContainerRequest {
        var record = ContainerRecord()
        record.stopSignal = ""
        var request = ContainerRequest(record: record, sandbox: try NetworkOptions().request())
        change(&request)
        try request.inherit(image) { "new" }
        return request
    }

    @Test func whatWasNotAskedForIsTheImages() throws {
        let record = try record().record
        #expect(record.command == ["/entry", "serve"] && record.workingDirectory == "/srv")
        #expect(record.user == "web" && record.stopSignal == "SIGQUIT")
    }

    @Test func commandAndEntrypointReplaceAsInDocker() throws {
        #expect(try record { $0.program.command = ["x"] }.record.command == ["/entry", "x"])
        #expect(try record { $0.program.entrypoint = "/own" }.record.command == ["/own"])
        let none = try record {
            $0.program.entrypoint = ""
            $0.program.command = ["ls"]
        }
        #expect(none.record.command == ["ls"])
    }

    @Test func whatWasAskedForGoesBeforeTheImage() throws {
        let record = try record {
            $0.record.environment = ["A=own", "B=own"]
            $0.record.labels = ["a": "own"]
            $0.record.stopSignal = "SIGINT"
        }.record
        #expect(record.environment == ["PATH=/bin", "A=own", "B=own"])
        #expect(record.labels == ["a": "own", "b": "image"] && record.stopSignal == "SIGINT")
    }

    @Test func volumesOfTheImageAreAnonymousUnlessSomethingIsThere() throws {
        let request = try record {
            var mount = ContainerRecord.Mount()
            (mount.source, mount.destination) = ("/host", "/data")
            $0.record.mounts = [mount]
        }
        #expect(request.record.mounts.map(\.destination) == ["/data", "/cache"])
        #expect(request.record.mounts[1].isAnonymous && request.record.mounts[1].source == "new")
        #expect(request.sandbox.exposed.map(\.description) == ["80/tcp"])
    }
}
