/// The word of `known` that was most likely meant by `word`; `nil` when none is near.
package func nearest(to word: String, in known: [String]) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in known {
        let distance =
            candidate.hasPrefix(word) && word.utf8.count > 1 ? 0 : editDistance(word, candidate)
        if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    // A third of the letters wrong is a slip, more is another word.
    guard let best, best.distance <= max(1, word.utf8.count / 3) else { return nil }
    return best.word
}

/// How many letters must be put in, taken out or changed to make `a` into `b`.
private func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let changed = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(changed, min(row[j], row[j + 1]) + 1)
        }
    }
    return row[b.count]
}
