/// - Returns: ` (did you mean 'known'?)` for a name that is close to a known one, or has its last part; nothing when none
///   is, and for names that are longer than any is spelled.
/// - Complexity: O(*n*) in the known names whose lengths differ little.
public func suggestion(for name: String, among known: [String]) -> String {
    guard name.utf8.count <= longestName else { return "" }
    let lowercased = Array(name.lowercased().utf8)
    let mostEdits = max(2, lowercased.count / 3)
    var nearest: (name: String, distance: Int)?
    for candidate in known where abs(candidate.utf8.count - lowercased.count) <= mostEdits {
        let distance = editDistance(lowercased, Array(candidate.lowercased().utf8))
        if distance <= mostEdits, distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
    }
    let last = nearest.map { $0.distance <= 2 } ?? false ? nil : lastPart(of: name)
    let namesake = last.flatMap { last in
        known.filter { lastPart(of: $0) == last }.prefix(mostNamesakes).map { candidate in
            (candidate, editDistance(lowercased, Array(candidate.lowercased().utf8)))
        }.min { $0.1 < $1.1 }?.0
    }
    return (namesake ?? nearest?.name).map { " (did you mean '\($0)'?)" } ?? ""
}

/// Bytes in UTF-8.
private let longestName = 100
/// Names with the same last part that are compared.
private let mostNamesakes = 20

/// Of a key, what is behind the last dot; of a variable, what is behind the last underscore.
private func lastPart(of name: String) -> Substring? {
    name.contains { $0 == "." || $0 == "_" } ? name.split { $0 == "." || $0 == "_" }.last : nil
}

/// Insertions, deletions and replacements that lead from one text to the other (Levenshtein).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
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
