/// - Returns: ` (did you mean 'known'?)` for a name that is close to a known one, or has its last part; nothing when none
///   is.
func suggestion(for name: String, among known: [String]) -> String {
    if let last = name.split(separator: ".").last, name.contains("."),
        let moved = known.first(where: { $0.split(separator: ".").last == last })
    {
        return " (did you mean '\(moved)'?)"
    }
    let distances = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
    guard let (nearest, distance) = distances.min(by: { $0.1 < $1.1 }), distance <= max(2, name.count / 3) else {
        return ""
    }
    return " (did you mean '\(nearest)'?)"
}

/// Insertions, deletions and replacements that lead from one text to the other (Levenshtein).
private func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.utf8.prefix(100)), Array(right.utf8.prefix(100)))
    var previous = Array(0...right.count)
    for (row, byte) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            current.append(
                min(previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[right.count]
}
