import Compression
import Testing

/// Formats of whole blocks in memory.
@Suite("Blocks") struct BlockTests {
    enum Codec: CaseIterable { case snappy, lz4, gzip }

    static func pack(_ content: [UInt8], _ codec: Codec) throws -> [UInt8] {
        var output: [UInt8] = [0xaa]
        try content.withUnsafeBytes { bytes in
            switch codec {
            case .snappy: try Snappy.compress(bytes, into: &output)
            case .lz4: try LZ4Block.compress(bytes, into: &output)
            case .gzip: output += try gzip(content)
            }
        }
        return Array(output.dropFirst())
    }

    static func unpack(_ block: [UInt8], _ codec: Codec, room: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: room)
        let count = try block.withUnsafeBytes { block in
            try output.withUnsafeMutableBytes { output in
                switch codec {
                case .snappy: try Snappy.decompress(block, into: output)
                case .lz4: try LZ4Block.decompress(block, into: output)
                case .gzip: try GzipDecompressor().decompress(block, into: output)
                }
            }
        }
        return Array(output.prefix(count))
    }

    @Test("give back what was packed", arguments: Codec.allCases, [0, 1, 15, 70_000])
    func roundTrip(codec: Codec, count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        #expect(try Self.unpack(Self.pack(content, codec), codec, room: count) == content)
        #expect(try Self.unpack(Self.pack(content, codec), codec, room: count + 10) == content)
    }

    @Test("reject content that does not fit, and blocks that are cut off", arguments: Codec.allCases)
    func rejects(codec: Codec) throws {
        let content = [UInt8](repeating: 7, count: 1000)
        let block = try Self.pack(content, codec)
        #expect(throws: CompressionError.self) { try Self.unpack(block, codec, room: 999) }
        for count in 0..<block.count {
            // LZ4 blocks do not know their length: one that is cut off between two sequences is a shorter block.
            let unpacked = try? Self.unpack(Array(block.prefix(count)), codec, room: 1000)
            #expect(codec == .lz4 ? unpacked != content : unpacked == nil)
        }
    }

    @Test("gzip members stand one after the other")
    func members() throws {
        let members = try gzip([1, 2, 3]) + gzip([4, 5])
        #expect(try Self.unpack(members, .gzip, room: 5) == [1, 2, 3, 4, 5])
    }

    @Test("LZ4 in Hadoop's framing is several blocks with their sizes")
    func hadoop() throws {
        var framed: [UInt8] = []
        for content: [UInt8] in [[1, 2, 3], Array(repeating: 9, count: 300)] {
            let block = try Self.pack(content, .lz4)
            for size in [content.count, block.count] {
                withUnsafeBytes(of: UInt32(size).bigEndian) { framed.append(contentsOf: $0) }
            }
            framed += block
        }
        var output = [UInt8](repeating: 0, count: 303)
        func unpack(_ framed: [UInt8]) -> Int? {
            framed.withUnsafeBytes { framed in
                output.withUnsafeMutableBytes { HadoopLZ4.decompress(framed, into: $0) }
            }
        }
        #expect(unpack(framed) == 303)
        #expect(output == [1, 2, 3] + Array(repeating: 9, count: 300))
        #expect(unpack(framed.dropLast()) == nil)
        #expect(unpack(try Self.pack(output, .lz4)) == nil)
    }

    @Test("brotli streams are unpacked, when they are whole and fit")
    func brotli() throws {
        // Packed by the brotli library 1.0.9.
        let stream: [UInt8] = [11, 10, 128] + Array("brotli, unpacked only".utf8) + [3]
        func unpack(_ stream: [UInt8], room: Int) throws -> String {
            var output = [UInt8](repeating: 0, count: room)
            let count = try stream.withUnsafeBytes { stream in
                try output.withUnsafeMutableBytes { try Brotli.decompress(stream, into: $0) }
            }
            return String(decoding: output.prefix(count), as: UTF8.self)
        }
        #expect(try unpack(stream, room: 30) == "brotli, unpacked only")
        #expect(throws: CompressionError.self) { try unpack(stream.dropLast(), room: 30) }
        #expect(throws: CompressionError.self) { try unpack(stream, room: 20) }
    }
}
