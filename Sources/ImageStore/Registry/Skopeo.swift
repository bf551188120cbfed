internal import Kernel

extension ImageStore {
    /// Pulls an image by skopeo(1), which speaks TLS and knows the user's credentials, into a layout that is loaded then.
    func pullBySkopeo(
        _ reference: ImageReference, _ options: PullOptions, isPlain: Bool
    ) throws(ImageError) -> AddedImage {
        let skopeo = try installedProgram(
            "skopeo", package: "skopeo",
            purpose:
                "pull \(reference.familiar), whose registry is neither on this machine nor declared insecure")
        options.progress(.delegated)
        return try tidily { () throws(ImageError) in
            let layout = "\(root)/incoming/skopeo-\(processID())"
            defer { removeLayout(layout) }
            try run(skopeo, arguments(reference, options, isPlain: isPlain, layout), reference)
            var images = try ImageSearch(
                files: DirectoryFiles(layout, into: blobs), blobs: blobs, platform: options.platform ?? .host
            ).images()
            guard images.count == 1 else {
                throw .archive(layout, entry: "", reason: "it has several images")
            }
            let digest = ContentDigest(of: images[0].document)
            images[0].names = reference.names(pulledAs: reference.digest ?? digest)
            return try enter(images, reference.familiar)[0]
        }
    }

    private func arguments(
        _ reference: ImageReference, _ options: PullOptions, isPlain: Bool, _ layout: String
    ) -> [String] {
        var words = ["skopeo", "copy", "--quiet"]
        if let platform = options.platform {
            words.insert(
                contentsOf: ["--override-os", platform.os, "--override-arch", platform.architecture], at: 1)
            if !platform.variant.isEmpty {
                words.insert(contentsOf: ["--override-variant", platform.variant], at: 1)
            }
        }
        if isPlain { words.append("--src-tls-verify=false") }
        // skopeo takes a tag or a digest, not both.
        let name = reference.digest.map { reference.at($0).canonical } ?? reference.canonical
        return words + ["docker://\(name)", "oci:\(layout):image"]
    }

    private func run(
        _ path: String, _ arguments: [String], _ reference: ImageReference
    ) throws(ImageError) {
        var program = Program(path: path, arguments: arguments, environment: environmentWords())
        program.isSupervised = true
        let result = try step("run skopeo") { () throws(SystemError) in try program.run() }
        guard result.status == .exited(0) else {
            let lines = result.errorText.split(separator: "\n")
            throw .registry(
                url: "docker://\(reference.canonical)", reason: lines.last.map(String.init) ?? "skopeo failed"
            )
        }
    }

    private func removeLayout(_ path: String) {
        // What is left the next open removes.
        do throws(SystemError) {
            let incoming = try FileDescriptor.open("\(root)/incoming", .directory)
            if let name = EntryName(path.split(separator: "/").last.map { Array($0.utf8) } ?? []) {
                try incoming.removeTree(name)
            }
        } catch {}
    }
}
