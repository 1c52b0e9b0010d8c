/// The boxes of a geometry's parts, of groups of 16 of them, of groups of those, and so on: whether a box meets one of
/// thousands is decided by some dozen comparisons.
struct EnvelopeTree {
    private static let fanOut = 16

    /// From the parts to a level that is not longer than `fanOut` boxes.
    private let levels: [[PlanarBox]]

    init(_ boxes: [PlanarBox]) {
        // Slices from west to east, and within each from south to north, so that groups are compact.
        let slice = max(Self.fanOut, Int((Double(boxes.count) * Double(Self.fanOut)).squareRoot()))
        var sorted = boxes.sorted { $0.minX + $0.maxX < $1.minX + $1.maxX }
        if boxes.count > Self.fanOut {
            for start in stride(from: 0, to: sorted.count, by: slice) {
                sorted[start..<min(start + slice, sorted.count)].sort { $0.minY + $0.maxY < $1.minY + $1.maxY }
            }
        }
        var levels = [sorted]
        while let last = levels.last, last.count > Self.fanOut {
            levels.append(
                stride(from: 0, to: last.count, by: Self.fanOut).compactMap { start in
                    last[start..<min(start + Self.fanOut, last.count)].reduce(nil) { $0?.union($1) ?? $1 }
                })
        }
        self.levels = levels
    }

    /// At most 16 boxes that hold everything; those of the parts, where they are so few.
    var coarse: [PlanarBox] { levels[levels.count - 1] }

    /// Whether one of the parts' boxes shares a point with the box.
    func intersects(_ box: PlanarBox) -> Bool { intersects(box, levels.count - 1, 0..<coarse.count) }

    private func intersects(_ box: PlanarBox, _ level: Int, _ places: Range<Int>) -> Bool {
        for place in places where levels[level][place].intersects(box) {
            guard level > 0 else { return true }
            let below = place * Self.fanOut..<min((place + 1) * Self.fanOut, levels[level - 1].count)
            if intersects(box, level - 1, below) { return true }
        }
        return false
    }
}
