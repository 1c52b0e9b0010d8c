import Compression
import Testing

/// Hands out bytes in pieces of a given size, as a slow pipe does.
private final class PieceStream: ByteStream {
    let name = "pieces"
    private(set) var consumed = 0
    private let bytes: [UInt8]
    private let pieceSize: Int

    init(_ bytes: [UInt8], pieceSize: Int) {
        self.bytes = bytes
        self.pieceSize = pieceSize
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(pieceSize, buffer.count, bytes.count - consumed)
        buffer.copyBytes(from: bytes[consumed..<consumed + count])
        consumed += count
        return count
    }
}

@Suite("Byte streams") struct ByteStreamTests {
    static let content = Array((0..<40_000).map { "line \($0 &* 7919)\n" }.joined().utf8)

    static func packed(_ content: [UInt8], _ format: CompressionError.Format) throws -> [UInt8] {
        switch format {
        case .gzip: try gzip(content)
        case .zstd: try ZstdCompressor().compress(content)
        case .snappy, .lz4, .brotli: throw CompressionError(format, .failed("is not read as a stream"))
        }
    }

    static func read(_ bytes: [UInt8], pieceSize: Int = 1 << 16) throws -> [UInt8] {
        try decoded(PieceStream(bytes, pieceSize: pieceSize)).readToEnd()
    }

    @Test("plain bytes pass through", arguments: [0, 1, 3, 4, 5, 200_000], [1, 1000])
    func plain(count: Int, pieceSize: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try Self.read(bytes, pieceSize: pieceSize) == bytes)
    }

    @Test(
        "several members or frames are one content",
        arguments: [CompressionError.Format.gzip, .zstd], [(1, 1), (1, 1 << 16), (3, 7), (3, 1 << 16)])
    func parts(format: CompressionError.Format, partsAndPieceSize: (Int, Int)) throws {
        let (parts, pieceSize) = partsAndPieceSize
        let packed = try Self.packed(Self.content, format)
        let all = Array(repeatElement(packed, count: parts).joined())
        let stream = try decoded(PieceStream(all, pieceSize: pieceSize))
        #expect(try stream.readToEnd() == Array(repeatElement(Self.content, count: parts).joined()))
        #expect(stream.consumed == all.count)
    }

    @Test("empty content is no fault", arguments: [CompressionError.Format.gzip, .zstd])
    func empty(format: CompressionError.Format) throws {
        #expect(try Self.read(Self.packed([], format)).isEmpty)
    }

    @Test("a skippable frame may lead")
    func skippable() throws {
        let frame = try Self.packed(Array("x".utf8), .zstd)
        #expect(try Self.read([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9] + frame) == Array("x".utf8))
    }

    @Test("zero bytes after the last gzip member are padding, others a fault")
    func padding() throws {
        let packed = try gzip(Array("x".utf8))
        #expect(try Self.read(packed + [UInt8](repeating: 0, count: 600)) == Array("x".utf8))
        let error = try #require(throws: CompressionError.self) { _ = try Self.read(packed + [0, 0, 1, 2]) }
        #expect(error.offset == packed.count + 2)
        #expect("\(error)".hasPrefix("pieces: gzip at byte "), "\(error)")
    }

    @Test(
        "a cut input is reported as truncated, with the offset", arguments: [CompressionError.Format.gzip, .zstd],
        [1, 5, 10, 1_000])
    func truncated(format: CompressionError.Format, missing: Int) throws {
        let cut = try Array(Self.packed(Self.content, format).dropLast(missing))
        let error = try #require(throws: CompressionError.self) { _ = try Self.read(cut) }
        #expect(error == CompressionError(format, .truncated, source: "pieces", offset: cut.count))
    }

    @Test("a cut in the second part is noticed too", arguments: [CompressionError.Format.gzip, .zstd])
    func truncatedLater(format: CompressionError.Format) throws {
        let packed = try Self.packed(Self.content, format)
        for count in [2, 3, 9, 100] {
            let cut = packed + packed.prefix(count)
            let error = try #require(throws: CompressionError.self) { _ = try Self.read(cut) }
            #expect(error.reason == .truncated, "\(count): \(error)")
            #expect(error.offset == cut.count)
        }
    }

    @Test("damage is reported with its location", arguments: [CompressionError.Format.gzip, .zstd])
    func damaged(format: CompressionError.Format) throws {
        var packed = try Self.packed(Self.content, format)
        for position in packed.count / 2..<packed.count / 2 + 50 { packed[position] ^= 0xff }
        let error = try #require(throws: CompressionError.self) { _ = try Self.read(packed) }
        guard case .damaged = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(error.source == "pieces")
        #expect(try #require(error.offset) > 0)
    }

    @Test("a file that is not there, and a folder, are named")
    func noFile() throws {
        let missing = try #require(throws: FileStreamError.self) { try FileStream(path: "/no/such/file") }
        #expect("\(missing)" == "/no/such/file: cannot open: No such file or directory")
        let folder = try #require(throws: FileStreamError.self) { try FileStream(path: "/") }
        #expect("\(folder)" == "/: cannot read: Is a directory")
    }

    @Test("an encoder's parts make one member, readable after each flush")
    func encoder() throws {
        let encoder = try GzipEncoder(level: 1)
        var output: [UInt8] = []
        for start in stride(from: 0, to: Self.content.count, by: 10_000) {
            let part = Self.content[start..<min(start + 10_000, Self.content.count)]
            try part.withUnsafeBytes { try encoder.append($0, into: &output) }
        }
        try encoder.flush(into: &output)
        let error = try #require(throws: CompressionError.self) { _ = try Self.read(output) }
        #expect(error.reason == .truncated)
        try encoder.finish(into: &output)
        #expect(try Self.read(output) == Self.content)
        // And again, as a second member.
        try encoder.finish(into: &output)
        #expect(try Self.read(output) == Self.content)
    }

    @Test("unknown levels are rejected")
    func level() {
        #expect(throws: CompressionError.self) { try GzipEncoder(level: 10) }
    }
}
