extension NetworkGraph {
    /// A picture: the host on the left, networks in the middle, containers on the right.
    package var svg: String {
        let (boxes, people) = (boxes(networks.map { [$0.name] + $0.details }, x: 220), containerBoxes)
        let height = max(boxes.last?.bottom ?? 0, people.last?.bottom ?? 0) + 20
        let home = Box(x: 20, y: height / 2 - 20, width: 120, lines: [host])
        var shapes = boxes.map { line(from: home.right, to: $0.left, label: "", isWayOut: false) }
        for (container, box) in zip(containers, people) {
            for (number, link) in container.links.enumerated() {
                guard let index = networks.firstIndex(where: { $0.name == link.network }) else { continue }
                var end = box.left
                end.y += number * 14 - (container.links.count - 1) * 7
                shapes.append(
                    line(from: boxes[index].right, to: end, label: link.label, isWayOut: link.isWayOut))
            }
        }
        shapes += ([home] + boxes + people).map(\.svg)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="980" height="\(height)" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            \(shapes.joined(separator: "\n"))
            </svg>

            """
    }

    private var containerBoxes: [Box] { boxes(containers.map { [$0.name] + $0.ports }, x: 740) }

    private func boxes(_ texts: [[String]], x: Int) -> [Box] {
        var (boxes, y): ([Box], Int) = ([], 20)
        for lines in texts {
            boxes.append(Box(x: x, y: y, width: 220, lines: lines))
            y = (boxes.last?.bottom ?? y) + 24
        }
        return boxes
    }

    private func line(from start: Point, to end: Point, label: String, isWayOut: Bool) -> String {
        let path =
            "<line x1=\"\(start.x)\" y1=\"\(start.y)\" x2=\"\(end.x)\" y2=\"\(end.y)\" stroke=\"#456\" stroke-width=\"\(isWayOut ? 3 : 1)\"/>"
        guard !label.isEmpty else { return path }
        // Beside the container, where lines are apart.
        return path
            + "<text x=\"\(end.x - 8)\" y=\"\(end.y - 4)\" text-anchor=\"end\" fill=\"#234\">\(escaped(label))</text>"
    }
}

private struct Point {
    var x: Int
    var y: Int
}

/// A rectangle with lines of text, the first of them bold.
private struct Box {
    let x: Int
    let y: Int
    let width: Int
    let lines: [String]

    private var height: Int { 14 + lines.count * 16 }
    var bottom: Int { y + height }
    var left: Point { Point(x: x, y: y + height / 2) }
    var right: Point { Point(x: x + width, y: y + height / 2) }

    var svg: String {
        let texts = lines.enumerated().map { number, line in
            "<text x=\"\(x + 10)\" y=\"\(y + 20 + number * 16)\"\(number == 0 ? " font-weight=\"bold\"" : "")>\(escaped(line))</text>"
        }
        return
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"6\" fill=\"#eef4fa\" stroke=\"#456\"/>"
            + texts.joined()
    }
}

private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
}
