extension Expression {
    /// The functions that the filter calls and `known` lacks, each once, in the order of the text.
    public func unknownFunctions(known: Set<String> = []) -> [String] {
        var names: [String] = []
        var seen = known
        forEachOperand { operand in
            guard case .function(let name, _) = operand, seen.insert(name).inserted else { return }
            names.append(name)
        }
        return names
    }

    /// Rejects expressions that parse but cannot be evaluated. CQL2 defines no function that is not an operator here.
    ///
    /// - Throws: `CQL2Error` with `.unknownFunction`.
    public func validate(functions known: Set<String> = []) throws(CQL2Error) {
        if let name = unknownFunctions(known: known).first { throw CQL2Error(.unknownFunction(name)) }
    }

    /// The properties that the filter refers to.
    public var properties: Set<String> {
        var names: Set<String> = []
        forEachOperand { if case .property(let name) = $0 { names.insert(name) } }
        return names
    }

    /// Calls `body` for each operand, nested ones included, outer ones first.
    public func forEachOperand(_ body: (Operand) -> Void) { visit(condition: { _ in }, operand: body) }

    /// Calls `condition` for each predicate, and `operand` for each operand, nested ones included, outer ones first.
    func visit(condition: (Expression) -> Void, operand: (Operand) -> Void) {
        switch self {
        case .and(let parts), .or(let parts):
            for part in parts { part.visit(condition: condition, operand: operand) }
        case .not(let inner): inner.visit(condition: condition, operand: operand)
        default:
            condition(self)
            visitOperands { $0.visit(condition: condition, operand: operand) }
        }
    }

    /// Calls `body` for each operand of a predicate itself.
    private func visitOperands(_ body: (Operand) -> Void) {
        switch self {
        case .and, .or, .not: break
        case .comparison(_, let left, let right), .like(let left, let right), .spatial(_, let left, let right),
            .temporal(_, let left, let right), .array(_, let left, let right):
            body(left)
            body(right)
        case .between(let operand, let lower, let upper):
            body(operand)
            body(lower)
            body(upper)
        case .in(let operand, let list):
            body(operand)
            for element in list { body(element) }
        case .isNull(let operand), .boolean(let operand): body(operand)
        }
    }
}

extension Operand {
    fileprivate func visit(condition: (Expression) -> Void, operand: (Operand) -> Void) {
        operand(self)
        func next(_ inner: Operand) { inner.visit(condition: condition, operand: operand) }
        switch self {
        case .property, .string, .number, .bool, .timestamp, .date, .geometry, .boundingBox: break
        case .interval(let start, let end):
            for case .computed(let inner) in [start, end] { next(inner) }
        case .array(let operands), .function(_, let operands): for inner in operands { next(inner) }
        case .arithmetic(_, let left, let right):
            next(left)
            next(right)
        case .casei(let inner), .accenti(let inner): next(inner)
        case .expression(let expression): expression.visit(condition: condition, operand: operand)
        }
    }
}
