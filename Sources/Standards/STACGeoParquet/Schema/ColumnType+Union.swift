extension ColumnType {
    /// The narrowest type that holds the values of both.
    func union(_ other: ColumnType) -> ColumnType {
        switch (self, other) {
        case _ where self == other: self
        case (.integer, .double), (.double, .integer): .double
        // Instants in two formats are one column; which was there first gives the format.
        case (.time, .time): self
        case (.time, .string), (.string, .time): .string
        case (.list(let element), .list(let otherElement)): .list(element.union(otherElement))
        case (.structure(let fields), .structure(let otherFields)): .structure(fields.union(otherFields))
        default: .json
        }
    }
}

extension [ColumnType.Field] {
    /// The fields of both, in the order of the first, with types that hold both.
    func union(_ other: Self) -> Self {
        var fields = self
        var indices: [String: Int] = [:]
        for (index, field) in fields.enumerated() { indices[field.name] = index }
        for field in other {
            if let index = indices[field.name] {
                fields[index].type = fields[index].type.union(field.type)
            } else {
                fields.append(field)
            }
        }
        return fields
    }
}
