extension ColumnType {
    /// The narrowest type that holds what either holds.
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
    /// The fields of either, those of the first in front and as they are, with types that hold both.
    func union(_ other: Self) -> Self {
        var fields = self
        var places: [String: Int] = [:]
        for (place, field) in fields.enumerated() { places[field.name] = place }
        for field in other {
            if let place = places[field.name] {
                fields[place].type = fields[place].type.union(field.type)
            } else {
                fields.append(field)
            }
        }
        return fields
    }
}
