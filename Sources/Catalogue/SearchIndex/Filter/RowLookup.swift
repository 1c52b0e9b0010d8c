import CQL2
import ItemFilter
import STACAPI

/// A row's values from columns; `.object` for values that are not in columns.
struct RowLookup: PropertyLookup {
    let segment: Segment
    let row: Int
    let columns: [ColumnName: SegmentColumn]
    let collection: String

    func value(of property: String) -> CQL2Value {
        let name = PropertyName.normalized(property)
        if name == "id" { return .string(segment.id(row)) }
        if name == "collection" { return .string(collection) }
        guard let column = columns[ColumnName(name)] else { return .null }
        if let complex = column.complex, complex[row] { return .object }
        return switch column.sortValue(row) {
        case .number(let value): .number(value)
        case .timestamp(let value): .timestamp(value)
        case .string(let value): .string(value)
        case .bool(let value): .bool(value)
        case .missing: .null
        }
    }
}
