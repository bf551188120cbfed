extension Report {
    /// The result as a picture for a README: SVG, without a font or a file from elsewhere.
    package var badge: String {
        let label = "conformance"
        let counted = count(.passed) + count(.failed) + count(.trouble)
        let value = isGood ? "\(count(.passed)) passed" : "\(counted - count(.passed)) of \(counted) failed"
        // A wide letter of the usual sans-serif fonts at 11 pixels.
        let (left, right) = (label.utf8.count * 7 + 10, value.utf8.count * 7 + 10)
        let colour = isGood ? "#2a7a2a" : "#b00020"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(left + right)" height="20" role="img" aria-label="\(label): \(value)">
            <title>\(escaped(subject)): \(value)</title>
            <rect width="\(left)" height="20" rx="3" fill="#444"/><rect x="\(left)" width="\(right)" height="20" rx="3" fill="\(colour)"/>
            <g fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11" text-anchor="middle">
            <text x="\(left / 2)" y="14">\(label)</text><text x="\(left + right / 2)" y="14">\(value)</text>
            </g></svg>

            """
    }
}
