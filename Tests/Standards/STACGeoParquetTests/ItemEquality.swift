import JSON

/// Where two values differ, members in any order and numbers by their value; `nil` when nowhere.
func difference(_ left: JSONValue?, _ right: JSONValue?, at path: String = "") -> String? {
    switch (left, right) {
    case (.object(let left)?, .object(let right)?):
        for member in left {
            if let found = difference(member.value, right[member.name], at: "\(path)/\(member.name)") { return found }
        }
        for member in right where left[member.name] == nil {
            return "\(path)/\(member.name): nothing, \(member.value.jsonText)"
        }
        return nil
    case (.array(let left)?, .array(let right)?) where left.count == right.count:
        for (index, (left, right)) in zip(left, right).enumerated() {
            if let found = difference(left, right, at: "\(path)/\(index)") { return found }
        }
        return nil
    case (.number(let left)?, .number(let right)?) where isSame(left, right): return nil
    default: return left == right ? nil : "\(path): \(left?.jsonText ?? "nothing"), \(right?.jsonText ?? "nothing")"
    }
}

private func isSame(_ left: JSONNumber, _ right: JSONNumber) -> Bool {
    if left.text == right.text { return true }
    // Doubles do not distinguish large integers.
    if let integer = left.int, Int(exactly: Double(integer)) != integer { return integer == right.int }
    return left.double.isFinite && left.double == right.double
}
