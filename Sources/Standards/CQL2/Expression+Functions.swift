extension Expression {
    /// The functions that the filter calls and `known` lacks, each once, in the order of the text.
    public func unknownFunctions(known: Set<String> = []) -> [String] {
        var names: [String] = []
        forEachOperand { operand in
            guard case .function(let name, _) = operand, !known.contains(name), !names.contains(name) else { return }
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
    public func forEachOperand(_ body: (Operand) -> Void) {
        switch self {
        case .and(let parts), .or(let parts): for part in parts { part.forEachOperand(body) }
        case .not(let inner): inner.forEachOperand(body)
        case .comparison(_, let left, let right), .like(let left, let right), .spatial(_, let left, let right),
            .temporal(_, let left, let right), .array(_, let left, let right):
            left.forEach(body)
            right.forEach(body)
        case .between(let operand, let lower, let upper):
            operand.forEach(body)
            lower.forEach(body)
            upper.forEach(body)
        case .in(let operand, let list):
            operand.forEach(body)
            for element in list { element.forEach(body) }
        case .isNull(let operand), .boolean(let operand): operand.forEach(body)
        }
    }
}

extension Operand {
    fileprivate func forEach(_ body: (Operand) -> Void) {
        body(self)
        switch self {
        case .property, .string, .number, .bool, .timestamp, .date, .geometry, .boundingBox: break
        case .interval(let start, let end):
            for case .computed(let operand) in [start, end] { operand.forEach(body) }
        case .array(let operands), .function(_, let operands): for operand in operands { operand.forEach(body) }
        case .arithmetic(_, let left, let right):
            left.forEach(body)
            right.forEach(body)
        case .casei(let inner), .accenti(let inner): inner.forEach(body)
        case .expression(let expression): expression.forEachOperand(body)
        }
    }
}
