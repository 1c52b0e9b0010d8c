/// Reads well-known binary in either byte order, ISO or extended (EWKB) flags; measures and SRIDs are skipped.
///
/// The input is untrusted: every count is checked against the remaining bytes before memory is allocated for it.
///
/// Sources: [OGC 06-103r4, section 8](https://portal.ogc.org/files/?artifact_id=25355),
/// [EWKB in PostGIS](https://libgeos.org/specifications/wkb/).
struct WKBReader {
    let bytes: UnsafeRawBufferPointer
    var at = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    static func geometry(_ bytes: UnsafeRawBufferPointer) throws(GeoError) -> Geometry {
        var reader = WKBReader(bytes)
        let geometry = try reader.geometry(depth: 0, expected: nil)
        guard reader.at == bytes.count else { throw GeoError(.trailingContent, at: .offset(reader.at)) }
        return geometry
    }

    /// Byte order and dimensions of one geometry; members of a collection have their own.
    struct Layout {
        var isBigEndian: Bool
        var hasZ: Bool
        var hasM: Bool

        var positionSize: Int { 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0) }
    }

    private mutating func geometry(depth: Int, expected: GeometryKind?) throws(GeoError) -> Geometry {
        let start = at
        let (kind, layout) = try header()
        if let expected, kind != expected {
            throw GeoError(.expected("a \(expected.name)"), at: .offset(start))
        }
        switch kind {
        case .point:
            var position = try rawPosition(layout)
            // ISO has no other way to write an empty point.
            if position.x.isNaN, position.y.isNaN { return .point(nil) }
            try check(&position, at: start)
            return .point(position)
        case .lineString: return .lineString(try line(layout))
        case .polygon: return .polygon(try rings(layout))
        case .multiPoint:
            return .multiPoint(
                try members(kind, layout, depth) { part in
                    if case .point(let position) = part { position } else { nil }
                })
        case .multiLineString:
            return .multiLineString(
                try members(kind, layout, depth) { part in
                    if case .lineString(let line) = part { line } else { nil }
                })
        case .multiPolygon:
            return .multiPolygon(
                try members(kind, layout, depth) { part in
                    if case .polygon(let rings) = part { rings } else { nil }
                })
        case .geometryCollection:
            guard depth < Geometry.depthLimit else {
                throw GeoError(.tooDeep(limit: Geometry.depthLimit), at: .offset(start))
            }
            return .geometryCollection(try members(kind, layout, depth) { $0 })
        }
    }

    mutating func header() throws(GeoError) -> (GeometryKind, Layout) {
        guard at < bytes.count else { throw GeoError(.unexpectedEnd, at: .offset(at)) }
        let order = bytes[at]
        guard order <= 1 else { throw GeoError(.expected("a byte order of 0 or 1"), at: .offset(at)) }
        at += 1
        let codeStart = at
        let code = try uint32(isBigEndian: order == 0)
        let plain = code & 0x1fff_ffff
        let dimension = plain / 1000
        guard let kind = GeometryKind(rawValue: plain % 1000), dimension <= 3 else {
            throw GeoError(.unknownTypeCode(code), at: .offset(codeStart))
        }
        if code & 0x2000_0000 != 0 { _ = try uint32(isBigEndian: order == 0) }
        let layout = Layout(
            isBigEndian: order == 0,
            hasZ: code & 0x8000_0000 != 0 || dimension & 1 != 0,
            hasM: code & 0x4000_0000 != 0 || dimension & 2 != 0)
        return (kind, layout)
    }

    private mutating func members<Value>(
        _ kind: GeometryKind, _ layout: Layout, _ depth: Int, _ value: (Geometry) -> Value?
    ) throws(GeoError) -> [Value] {
        // The shortest member is an empty line: byte order, type, count.
        let count = try count(layout, elementSize: 9)
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            if let value = value(try geometry(depth: depth + 1, expected: kind.memberKind)) { values.append(value) }
        }
        return values
    }

    private mutating func rings(_ layout: Layout) throws(GeoError) -> [[Position]] {
        let count = try count(layout, elementSize: 4)
        var rings: [[Position]] = []
        rings.reserveCapacity(count)
        for _ in 0..<count {
            let start = at
            let ring = try positions(layout)
            if let reason = GeometryRules.fault(ring: ring) { throw GeoError(reason, at: .offset(start)) }
            rings.append(ring)
        }
        return rings
    }

    private mutating func line(_ layout: Layout) throws(GeoError) -> [Position] {
        let start = at
        let line = try positions(layout)
        if let reason = GeometryRules.fault(line: line) { throw GeoError(reason, at: .offset(start)) }
        return line
    }

    private mutating func positions(_ layout: Layout) throws(GeoError) -> [Position] {
        let count = try count(layout, elementSize: layout.positionSize)
        var positions: [Position] = []
        positions.reserveCapacity(count)
        for _ in 0..<count {
            let start = at
            var position = try rawPosition(layout)
            try check(&position, at: start)
            positions.append(position)
        }
        return positions
    }

    /// Clamps the latitude, too.
    private func check(_ position: inout Position, at start: Int) throws(GeoError) {
        if let reason = GeometryRules.fault(x: position.x, y: position.y, z: position.z) {
            throw GeoError(reason, at: .offset(start))
        }
        position.y = GeometryRules.clamped(latitude: position.y)
    }

    private mutating func rawPosition(_ layout: Layout) throws(GeoError) -> Position {
        guard bytes.count - at >= layout.positionSize else { throw GeoError(.unexpectedEnd, at: .offset(bytes.count)) }
        defer { at += layout.positionSize }
        let x = double(at, layout)
        let y = double(at + 8, layout)
        return Position(x, y, layout.hasZ ? double(at + 16, layout) : nil)
    }

    /// The caller has checked that eight bytes are left.
    func double(_ offset: Int, _ layout: Layout) -> Double {
        let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return Double(bitPattern: layout.isBigEndian ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits))
    }

    mutating func count(_ layout: Layout, elementSize: Int) throws(GeoError) -> Int {
        let count = Int(try uint32(isBigEndian: layout.isBigEndian))
        guard count <= (bytes.count - at) / elementSize else {
            throw GeoError(.unexpectedEnd, at: .offset(bytes.count))
        }
        return count
    }

    private mutating func uint32(isBigEndian: Bool) throws(GeoError) -> UInt32 {
        guard bytes.count - at >= 4 else { throw GeoError(.unexpectedEnd, at: .offset(bytes.count)) }
        defer { at += 4 }
        let bits = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits)
    }
}
