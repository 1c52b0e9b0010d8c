extension Geometry {
    /// Reads well-known binary in either byte order, with ISO or EWKB flags for Z; measures are dropped.
    ///
    /// - Throws: `GeoError` with the offset of the fault in bytes; also for counts that the bytes cannot hold.
    ///
    /// Source: [OGC 06-103r4, Simple Feature Access, section 8](https://portal.ogc.org/files/?artifact_id=25355).
    public init(wkb: UnsafeRawBufferPointer) throws(GeoError) {
        self = try WKBReader.geometry(wkb)
    }

    /// As `init(wkb: UnsafeRawBufferPointer)`, for bytes in an array.
    public init(wkb: [UInt8]) throws(GeoError) {
        self = try wkb.withUnsafeBufferPointer { bytes throws(GeoError) in
            try WKBReader.geometry(UnsafeRawBufferPointer(bytes))
        }
    }

    /// ISO well-known binary, little endian; 2D, or Z when all positions have a height.
    public var wkb: [UInt8] {
        var writer = WKBWriter(hasZ: hasZ)
        writer.write(self)
        return writer.bytes
    }
}
