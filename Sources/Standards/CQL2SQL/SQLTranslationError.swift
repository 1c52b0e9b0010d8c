public import CQL2

/// The reason why a filter cannot be translated into SQL without changing its meaning.
public enum SQLTranslationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The dialect, with the features given, has nothing for the operator. `reason` completes the sentence.
    case unsupported(String, SQLDialect, reason: String)
    /// The filter's meaning depends on the type of a column, which is unknown.
    case typeNeeded(property: String)
    /// A name that cannot be written, or that leads to nothing a filter can use.
    case invalidName(String)
    /// A text with a NUL, which no database takes.
    case nul
    /// A geometry that crosses itself, or the like.
    case invalidGeometry
    /// The translated filter would exceed the length that a database accepts.
    case tooLong
    case filter(CQL2Error)

    public var description: String {
        switch self {
        case .unsupported(let what, let dialect, let reason):
            "\(what) cannot be translated to \(dialect.rawValue): \(reason)"
        case .typeNeeded(let property): "the type of the column '\(property)' must be given"
        case .invalidName(let name): "there can be no column for '\(name)'"
        case .nul: "a text has a NUL character"
        case .invalidGeometry: "a geometry crosses itself, or is not valid otherwise"
        case .tooLong: "the filter becomes too long in SQL; nested operators repeat their operands"
        case .filter(let error): "\(error)"
        }
    }
}
