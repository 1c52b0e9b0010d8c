/// The source of a file's bytes: a disk, memory, an object store.
public protocol ByteSource: Sendable {
    /// Size of the file.
    var byteCount: Int { get }

    /// Hands out the bytes of all `ranges` at once, in their order, for as long as `body` runs.
    ///
    /// All that a reader needs next comes in one call: a source for which a request is expensive can join ranges that
    /// lie close together, and fetch the others side by side.
    ///
    /// - Parameter ranges: Of bytes from the start of the file, ascending, not overlapping.
    /// - Throws: `ParquetError.inputOutput`; `.truncated` for a range beyond the end; errors of `body`.
    func withBytes<Result>(
        in ranges: [Range<Int>], _ body: ([UnsafeRawBufferPointer]) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result
}

extension ByteSource {
    public func withBytes<Result>(
        in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try withBytes(in: [range]) { (parts) throws(ParquetError) in try body(parts[0]) }
    }

    /// - Throws: `ParquetError.truncated` when a range is not within the file.
    func check(_ ranges: [Range<Int>]) throws(ParquetError) {
        for range in ranges where range.lowerBound < 0 || range.upperBound > byteCount {
            throw .truncated(.page, needed: range.upperBound, available: byteCount)
        }
    }
}
