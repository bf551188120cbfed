import Suite

/// A case about containers: when its body is over, however it ended, nothing of it stays.
func check(
    _ id: String, _ title: String, _ clauses: Clause..., needs: [Need<Runtime>] = [], seconds: Int32 = 60,
    body: @escaping @Sendable (ContainerBench) throws(Stop) -> Void
) -> Case<ContainerBench> {
    check(id, title, clauses: clauses, needs: needs, seconds: seconds, body: body)
}

/// The same for clauses in a list.
func check(
    _ id: String, _ title: String, clauses: [Clause], needs: [Need<Runtime>] = [], seconds: Int32 = 60,
    body: @escaping @Sendable (ContainerBench) throws(Stop) -> Void
) -> Case<ContainerBench> {
    Case(id, title, clauses: clauses, needs: [.root] + needs, seconds: seconds) { bench throws(Stop) in
        defer { bench.cleanUp() }
        try body(bench)
    }
}

/// A sentence of the specification, without its links and emphasis; "…" stands for what is left out.
///
/// `place` is the page and the section, for example `config.md#mounts`.
func must(_ id: String, _ text: String, _ place: String) -> Clause {
    Clause("oci." + id, .must, text, specificationAddress + place)
}

/// A sentence with SHOULD.
func should(_ id: String, _ text: String, _ place: String) -> Clause {
    Clause("oci." + id, .should, text, specificationAddress + place)
}

/// What a property means, where the specification has no word in capitals for it.
///
/// A container without it does not have what its configuration says, so it binds like MUST: runtime.md, "Create",
/// "All of the properties configured in `config.json` except for `process` MUST be applied."
func property(_ id: String, _ text: String, _ place: String) -> Clause { must(id, text, place) }

/// Where the pages of the specification are.
let specificationAddress = "https://github.com/opencontainers/runtime-spec/blob/v1.3.0/"
