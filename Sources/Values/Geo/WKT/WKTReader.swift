/// Reads well-known text. Offsets of faults are in UTF-8 bytes.
struct WKTReader {
    private let text: [UInt8]
    private var at = 0

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    static func geometry(_ text: String) throws(GeoError) -> Geometry {
        var reader = WKTReader(text)
        let geometry = try reader.geometry(depth: 0)
        reader.skipSpace()
        guard reader.at == reader.text.count else { throw GeoError(.trailingContent, at: .offset(reader.at)) }
        return geometry
    }

    private mutating func geometry(depth: Int) throws(GeoError) -> Geometry {
        let start = peek()
        var name = word()
        guard !name.isEmpty else { throw unexpected("a geometry type") }
        var isTagged = false
        if name.count > 1, name.hasSuffix("Z") {
            name.removeLast()
            isTagged = true
        }
        guard let kind = GeometryKind.allCases.first(where: { $0.name.uppercased() == name }) else {
            throw GeoError(.unknownType(name), at: .offset(start))
        }
        let tagStart = peek()
        var tag = word()
        if !isTagged, tag == "Z" {
            isTagged = true
            tag = word()
        }
        let isEmpty = tag == "EMPTY"
        guard isEmpty || tag.isEmpty else { throw GeoError(.expected("'(', Z or EMPTY"), at: .offset(tagStart)) }
        switch kind {
        case .point: return .point(isEmpty ? nil : try point(isTagged))
        case .lineString: return .lineString(isEmpty ? [] : try line(isTagged))
        case .polygon: return .polygon(isEmpty ? [] : try rings(isTagged))
        case .multiPoint:
            guard !isEmpty else { return .multiPoint([]) }
            return .multiPoint(
                try list { reader throws(GeoError) in
                    reader.peek()
                    return reader.isAt("(") ? try reader.point(isTagged) : try reader.position(isTagged)
                })
        case .multiLineString:
            return .multiLineString(isEmpty ? [] : try list { reader throws(GeoError) in try reader.line(isTagged) })
        case .multiPolygon:
            return .multiPolygon(isEmpty ? [] : try list { reader throws(GeoError) in try reader.rings(isTagged) })
        case .geometryCollection:
            guard depth < Geometry.depthLimit else {
                throw GeoError(.tooDeep(limit: Geometry.depthLimit), at: .offset(start))
            }
            guard !isEmpty else { return .geometryCollection([]) }
            return .geometryCollection(
                try list { reader throws(GeoError) in try reader.geometry(depth: depth + 1) })
        }
    }

    // MARK: Parts

    private mutating func list<Value>(
        _ element: (inout WKTReader) throws(GeoError) -> Value
    ) throws(GeoError) -> [Value] {
        try take("(")
        var values: [Value] = []
        repeat {
            values.append(try element(&self))
            peek()
        } while takeIfPresent(",")
        try take(")")
        return values
    }

    private mutating func point(_ isTagged: Bool) throws(GeoError) -> Position {
        try take("(")
        let position = try position(isTagged)
        try take(")")
        return position
    }

    private mutating func line(_ isTagged: Bool) throws(GeoError) -> [Position] {
        let start = peek()
        let line = try list { reader throws(GeoError) in try reader.position(isTagged) }
        if let reason = GeometryRules.fault(line: line) { throw GeoError(reason, at: .offset(start)) }
        return line
    }

    private mutating func rings(_ isTagged: Bool) throws(GeoError) -> [[Position]] {
        try list { reader throws(GeoError) in
            let start = reader.peek()
            let ring = try reader.list { reader throws(GeoError) in try reader.position(isTagged) }
            if let reason = GeometryRules.fault(ring: ring) { throw GeoError(reason, at: .offset(start)) }
            return ring
        }
    }

    /// Two numbers, or three: many writers leave the Z out after the type.
    private mutating func position(_ isTagged: Bool) throws(GeoError) -> Position {
        let start = peek()
        var position = Position(try number(), try number())
        peek()
        if isTagged || !(isAt(",") || isAt(")")) { position.z = try number() }
        if let reason = GeometryRules.fault(x: position.x, y: position.y, z: position.z) {
            throw GeoError(reason, at: .offset(start))
        }
        position.y = GeometryRules.clamped(latitude: position.y)
        return position
    }

    // MARK: Tokens

    private mutating func number() throws(GeoError) -> Double {
        let start = peek()
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                at += 1
                continue
            default: break
            }
            break
        }
        guard let number = Double(String(decoding: text[start..<at], as: UTF8.self)) else {
            at = start
            throw unexpected("a number")
        }
        return number
    }

    /// The letters that follow, in upper case.
    private mutating func word() -> String {
        skipSpace()
        var letters: [UInt8] = []
        while at < text.count, case let byte = text[at] & 0xdf, byte >= 0x41, byte <= 0x5a {
            letters.append(byte)
            at += 1
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private mutating func skipSpace() {
        while at < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[at]) { at += 1 }
    }

    /// Start of the next token.
    @discardableResult
    private mutating func peek() -> Int {
        skipSpace()
        return at
    }

    private func isAt(_ symbol: Unicode.Scalar) -> Bool { at < text.count && text[at] == UInt8(ascii: symbol) }

    private mutating func takeIfPresent(_ symbol: Unicode.Scalar) -> Bool {
        peek()
        guard isAt(symbol) else { return false }
        at += 1
        return true
    }

    private mutating func take(_ symbol: Unicode.Scalar) throws(GeoError) {
        guard takeIfPresent(symbol) else { throw unexpected("'\(symbol)'") }
    }

    private func unexpected(_ expectation: String) -> GeoError {
        GeoError(at < text.count ? .expected(expectation) : .unexpectedEnd, at: .offset(at))
    }
}
