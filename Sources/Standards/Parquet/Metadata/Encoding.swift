/// The encoding of a page's values or levels as bytes.
///
/// Source: [Encodings](https://parquet.apache.org/docs/file-format/data-pages/encodings/).
public enum Encoding: Int32, Hashable, Sendable, CaseIterable {
    case plain = 0
    /// Deprecated: means `rleDictionary` in data pages, and `plain` in dictionary pages.
    case plainDictionary = 2
    case rle = 3
    /// Deprecated: levels of old writers.
    case bitPacked = 4
    case deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, rleDictionary, byteStreamSplit
}
