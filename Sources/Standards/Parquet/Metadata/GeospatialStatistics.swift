/// Statistics of a column chunk of geometries or geographies.
///
/// Source: [Geospatial](https://github.com/apache/parquet-format/blob/master/Geospatial.md).
public struct GeospatialStatistics: Hashable, Sendable {
    /// Ranges of coordinates, in units of the CRS. `xMinimum` above `xMaximum` crosses the antimeridian.
    public struct BoundingBox: Hashable, Sendable {
        public var xMinimum, xMaximum, yMinimum, yMaximum: Double
        public var zMinimum, zMaximum, mMinimum, mMaximum: Double?

        public init(xMinimum: Double, xMaximum: Double, yMinimum: Double, yMaximum: Double) {
            (self.xMinimum, self.xMaximum) = (xMinimum, xMaximum)
            (self.yMinimum, self.yMaximum) = (yMinimum, yMaximum)
        }
    }

    /// `nil` when unknown, or when there is no geometry that has a position.
    public var boundingBox: BoundingBox?
    /// WKB type codes that occur (1001 is a point with z); empty when unknown.
    public var geometryTypes: [Int32]

    public init(boundingBox: BoundingBox? = nil, geometryTypes: [Int32] = []) {
        self.boundingBox = boundingBox
        self.geometryTypes = geometryTypes
    }
}

extension GeospatialStatistics: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init()
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: boundingBox = try reader.structure(field)
            case 2: geometryTypes = try reader.int32s(field)
            default: try reader.skip(field)
            }
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, boundingBox)
        writer.field(2, geometryTypes.isEmpty ? nil : geometryTypes)
    }
}

extension GeospatialStatistics.BoundingBox: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(xMinimum: .nan, xMaximum: .nan, yMinimum: .nan, yMaximum: .nan)
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: xMinimum = try reader.double(field)
            case 2: xMaximum = try reader.double(field)
            case 3: yMinimum = try reader.double(field)
            case 4: yMaximum = try reader.double(field)
            case 5: zMinimum = try reader.double(field)
            case 6: zMaximum = try reader.double(field)
            case 7: mMinimum = try reader.double(field)
            case 8: mMaximum = try reader.double(field)
            default: try reader.skip(field)
            }
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, xMinimum)
        writer.field(2, xMaximum)
        writer.field(3, yMinimum)
        writer.field(4, yMaximum)
        writer.field(5, zMinimum)
        writer.field(6, zMaximum)
        writer.field(7, mMinimum)
        writer.field(8, mMaximum)
    }
}
