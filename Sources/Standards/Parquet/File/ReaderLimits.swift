/// Limits on the content that a reader accepts. It throws beyond them, before it allocates memory.
public struct ReaderLimits: Hashable, Sendable {
    /// Size of a footer, in bytes.
    public var footerByteCount = 256 << 20
    /// Size of a page before and after compression, also of dictionaries, in bytes.
    public var pageByteCount = 512 << 20
    /// Values and nulls in one page or dictionary.
    public var pageValueCount = 1 << 26
    /// Values and nulls that one call returns.
    public var readValueCount = 1 << 28
    /// Size of all byte arrays that one call returns, in bytes; at most 4 GiB - 1.
    public var readByteCount = 2 << 30
    /// Size of a column index, an offset index or a Bloom filter, in bytes.
    public var indexByteCount = 128 << 20

    public init() {}
}
