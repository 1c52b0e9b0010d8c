/// One key of a sort order: a property and a direction.
///
/// Items without the property come last in either direction. `datetime` means the Item's `datetime` or, where that
/// is null, its `start_datetime`.
///
/// Source: [STAC API - Sort 1.1.0](https://github.com/stac-api-extensions/sort).
public struct SortKey: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable { case ascending = "asc", descending = "desc" }

    /// Name as in a filter: `id`, `collection`, or a member of `properties`.
    public var property: String
    public var direction: Direction

    public init(_ property: String, _ direction: Direction = .ascending) {
        self.property = property
        self.direction = direction
    }

    /// The complete order that a request's keys mean: the newest Items first where none is given, and always the id,
    /// then the collection, in the direction of the first key, so that no two Items are equal.
    public static func effective(_ keys: [SortKey]) -> [SortKey] {
        var order: [SortKey] = []
        for key in keys.isEmpty ? [SortKey("datetime", .descending)] : keys
        where !order.contains(where: { $0.property == key.property }) {
            order.append(key)
        }
        let direction = order[0].direction
        for last in ["id", "collection"] where !order.contains(where: { $0.property == last }) {
            order.append(SortKey(last, direction))
        }
        return order
    }
}
