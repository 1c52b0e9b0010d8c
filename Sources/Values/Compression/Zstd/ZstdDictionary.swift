import CZstd

/// A dictionary shared by many small frames, prepared once for packing and for unpacking.
///
/// `@unchecked Sendable`: both prepared forms are written in `init` only, and zstd reads them without locking.
///
/// Source: [zstd manual, bulk processing dictionary API](https://facebook.github.io/zstd/zstd_manual.html#Chapter10).
public final class ZstdDictionary: @unchecked Sendable {
    /// The dictionary as it is to be stored.
    public let bytes: [UInt8]
    /// The compression level of frames made with this dictionary.
    public let level: Int32
    let compression: OpaquePointer
    let decompression: OpaquePointer

    /// - Parameter bytes: A dictionary from `train`, or any bytes, which then serve as a common prefix.
    /// - Throws: `CompressionError` with `.invalidDictionary` when `bytes` are empty or a damaged dictionary.
    public init(_ bytes: [UInt8], level: Int32 = 3) throws(CompressionError) {
        guard !bytes.isEmpty else { throw CompressionError(.zstd, .invalidDictionary("it is empty")) }
        guard let compression = ZSTD_createCDict(bytes, bytes.count, level) else {
            throw CompressionError(.zstd, .invalidDictionary("damaged header or tables"))
        }
        guard let decompression = ZSTD_createDDict(bytes, bytes.count) else {
            ZSTD_freeCDict(compression)
            throw CompressionError(.zstd, .invalidDictionary("damaged header or tables"))
        }
        self.bytes = bytes
        self.level = level
        self.compression = compression
        self.decompression = decompression
    }

    deinit {
        ZSTD_freeCDict(compression)
        ZSTD_freeDDict(decompression)
    }

    /// Number that frames name their dictionary by; 0 for a dictionary of plain bytes.
    public var id: UInt32 { ZSTD_getDictID_fromDDict(decompression) }

    /// Makes a dictionary out of typical contents.
    ///
    /// - Parameters:
    ///   - samples: Contents laid end to end; a hundred times `capacity` in all is a good amount.
    ///   - sizes: Length of each sample in bytes, in order; they add up to `samples.count`.
    ///   - capacity: Largest size of the dictionary, in bytes.
    /// - Throws: `CompressionError` with `.invalidDictionary` when there are too few or too small samples.
    public static func train(
        samples: UnsafeRawBufferPointer, sizes: [Int], capacity: Int = 112 * 1024
    ) throws(CompressionError) -> [UInt8] {
        // Summed by subtraction from what is left, so that no sizes can overflow.
        var left = samples.count
        for size in sizes {
            precondition(size >= 0 && size <= left, "sample sizes exceed the samples")
            left -= size
        }
        guard let base = samples.baseAddress, sizes.count <= Int(UInt32.max) else {
            throw CompressionError(.zstd, .invalidDictionary("no samples"))
        }
        var failure: String?
        let dictionary = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let written = ZDICT_trainFromBuffer(buffer.baseAddress, capacity, base, sizes, UInt32(sizes.count))
            if ZDICT_isError(written) != 0 {
                failure = String(cString: ZDICT_getErrorName(written))
            } else {
                count = written
            }
        }
        if let failure { throw CompressionError(.zstd, .invalidDictionary(failure)) }
        return dictionary
    }

    public static func train(samples: [[UInt8]], capacity: Int = 112 * 1024) throws(CompressionError) -> [UInt8] {
        let joined = Array(samples.joined())
        let sizes = samples.map(\.count)
        let result = joined.withUnsafeBytes { bytes in
            Result { () throws(CompressionError) in try train(samples: bytes, sizes: sizes, capacity: capacity) }
        }
        return try result.get()
    }
}
