import CQL2

/// An operand in SQL, as each kind of value that it may be.
///
/// A fragment is null in rows where the operand's value is of another kind.
struct SQLTerm {
    enum Time {
        case timestamp(SQLFragment)
        case timestampWithoutZone(SQLFragment)
        case date(SQLFragment)
    }

    enum Elements {
        /// A list, with the type of its elements; `nil`: the type of its comparison's other side.
        case list(SQLFragment, SQLColumnType?)
        case json(SQLFragment)
    }

    /// The operand's name in messages.
    var name: String
    /// The value, when no property occurs. Then there are no other members.
    var constant: CQL2Value?
    /// The kinds are guesses, of which one holds.
    var isAssumed = false
    var number: SQLFragment?
    var string: SQLFragment?
    var boolean: SQLFragment?
    var time: Time?
    var elements: Elements?
    var geometry: SQLFragment?
    /// Whether it is null.
    var isNull: SQLFragment
}
