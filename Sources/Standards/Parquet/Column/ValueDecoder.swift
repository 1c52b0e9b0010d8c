/// Collects the values of a column, page by page, in any encoding that its type can have.
protocol ValueDecoder: AnyObject {
    /// Makes room for so many values, so that they need not be moved when more come.
    func reserve(_ count: Int)

    /// Takes the column's dictionary, in PLAIN encoding.
    func setDictionary(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError)

    /// Appends the `count` values of a page, without nulls.
    func append(_ bytes: UnsafeRawBufferPointer, count: Int, _ encoding: Encoding) throws(ParquetError)

    /// All that has been appended. The decoder must not be used again.
    func finish() -> ColumnValues.Storage
}

extension SchemaLeaf {
    func makeValueDecoder(_ limits: ReaderLimits, keepsDictionary: Bool) throws(ParquetError) -> any ValueDecoder {
        switch physicalType {
        case .boolean: return BooleanDecoder()
        case .int32: return FixedWidthDecoder<Int32>(deltas: DeltaBinaryPacked.decodeInt32) { .int32($0) }
        case .int64: return FixedWidthDecoder<Int64>(deltas: DeltaBinaryPacked.decodeInt64) { .int64($0) }
        case .float: return FixedWidthDecoder<Float>(deltas: nil) { .float($0) }
        case .double: return FixedWidthDecoder<Double>(deltas: nil) { .double($0) }
        case .byteArray: return ByteArrayDecoder(byteCountLimit: limits.readByteCount, keepsDictionary: keepsDictionary)
        case .int96: return FixedLengthDecoder(length: 12, byteCountLimit: limits.readByteCount)
        case .fixedLengthByteArray:
            return FixedLengthDecoder(length: typeLength ?? 0, byteCountLimit: limits.readByteCount)
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// Appends `count` elements, all of which `body` has to write; none when it throws.
    mutating func append(
        count: Int, _ body: (UnsafeMutableBufferPointer<Element>) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        // Twice as much at a time: a column has hundreds of pages.
        if self.count + count > capacity { reserveCapacity(Swift.max(self.count + count, 2 * capacity)) }
        var result: Result<Void, ParquetError> = .success(())
        append(addingCapacity: count) { span in
            span.withUnsafeMutableBufferPointer { buffer, initializedCount in
                let free = UnsafeMutableBufferPointer(rebasing: buffer[initializedCount..<initializedCount + count])
                result = Result { () throws(ParquetError) in try body(free) }
                if case .success = result { initializedCount += count }
            }
        }
        try result.get()
    }
}
