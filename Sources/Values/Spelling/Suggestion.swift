/// - Returns: ` (did you mean 'known'?)` for a name that is close to a known one, or has its last part; nothing when none
///   is.
public func suggestion(for name: String, among known: [String]) -> String {
    let distances = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
    guard let (nearest, distance) = distances.min(by: { $0.1 < $1.1 }) else { return "" }
    let last = distance <= 2 ? nil : lastPart(of: name)
    let namesake = last.flatMap { last in known.first { lastPart(of: $0) == last } }
    guard let found = namesake ?? (distance <= max(2, name.count / 3) ? nearest : nil) else { return "" }
    return " (did you mean '\(found)'?)"
}

/// Of a key, what is behind the last dot; of a variable, what is behind the last underscore.
private func lastPart(of name: String) -> Substring? {
    name.contains { $0 == "." || $0 == "_" } ? name.split { $0 == "." || $0 == "_" }.last : nil
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
