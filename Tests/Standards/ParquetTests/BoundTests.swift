import Testing

@testable import Parquet

@Suite("Bounds") struct BoundTests {
    static func leaf(
        _ type: PhysicalType, _ logicalType: LogicalType? = nil, length: Int? = nil
    ) throws -> SchemaLeaf {
        let node = SchemaNode(
            name: "a", repetition: .optional, kind: .primitive(type, typeLength: length), logicalType: logicalType)
        return try #require(FileSchema(children: [node]).leaves.first)
    }

    static func bounds(
        _ leaf: SchemaLeaf, _ low: [UInt8], _ high: [UInt8], _ order: ColumnOrder? = .typeDefined
    ) -> ValueBounds {
        ValueBounds(ColumnStatistics(minimum: low, maximum: high), valueCount: 9, leaf, order)
    }

    @Test("of integers without sign are compared as such")
    func unsigned() throws {
        let leaf = try Self.leaf(.int32, .integer(bitWidth: 32, isSigned: false))
        let bounds = Self.bounds(leaf, [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff])
        #expect(bounds.minimum == .unsignedInteger(1))
        #expect(bounds.maximum == .unsignedInteger(0xffff_ffff))
        #expect(Self.bounds(try Self.leaf(.int32), [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff]).minimum == nil)
    }

    @Test("of floating-point numbers cover both zeros, and mean nothing when they are NaN")
    func zeros() throws {
        let leaf = try Self.leaf(.double)
        func bytes(_ value: Double) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        let bounds = Self.bounds(leaf, bytes(0), bytes(-0.0))
        #expect(bounds.minimum == .double(-0.0))
        #expect(bounds.maximum == .double(0))
        #expect(bounds.mayHoldNaN)
        #expect(Self.bounds(leaf, bytes(.nan), bytes(1)).maximum == nil)
        #expect(Self.bounds(leaf, bytes(1), bytes(2), .unknown).minimum == nil)
    }

    @Test("of decimals are compared as numbers, whatever their length")
    func decimals() throws {
        let leaf = try Self.leaf(.byteArray, .decimal(precision: 9, scale: 2))
        #expect(Self.bounds(leaf, [0xff], [0x01, 0x00]).minimum == .decimal([0xff]))
        #expect(Self.bounds(leaf, [0x01, 0x00], [0x7f]).minimum == nil)
        #expect(Self.bounds(leaf, [0xfe, 0xff], [0xff]).maximum == .decimal([0xff]))
    }

    @Test("of old writers are used where everybody compared alike")
    func legacy() throws {
        var statistics = ColumnStatistics()
        statistics.legacyMinimum = [1, 0, 0, 0]
        statistics.legacyMaximum = [2, 0, 0, 0]
        func minimum(_ leaf: SchemaLeaf) -> BoundValue? {
            ValueBounds(statistics, valueCount: 9, leaf, nil).minimum
        }
        #expect(minimum(try Self.leaf(.int32)) == .integer(1))
        #expect(minimum(try Self.leaf(.int32, .integer(bitWidth: 32, isSigned: false))) == nil)
        #expect(minimum(try Self.leaf(.byteArray, .string)) == nil)
        statistics.legacyMaximum = statistics.legacyMinimum
        #expect(minimum(try Self.leaf(.byteArray, .string)) == .bytes([1, 0, 0, 0]))
    }

    @Test("of types without an order are none")
    func unordered() throws {
        for type: LogicalType in [.geometry(crs: nil), .unrecognized(77), .unknown] {
            #expect(Self.bounds(try Self.leaf(.byteArray, type), [1], [2]).minimum == nil)
        }
        #expect(Self.bounds(try Self.leaf(.int96), Array(repeating: 0, count: 12), [1]).minimum == nil)
        #expect(Self.bounds(try Self.leaf(.int64), [1], [2]).minimum == nil)
    }
}
