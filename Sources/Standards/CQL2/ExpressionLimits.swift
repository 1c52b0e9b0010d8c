public import Geo

/// How large a filter from outside may be: the time for each item goes with it.
public struct ExpressionLimits: Sendable, Hashable {
    /// Predicates, such as comparisons.
    public var conditionCount = 1_024
    /// Operands of all predicates, such as the values of lists.
    public var operandCount = 65_536
    /// Different properties.
    public var propertyCount = 256
    /// Bytes of a property's name, in UTF-8.
    public var nameByteCount = 1_024
    /// Names that a property's name joins by dots: those of objects within objects.
    public var namePartCount = 32
    /// Bytes of a pattern of `LIKE`, in UTF-8.
    public var patternByteCount = 4_096
    /// Those of each geometry; positions are counted over all of them.
    public var geometry = GeometryLimits()

    public init() {}

    /// Checks the name of a property, in a filter or elsewhere.
    ///
    /// - Throws: `CQL2Error` with `.tooMuch`.
    public func check(propertyName name: String) throws(CQL2Error) {
        let byteCount = name.utf8.count
        guard byteCount <= nameByteCount else {
            throw CQL2Error(.tooMuch("bytes in the name of a property", count: byteCount, limit: nameByteCount))
        }
        let partCount = name.utf8.count { $0 == UInt8(ascii: ".") } + 1
        guard partCount <= namePartCount else {
            throw CQL2Error(
                .tooMuch("names joined by dots in a property's name", count: partCount, limit: namePartCount))
        }
    }
}

extension Expression {
    /// Checks the size of a filter.
    ///
    /// - Throws: `CQL2Error` with `.tooMuch`, or `.invalidGeometry` for a geometry that costs too much.
    /// - Complexity: O(*n*) in the size, and the cost of `Geometry.check`.
    public func check(_ limits: ExpressionLimits) throws(CQL2Error) {
        var (conditionCount, operandCount, positionCount, patternByteCount) = (0, 0, 0, 0)
        var names: Set<String> = []
        var geometries: [Geometry] = []
        visit { condition in
            conditionCount += 1
            if case .like(_, let pattern) = condition {
                patternByteCount = max(patternByteCount, pattern.innerText?.utf8.count ?? 0)
            }
        } operand: { operand in
            operandCount += 1
            if case .property(let name) = operand { names.insert(name) }
            if case .geometry(let geometry) = operand {
                positionCount += geometry.positionCount
                geometries.append(geometry)
            }
        }
        for (what, count, limit) in [
            ("conditions", conditionCount, limits.conditionCount), ("values", operandCount, limits.operandCount),
            ("different properties", names.count, limits.propertyCount),
            ("bytes in a pattern of LIKE", patternByteCount, limits.patternByteCount),
            ("positions in geometries", positionCount, limits.geometry.positionCount),
        ] where count > limit {
            throw CQL2Error(.tooMuch(what, count: count, limit: limit))
        }
        for name in names { try limits.check(propertyName: name) }
        for geometry in geometries {
            do throws(GeoError) {
                try geometry.check(limits.geometry)
            } catch {
                throw CQL2Error(.invalidGeometry("\(error)"))
            }
        }
    }
}

extension Operand {
    /// The string, also within CASEI and ACCENTI.
    fileprivate var innerText: String? {
        switch self {
        case .string(let text): text
        case .casei(let inner), .accenti(let inner): inner.innerText
        default: nil
        }
    }
}
