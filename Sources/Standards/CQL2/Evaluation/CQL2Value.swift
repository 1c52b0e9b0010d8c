public import Geo
public import Temporal

/// The value of an operand for one item.
public enum CQL2Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case timestamp(Timestamp)
    /// The midnight, UTC, with which the day begins.
    case date(Timestamp)
    /// `nil` is without bound; both bounds belong to the interval.
    case interval(start: Timestamp?, end: Timestamp?)
    case geometry(Geometry)
    case array([CQL2Value])
    /// Something that no operator looks into.
    case object

    public var isNull: Bool { self == .null }
}
