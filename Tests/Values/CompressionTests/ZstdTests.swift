import Compression
import Testing

@Suite("zstd frames") struct ZstdTests {
    /// Texts that look alike, as Items do.
    static func samples(_ count: Int) -> [[UInt8]] {
        (0..<count).map { index in
            let bands = (1...12).map {
                "\"B\($0)\":{\"href\":\"file:///dss/s2/\(index * 7919)/B\($0).tif\",\"roles\":[\"data\"]}"
            }
            return Array(
                "{\"type\":\"Feature\",\"id\":\"S2_\(index)\",\"assets\":{\(bands.joined(separator: ","))}}".utf8)
        }
    }

    @Test("come out as they went in", arguments: [0, 1, 100, 300_000])
    func roundTrip(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let frame = try ZstdCompressor().compress(content)
        #expect(frame.withUnsafeBytes { ZstdDecompressor.decompressedSize($0) } == count)
        #expect(try ZstdDecompressor().decompress(frame) == content)
    }

    @Test("a context serves many frames, appended one after the other")
    func reuse() throws {
        let compressor = try ZstdCompressor(level: 1)
        let decompressor = try ZstdDecompressor()
        var output: [UInt8] = []
        for sample in Self.samples(50) {
            let frame = try compressor.compress(sample)
            try frame.withUnsafeBytes { try decompressor.decompress($0, appendingTo: &output) }
        }
        #expect(output == Array(Self.samples(50).joined()))
    }

    @Test("a trained dictionary makes small frames, which need it")
    func dictionary() throws {
        let samples = Self.samples(2_000)
        let bytes = try ZstdDictionary.train(samples: samples, capacity: 16 * 1024)
        #expect(!bytes.isEmpty && bytes.count <= 16 * 1024)
        let dictionary = try ZstdDictionary(bytes)
        #expect(dictionary.id != 0)
        let compressor = try ZstdCompressor()
        let decompressor = try ZstdDecompressor()
        let plain = try compressor.compress(samples[7])
        let frame = try compressor.compress(samples[7], dictionary: dictionary)
        #expect(frame.count * 2 < plain.count)
        #expect(try decompressor.decompress(frame, dictionary: dictionary) == samples[7])
        let error = try #require(throws: CompressionError.self) { try decompressor.decompress(frame) }
        #expect("\(error)".contains("Dictionary mismatch"), "\(error)")
    }

    @Test("a dictionary cannot be trained on next to nothing, nor be empty")
    func noDictionary() {
        #expect(throws: CompressionError.self) { try ZstdDictionary.train(samples: [[1, 2, 3]]) }
        #expect(throws: CompressionError.self) { try ZstdDictionary([]) }
    }

    @Test("a cut frame is called truncated", arguments: [5, 20, 60])
    func truncated(missing: Int) throws {
        let frame = try ZstdCompressor().compress(Self.samples(1)[0])
        let error = try #require(throws: CompressionError.self) {
            try ZstdDecompressor().decompress(Array(frame.dropLast(missing)))
        }
        #expect(error.reason == .truncated, "\(error)")
    }

    @Test("bytes that are no frame are rejected")
    func noFrame() {
        #expect(throws: CompressionError(.zstd, .damaged("not a zstd frame"), offset: 0)) {
            try ZstdDecompressor().decompress(Array("{\"type\":\"Feature\"}".utf8))
        }
    }

    @Test("every flipped byte gives an error or other content, never a crash")
    func flipped() throws {
        let frame = try ZstdCompressor().compress(Self.samples(1)[0])
        let decompressor = try ZstdDecompressor(sizeLimit: 1 << 20)
        for position in frame.indices {
            var damaged = frame
            damaged[position] ^= 0x55
            _ = try? decompressor.decompress(damaged)
        }
    }

    @Test("an absurd content size is rejected without memory for it")
    func absurdSize() throws {
        // Header of one segment with an eight-byte size of 2^50, then an empty last block.
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0]
        #expect(throws: CompressionError(.zstd, .tooLarge(byteCount: 1 << 50, limit: 256 << 20), offset: 0)) {
            try ZstdDecompressor().decompress(frame)
        }
        let error = try #require(throws: CompressionError.self) {
            try ZstdDecompressor(sizeLimit: .max).decompress(frame)
        }
        #expect("\(error)".contains("in a frame of 16"), "\(error)")
    }

    @Test("content that does not fit the caller's buffer is rejected")
    func smallBuffer() throws {
        let frame = try ZstdCompressor().compress([UInt8](repeating: 7, count: 1_000))
        var buffer = [UInt8](repeating: 0, count: 999)
        #expect(throws: CompressionError(.zstd, .tooLarge(byteCount: 1_000, limit: 999), offset: 0)) {
            try frame.withUnsafeBytes { frame in
                try buffer.withUnsafeMutableBytes { try ZstdDecompressor().decompress(frame, into: $0) }
            }
        }
    }

    @Test("many threads share a dictionary")
    func concurrent() async throws {
        let samples = Self.samples(2_000)
        let dictionary = try ZstdDictionary(try ZstdDictionary.train(samples: samples, capacity: 8 * 1024))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for part in 0..<4 {
                group.addTask {
                    let compressor = try ZstdCompressor()
                    let decompressor = try ZstdDecompressor()
                    return try (part * 100..<part * 100 + 100).allSatisfy {
                        let frame = try compressor.compress(samples[$0], dictionary: dictionary)
                        return try decompressor.decompress(frame, dictionary: dictionary) == samples[$0]
                    }
                }
            }
            for try await isEqual in group { #expect(isEqual) }
        }
    }
}
