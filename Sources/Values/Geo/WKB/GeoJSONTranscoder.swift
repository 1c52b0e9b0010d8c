internal import JSON

/// Turns well-known binary into the text of GeoJSON geometries without building values, position by position.
///
/// The inverse of `WKBTranscoder`. Coordinates are passed on unchanged, in any reference system; measures are
/// dropped, and heights that are not numbers.
public enum GeoJSONTranscoder {
    /// Appends the GeoJSON of a geometry in either byte order, with ISO or EWKB flags.
    ///
    /// - Throws: `GeoError` with the offset of the fault in bytes, after something may have been appended.
    public static func append(_ wkb: UnsafeRawBufferPointer, to output: inout [UInt8]) throws(GeoError) {
        var reader = WKBReader(wkb)
        try reader.writeGeometry(to: &output, depth: 0)
        guard reader.at == wkb.count else { throw GeoError(.trailingContent, at: .offset(reader.at)) }
    }
}

extension WKBReader {
    fileprivate mutating func writeGeometry(to output: inout [UInt8], depth: Int) throws(GeoError) {
        let start = at
        let (kind, layout) = try header()
        output.append(contentsOf: "{\"type\":\"".utf8)
        output.append(contentsOf: kind.name.utf8)
        if kind == .geometryCollection {
            guard depth < Geometry.depthLimit else {
                throw GeoError(.tooDeep(limit: Geometry.depthLimit), at: .offset(start))
            }
            output.append(contentsOf: "\",\"geometries\":".utf8)
            try writeParts(layout, elementSize: 5, to: &output) { (reader, output) throws(GeoError) in
                try reader.writeGeometry(to: &output, depth: depth + 1)
            }
        } else {
            output.append(contentsOf: "\",\"coordinates\":".utf8)
            try writeCoordinates(kind, layout, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func writeCoordinates(
        _ kind: GeometryKind, _ layout: Layout, to output: inout [UInt8]
    ) throws(GeoError) {
        switch kind {
        case .point: try writePosition(layout, mayBeEmpty: true, to: &output)
        case .lineString: try writePositions(layout, to: &output)
        case .polygon:
            try writeParts(layout, elementSize: 4, to: &output) { (reader, output) throws(GeoError) in
                try reader.writePositions(layout, to: &output)
            }
        default:
            try writeParts(layout, elementSize: 5, to: &output) { (reader, output) throws(GeoError) in
                let start = reader.at
                let (member, layout) = try reader.header()
                guard member == kind.memberKind else {
                    throw GeoError(.expected("a \(kind.memberKind?.name ?? "member")"), at: .offset(start))
                }
                try reader.writeCoordinates(member, layout, to: &output)
            }
        }
    }

    private mutating func writePositions(_ layout: Layout, to output: inout [UInt8]) throws(GeoError) {
        try writeParts(layout, elementSize: layout.positionSize, to: &output) { (reader, output) throws(GeoError) in
            try reader.writePosition(layout, mayBeEmpty: false, to: &output)
        }
    }

    private mutating func writeParts(
        _ layout: Layout, elementSize: Int, to output: inout [UInt8],
        _ write: (inout Self, inout [UInt8]) throws(GeoError) -> Void
    ) throws(GeoError) {
        let count = try count(layout, elementSize: elementSize)
        output.append(UInt8(ascii: "["))
        for index in 0..<count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            try write(&self, &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func writePosition(
        _ layout: Layout, mayBeEmpty: Bool, to output: inout [UInt8]
    ) throws(GeoError) {
        guard bytes.count - at >= layout.positionSize else { throw GeoError(.unexpectedEnd, at: .offset(bytes.count)) }
        let x = double(at, layout)
        let y = double(at + 8, layout)
        let z = layout.hasZ ? double(at + 16, layout) : .nan
        output.append(UInt8(ascii: "["))
        if !mayBeEmpty || !x.isNaN || !y.isNaN {
            guard x.isFinite, y.isFinite, !z.isInfinite else { throw GeoError(.nonFinite, at: .offset(at)) }
            writeJSONNumber(x, to: &output)
            output.append(UInt8(ascii: ","))
            writeJSONNumber(y, to: &output)
            if !z.isNaN {
                output.append(UInt8(ascii: ","))
                writeJSONNumber(z, to: &output)
            }
        }
        output.append(UInt8(ascii: "]"))
        at += layout.positionSize
    }
}
