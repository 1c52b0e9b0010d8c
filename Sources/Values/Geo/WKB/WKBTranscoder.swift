public import JSON

/// Turns GeoJSON geometries into well-known binary without building values, position by position.
///
/// Only geometries that round-trip unchanged. It rejects a geometry with additional members, mixed positions of two and
/// three numbers, and an empty point.
public enum WKBTranscoder {
    /// Appends `geometry` as ISO well-known binary, little endian.
    ///
    /// - Returns: `false` for anything but a regular geometry; nothing stays appended then.
    public static func append(_ geometry: JSONElement, to output: inout [UInt8]) -> Bool {
        let start = output.count
        var writer = Writer(output: output)
        // The array must not be copied while the writer has it.
        output = []
        let isRegular = writer.geometry(geometry, depth: 0)
        output = writer.output
        if !isRegular { output.removeSubrange(start...) }
        return isRegular
    }
}

private struct Writer {
    var output: [UInt8]
    /// Numbers in a position; 0 before the first.
    private var dimension = 0
    /// Offsets of the geometries' codes that are written before the dimension is known.
    private var codeOffsets: [Int] = []

    private static let depthLimit = 16
    private static let kinds: [(StaticString, GeometryKind)] = [
        ("Polygon", .polygon), ("MultiPolygon", .multiPolygon), ("Point", .point), ("LineString", .lineString),
        ("MultiPoint", .multiPoint), ("MultiLineString", .multiLineString),
        ("GeometryCollection", .geometryCollection),
    ]

    init(output: [UInt8]) {
        self.output = output
    }

    mutating func geometry(_ element: JSONElement, depth: Int) -> Bool {
        guard depth < Self.depthLimit, element.kind == .object, element.count == 2, let type = element.member("type"),
            let kind = Self.kinds.first(where: { type.equals($0.0) })?.1,
            let content = element.member(kind == .geometryCollection ? "geometries" : "coordinates"),
            content.kind == .array
        else { return false }
        header(kind)
        let isRegular =
            switch kind {
            case .point: position(content)
            case .lineString: positions(content)
            case .polygon: rings(content)
            case .multiPoint:
                parts(content) {
                    $0.header(.point); return $0.position($1)
                }
            case .multiLineString:
                parts(content) {
                    $0.header(.lineString); return $0.positions($1)
                }
            case .multiPolygon:
                parts(content) {
                    $0.header(.polygon); return $0.rings($1)
                }
            case .geometryCollection: parts(content) { $0.geometry($1, depth: depth + 1) }
            }
        guard isRegular, depth == 0, dimension == 3 else { return isRegular }
        for offset in codeOffsets { raiseCode(at: offset) }
        return true
    }

    private mutating func header(_ kind: GeometryKind) {
        output.append(1)
        codeOffsets.append(output.count)
        output.appendLittleEndian(kind.rawValue)
    }

    /// Codes of geometries with heights are 1,000 higher.
    private mutating func raiseCode(at offset: Int) {
        let code = UInt32(output[offset]) + 1000
        output[offset] = UInt8(truncatingIfNeeded: code)
        output[offset + 1] = UInt8(truncatingIfNeeded: code >> 8)
    }

    private mutating func rings(_ element: JSONElement) -> Bool { parts(element) { $0.positions($1) } }

    private mutating func positions(_ element: JSONElement) -> Bool { parts(element) { $0.position($1) } }

    /// The number of elements, then the elements.
    private mutating func parts(_ element: JSONElement, _ write: (inout Self, JSONElement) -> Bool) -> Bool {
        guard element.kind == .array else { return false }
        let countOffset = output.count
        output.appendLittleEndian(UInt32(0))
        var count: UInt32 = 0
        for part in element.elements {
            guard write(&self, part) else { return false }
            count += 1
        }
        for byte in 0..<4 { output[countOffset + byte] = UInt8(truncatingIfNeeded: count >> UInt32(8 * byte)) }
        return true
    }

    private mutating func position(_ element: JSONElement) -> Bool {
        guard element.kind == .array else { return false }
        var numbers = 0
        for number in element.elements {
            guard let value = number.double, value.isFinite else { return false }
            output.appendLittleEndian(value.bitPattern)
            numbers += 1
        }
        guard numbers == 2 || numbers == 3, dimension == 0 || dimension == numbers else { return false }
        dimension = numbers
        return true
    }
}
