import JSON

/// The columns of a bounding box, which are the covering of the geometry as well.
enum BoundingBoxColumns {
    static let names = ["xmin", "ymin", "xmax", "ymax"]
    static let namesWithHeights = ["xmin", "ymin", "zmin", "xmax", "ymax", "zmax"]

    static func type(hasHeights: Bool) -> ColumnType {
        .structure(
            (hasHeights ? namesWithHeights : names).map { ColumnType.Field(name: $0, type: .double) })
    }

    /// Whether the columns hold all of it: four or six numbers.
    static func isRegular(_ value: JSONElement) -> Bool {
        guard value.kind == .array, value.count == 4 || value.count == 6 else { return false }
        return value.elements.allSatisfy { $0.double?.isFinite ?? false }
    }
}
