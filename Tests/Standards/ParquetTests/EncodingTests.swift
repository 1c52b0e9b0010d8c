import TestKit
import Testing

@testable import Parquet

/// Examples from [Encodings](https://parquet.apache.org/docs/file-format/data-pages/encodings/), and seeded tests.
@Suite("Encodings") struct EncodingTests {
    static func unpack(_ bytes: [UInt8], width: Int, count: Int) -> [UInt64] {
        var values = [UInt64](repeating: 99, count: count)
        bytes.withUnsafeBytes { bytes in
            values.withUnsafeMutableBufferPointer { BitPacking.unpack(bytes, width: width, into: $0) }
        }
        return values
    }

    /// Bit by bit, the lowest first.
    static func pack(_ values: [UInt64], width: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BitPacking.byteCount(values.count, width: width))
        for (index, value) in values.enumerated() {
            for bit in 0..<width where value >> UInt64(bit) & 1 == 1 {
                bytes[(index * width + bit) >> 3] |= 1 << UInt8((index * width + bit) & 7)
            }
        }
        return bytes
    }

    @Test("0 to 7 in three bits each")
    func examplesOfBitPacking() {
        #expect(Self.unpack([0x88, 0xc6, 0xfa], width: 3, count: 8) == [0, 1, 2, 3, 4, 5, 6, 7])
        var levels = [UInt8](repeating: 0, count: 8)
        ([0x05, 0x39, 0x77] as [UInt8]).withUnsafeBytes { bytes in
            levels.withUnsafeMutableBufferPointer { BitPacking.unpackHighestFirst(bytes, width: 3, into: $0) }
        }
        #expect(levels == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test("bit-packed integers of every width, up to the last byte", arguments: 0...64)
    func widths(width: Int) {
        var random = SeededGenerator(seed: width)
        let mask = width == 64 ? UInt64.max : 1 << UInt64(width) - 1
        for count in [0, 1, 7, 8, 9, 31, 64, 100] {
            let values = (0..<count).map { _ in random.next() & mask }
            #expect(Self.unpack(Self.pack(values, width: width), width: width, count: count) == values)
        }
    }

    static func runs(_ bytes: [UInt8], width: Int, count: Int) throws -> [UInt32] {
        var values: [UInt32] = []
        try bytes.withUnsafeBytes { bytes in
            try values.append(count: count) { (output) throws(ParquetError) in
                try RunLength.decode(bytes, width: width, into: output, .levels)
            }
        }
        return values
    }

    @Test(
        "runs and bit-packed groups by turns",
        arguments: [
            ([0x0a, 0x03], 2, 5, [3, 3, 3, 3, 3]), ([0x03, 0x88, 0xc6, 0xfa], 3, 8, [0, 1, 2, 3, 4, 5, 6, 7]),
            ([0x04, 0x01, 0x03, 0x02, 0x04, 0x00], 1, 12, [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
            ([0x06, 0x39, 0x30], 16, 3, [12345, 12345, 12345]), ([0x06], 0, 3, [0, 0, 0]),
            // The last group is cut off behind its second value.
            ([0x03, 0x08], 3, 2, [0, 1]),
        ] as [([UInt8], Int, Int, [UInt32])])
    func runLength(bytes: [UInt8], width: Int, count: Int, expected: [UInt32]) throws {
        #expect(try Self.runs(bytes, width: width, count: count) == expected)
    }

    @Test(
        "runs that end too early, or are too wide, are errors",
        arguments: [
            ([], 1, 1), ([0x0a], 2, 5), ([0x08, 0x01], 1, 5), ([0x03, 0x88], 3, 8), ([0x02, 1, 1, 1, 1, 1], 40, 1),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 8, 4),
        ] as [([UInt8], Int, Int)])
    func damagedRuns(bytes: [UInt8], width: Int, count: Int) {
        #expect(throws: ParquetError.self) { try Self.runs(bytes, width: width, count: count) }
    }

    static func deltas(_ bytes: [UInt8], count: Int) throws -> [Int64] {
        var values: [Int64] = []
        try bytes.withUnsafeBytes { bytes in
            try values.append(count: count) { (output) throws(ParquetError) in
                _ = try DeltaBinaryPacked.decodeInt64(bytes, into: output)
            }
        }
        return values
    }

    @Test(
        "differences, in the standard's two examples, and with sums that wrap around",
        arguments: [
            ([8, 1, 5, 2, 2, 0], [1, 2, 3, 4, 5]), ([8, 1, 8, 14, 3, 2, 0xc0, 0x3f], [7, 5, 3, 1, 2, 3, 4, 5]),
            ([8, 1, 1, 1], [-1]), ([8, 1, 0, 0], []),
            (
                [8, 1, 2] + Array(repeating: 0xfe, count: 1) + Array(repeating: 0xff, count: 8) + [1, 2, 0],
                [Int64.max, Int64.min]
            ),
        ] as [([UInt8], [Int64])])
    func deltaBinaryPacked(bytes: [UInt8], expected: [Int64]) throws {
        #expect(try Self.deltas(bytes, count: expected.count) == expected)
    }

    @Test(
        "impossible blocks of differences are errors",
        arguments: [
            [0, 1, 2, 0], [8, 0, 2, 0], [8, 3, 2, 0], [8, 1, 3, 0], [8, 1, 2, 2, 2, 65, 0], [8, 1, 2, 2, 2, 8],
            [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 0],
        ] as [[UInt8]])
    func damagedDeltas(bytes: [UInt8]) {
        #expect(throws: ParquetError.self) { try Self.deltas(bytes, count: 2) }
    }

    @Test("bytes of three floats, split into streams")
    func byteStreamSplit() throws {
        let bytes: [UInt8] = [0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x11, 0x22, 0x33, 0xa3, 0xb4, 0xc5, 0xd6]
        let streams: [UInt8] = [0xaa, 0x00, 0xa3, 0xbb, 0x11, 0xb4, 0xcc, 0x22, 0xc5, 0xdd, 0x33, 0xd6]
        var output = [UInt8](repeating: 0, count: 12)
        try streams.withUnsafeBytes { streams in
            try output.withUnsafeMutableBytes { try ByteStreamSplit.decode(streams, width: 4, into: $0) }
        }
        #expect(output == bytes)
    }

    static func strings(_ bytes: [UInt8], count: Int, limit: Int = 1000, _ encoding: Encoding) throws -> [String] {
        let decoder = ByteArrayDecoder(byteCountLimit: limit, keepsDictionary: false)
        try bytes.withUnsafeBytes { try decoder.append($0, count: count, encoding) }
        guard case .byteArrays(let arrays) = decoder.finish() else { return [] }
        return (0..<arrays.count).map { arrays.string($0) }
    }

    /// Lengths 5, 5, 6, 6 of the standard's example as one block of differences, and then all bytes.
    @Test("strings behind their lengths")
    func deltaLength() throws {
        let lengths: [UInt8] = [8, 1, 4, 10, 0, 1, 0x02]
        #expect(
            try Self.strings(lengths + Array("HelloWorldFoobarABCDEF".utf8), count: 4, .deltaLengthByteArray)
                == ["Hello", "World", "Foobar", "ABCDEF"])
        #expect(throws: ParquetError.self) {
            try Self.strings(lengths + Array("HelloWorldFoobarABCDE".utf8), count: 4, .deltaLengthByteArray)
        }
        #expect(throws: ParquetError.tooLarge(.values, 22, limit: 21)) {
            try Self.strings(
                lengths + Array("HelloWorldFoobarABCDEF".utf8), count: 4, limit: 21, .deltaLengthByteArray)
        }
    }

    /// Prefixes 0, 2, 0, 3 and suffixes of 4, 2, 6, 5 bytes, as differences in three bits each.
    @Test("strings behind what they have in common with the one before")
    func deltaStrings() throws {
        let prefixes: [UInt8] = [8, 1, 4, 0, 3, 3] + Self.pack([4, 0, 5, 0, 0, 0, 0, 0], width: 3)
        let suffixes: [UInt8] = [8, 1, 4, 8, 3, 3] + Self.pack([0, 6, 1, 0, 0, 0, 0, 0], width: 3)
        let bytes = prefixes + suffixes + Array("axislebabbleyhood".utf8)
        #expect(try Self.strings(bytes, count: 4, .deltaByteArray) == ["axis", "axle", "babble", "babyhood"])
        let tooLong: [UInt8] = [8, 1, 4, 2, 3, 3] + Self.pack([4, 0, 5, 0, 0, 0, 0, 0], width: 3)
        #expect(throws: ParquetError.self) {
            try Self.strings(tooLong + suffixes + Array("axislebabbleyhood".utf8), count: 4, .deltaByteArray)
        }
    }

    @Test("plain strings; lengths beyond the page are errors")
    func plainStrings() throws {
        let bytes: [UInt8] = [2, 0, 0, 0, 0x61, 0x62, 0, 0, 0, 0, 1, 0, 0, 0, 0x63]
        #expect(try Self.strings(bytes, count: 3, .plain) == ["ab", "", "c"])
        #expect(throws: ParquetError.self) { try Self.strings(Array(bytes.dropLast()), count: 3, .plain) }
        #expect(throws: ParquetError.self) { try Self.strings([0xff, 0xff, 0xff, 0xff, 1], count: 1, .plain) }
    }
}
