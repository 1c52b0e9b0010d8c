import Parquet
import STACGeoParquet
import Testing

/// What becomes of columns that other writers choose.
@Suite("Types of columns") struct ColumnTypeTests {
    typealias Case = (
        type: PhysicalType, logical: LogicalType?, length: Int?, write: @Sendable (LeafBuffer) -> Void, json: String?
    )

    static let cases: [Case] = [
        (
            .int64, .timestamp(isAdjustedToUTC: true, unit: .milliseconds), nil, { $0.append(Int64(1_500)) },
            "\"1970-01-01T00:00:01.500Z\""
        ),
        (
            .int64, .timestamp(isAdjustedToUTC: true, unit: .microseconds), nil, { $0.append(Int64(-1)) },
            "\"1969-12-31T23:59:59.999999Z\""
        ),
        (
            .int64, .timestamp(isAdjustedToUTC: false, unit: .nanoseconds), nil, { $0.append(Int64(1_000_000_001)) },
            "\"1970-01-01T00:00:01.000000001Z\""
        ),
        (.int32, .date, nil, { $0.append(Int32(-1)) }, "\"1969-12-31\""),
        (
            .int64, .time(isAdjustedToUTC: false, unit: .microseconds), nil, { $0.append(Int64(3_723_004_000)) },
            "\"01:02:03.004\""
        ),
        (.int32, nil, nil, { $0.append(Int32.min) }, "-2147483648"),
        (.int32, .integer(bitWidth: 32, isSigned: false), nil, { $0.append(Int32(-1)) }, "4294967295"),
        (.int64, .integer(bitWidth: 64, isSigned: false), nil, { $0.append(Int64(-1)) }, "18446744073709551615"),
        (.int64, nil, nil, { $0.append(Int64.min) }, "-9223372036854775808"),
        (.int64, .decimal(precision: 18, scale: 2), nil, { $0.append(Int64(-1_250)) }, "-12.50"),
        (.byteArray, .decimal(precision: 18, scale: 3), nil, { append([0xff, 0x00], to: $0) }, "-0.256"),
        (.float, nil, nil, { $0.append(Float(0.5)) }, "0.5"),
        (.double, nil, nil, { $0.append(-0.0) }, "-0.0"),
        (.double, nil, nil, { $0.append(1e300) }, "1e+300"),
        (.double, nil, nil, { $0.append(Double.nan) }, nil),
        (.double, nil, nil, { $0.append(-Double.infinity) }, nil),
        (.fixedLengthByteArray, .float16, 2, { append([0x00, 0x3e], to: $0) }, "1.5"),
        (.fixedLengthByteArray, .float16, 2, { append([0x00, 0x7e], to: $0) }, nil),
        (
            .fixedLengthByteArray, .uuid, 16, { append(Array(0..<16), to: $0) },
            "\"00010203-0405-0607-0809-0a0b0c0d0e0f\""
        ),
        (.boolean, nil, nil, { $0.append(true) }, "true"),
        (.byteArray, .string, nil, { $0.append("a\"\n\u{1}ü") }, #""a\"\n\u0001ü""#),
        (.byteArray, nil, nil, { $0.append("old") }, "\"old\""),
        (.byteArray, .enumeration, nil, { $0.append("one") }, "\"one\""),
        (.byteArray, .json, nil, { $0.append("{ \"a\": [1.0, null] }") }, "{\"a\":[1.0,null]}"),
        (
            .byteArray, .geometry(crs: nil), nil, { append([0, 0, 0, 0, 1] + Array(repeating: 0, count: 16), to: $0) },
            "{\"type\":\"Point\",\"coordinates\":[0,0]}"
        ),
    ]

    @Test("become JSON", arguments: cases.indices)
    func value(index: Int) throws {
        let column = Self.cases[index]
        let text = try item([
            SchemaNode(
                name: "x", repetition: .optional, kind: .primitive(column.type, typeLength: column.length),
                logicalType: column.logical)
        ]) { column.write($0[1]) }
        let member = column.json.map { ",\"x\":\($0)" } ?? ""
        #expect(text == Self.item(member))
    }

    @Test("maps are objects, whatever their keys")
    func map() throws {
        let entry = SchemaNode(
            name: "key_value", repetition: .repeated,
            kind: .group([
                SchemaNode(name: "key", repetition: .required, kind: .primitive(.int32, typeLength: nil)),
                SchemaNode(name: "value", repetition: .optional, kind: .primitive(.double, typeLength: nil)),
            ]))
        let text = try item([SchemaNode(name: "x", repetition: .optional, kind: .group([entry]), logicalType: .map)]) {
            leaves in
            leaves[1].append(Int32(1))
            leaves[1].append(Int32(2), repetitionLevel: 1)
            leaves[2].append(0.5)
            leaves[2].appendNull(definitionLevel: 2, repetitionLevel: 1)
        }
        #expect(text == Self.item(",\"x\":{\"1\":0.5,\"2\":null}"))
    }

    private static func item(_ member: String) -> String {
        "{\"type\":\"Feature\",\"id\":\"i\",\"geometry\":null,\"properties\":{\"datetime\":null\(member)},\"links\":[],\"assets\":{}}"
    }

    /// The text of the only Item in a file with these columns besides the id.
    private func item(_ nodes: [SchemaNode], _ write: ([LeafBuffer]) -> Void) throws -> String {
        let id = SchemaNode(
            name: "id", repetition: .required, kind: .primitive(.byteArray, typeLength: nil), logicalType: .string)
        let schema = FileSchema(children: [id] + nodes)
        let builder = try RowGroupBuilder(schema: schema, settings: WriterSettings())
        builder.leaves[0].append("i")
        write(builder.leaves)
        builder.endRow()
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema)
        try writer.append(builder.encode())
        try writer.finish(keyValues: [])
        let reader = try ItemFileReader(file: ParquetFile(MemoryByteSource(writer.sink.bytes)))
        return String(decoding: try reader.items(inRowGroup: 0)[0], as: UTF8.self)
    }
}

private func append(_ bytes: [UInt8], to leaf: LeafBuffer) {
    bytes.withUnsafeBytes { leaf.append($0) }
}
