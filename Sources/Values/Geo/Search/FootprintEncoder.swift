public import JSON

/// Writes the footprints of Items as the search index stores them: normalised, 2D, ISO well-known binary.
public enum FootprintEncoder {
    /// Appends `Geometry(geoJSON:).normalized(in:).wkb`, without building the geometry in the usual case: a polygon, a
    /// multipolygon or a point that needs no cut.
    ///
    /// - Parameter bbox: The Item's member, if any; looked at only where the geometry leaves something open. An invalid
    ///   one is as none.
    /// - Returns: The exact box around the normalised positions; `nil`, with nothing appended, for JSON null and for
    ///   an empty geometry.
    /// - Throws: The errors of `Geometry(geoJSON:)`; nothing is appended then.
    public static func appendWKB(
        geoJSON: JSONElement, bbox: JSONElement? = nil, to output: inout [UInt8]
    ) throws(GeoError) -> PlanarBox? {
        if geoJSON.isNull { return nil }
        let start = output.count
        var footprint = FootprintWriter(output)
        // The array has one owner at a time, so that appending copies nothing.
        output = []
        let isWritten = footprint.write(geoJSON)
        let box = footprint.box
        output = footprint.takeBytes()
        if isWritten, let box { return box }
        output.removeSubrange(start...)

        let geometry = try Geometry(geoJSON: geoJSON).normalized(in: bbox.flatMap { BoundingBox($0) })
        guard let box = PlanarBox(geometry) else { return nil }
        output += geometry.wkb
        return box
    }
}

/// The fast path for regular footprints. Anything else, faults included, makes it fail.
private struct FootprintWriter {
    private var bytes: [UInt8]
    private var minX = Double.infinity
    private var minY = Double.infinity
    private var maxX = -Double.infinity
    private var maxY = -Double.infinity

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var box: PlanarBox? { minX <= maxX ? PlanarBox(minX: minX, minY: minY, maxX: maxX, maxY: maxY) : nil }

    mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes = []
        return taken
    }

    /// - Returns: Whether all of it is written; otherwise the appended bytes are unusable.
    mutating func write(_ geometry: JSONElement) -> Bool {
        guard let type = geometry.member("type"), let coordinates = geometry.member("coordinates"),
            coordinates.kind == .array
        else { return false }
        if type.equals("Polygon") { return polygon(coordinates) }
        if type.equals("MultiPolygon") {
            header(.multiPolygon)
            return list(coordinates) { writer, part in part.kind == .array && writer.polygon(part) }
        }
        guard type.equals("Point") else { return false }
        header(.point)
        return position(coordinates) != nil
    }

    private mutating func polygon(_ rings: JSONElement) -> Bool {
        header(.polygon)
        return list(rings) { writer, ring in writer.ring(ring) }
    }

    private mutating func header(_ kind: GeometryKind) {
        bytes.append(1)
        bytes.appendLittleEndian(kind.rawValue)
    }

    /// Writes the count of the elements before them. An empty list is unusual.
    @inline(__always)
    private mutating func list(
        _ source: JSONElement, _ element: (inout FootprintWriter, JSONElement) -> Bool
    ) -> Bool {
        let countOffset = bytes.count
        bytes.appendLittleEndian(UInt32(0))
        var count: UInt32 = 0
        for part in source.elements {
            guard element(&self, part) else { return false }
            count &+= 1
        }
        // In bounds: four bytes were appended at that offset.
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: count.littleEndian, toByteOffset: countOffset, as: UInt32.self)
        }
        return count > 0
    }

    private mutating func ring(_ source: JSONElement) -> Bool {
        guard source.kind == .array else { return false }
        var first = SIMD2<Double>(.nan, .nan)
        var previous = first
        var count = 0
        let isWritten = list(source) { writer, element in
            guard element.kind == .array, let position = writer.position(element) else { return false }
            if count == 0 {
                first = position
            } else if GeometryRules.mayCrossAntimeridian(jump: position.x - previous.x) {
                return false
            }
            previous = position
            count &+= 1
            return true
        }
        return isWritten && count >= GeometryRules.ringMinimum && first == previous
    }

    /// `nil` for anything but a position, and for one whose longitude wraps.
    @inline(__always)
    private mutating func position(_ source: JSONElement) -> SIMD2<Double>? {
        var numbers = source.elements
        guard let x = numbers.next()?.double, let y = numbers.next()?.double, abs(x) <= 180, abs(y) <= 90 else {
            return nil
        }
        // Heights are checked, and dropped.
        while let rest = numbers.next() {
            guard let number = rest.double, number.isFinite else { return nil }
        }
        bytes.appendLittleEndian(x.bitPattern)
        bytes.appendLittleEndian(y.bitPattern)
        minX = min(minX, x)
        minY = min(minY, y)
        maxX = max(maxX, x)
        maxY = max(maxY, y)
        return SIMD2(x, y)
    }
}
