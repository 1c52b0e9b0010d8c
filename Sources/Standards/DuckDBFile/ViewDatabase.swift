/// A DuckDB database that holds nothing but views over Parquet files, made without DuckDB.
///
/// DuckDB 1.0 and later open its file, for reading and for writing. See `DuckDBView.columns` for the requirements of
/// versions before 1.5 need.
public struct ViewDatabase: Sendable, Hashable {
    public let views: [DuckDBView]

    private static let catalogueByteLimit =
        (MetadataBlocks.blockLimit * MetadataBlocks.partsInBlock - 1) * MetadataBlocks.contentByteCount

    /// - Throws: `DuckDBFileError` for names that are not unique, and names, paths or types that cannot be.
    public init(_ views: [DuckDBView]) throws(DuckDBFileError) {
        var names: Set<String> = []
        for view in views {
            try view.validate()
            // As DuckDB does it: ASCII only.
            let folded = String(
                decoding: view.name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
            guard names.insert(folded).inserted else { throw .nameTaken(view.name) }
        }
        self.views = views
    }

    /// The content of the file: 274,432 bytes for up to some 600 views without columns.
    ///
    /// - Throws: `DuckDBFileError.tooLarge` for more than 64 MB of views.
    public func bytes() throws(DuckDBFileError) -> [UInt8] {
        var writer = ObjectWriter()
        writer.catalogue(views)
        guard writer.bytes.count <= Self.catalogueByteLimit else { throw .tooLarge(limit: Self.catalogueByteLimit) }
        var metadata = MetadataBlocks()
        let catalogue = metadata.append(writer.bytes)
        let freeList = metadata.appendFreeList()
        let blocks = metadata.blocks
        // Of the two last headers DuckDB takes the one with the higher number, and writes the other one next.
        let headers = [
            mainHeader,
            header(number: 1, catalogue: catalogue, freeList: freeList, blockCount: blocks.count),
            header(number: 0, catalogue: MetadataBlocks.nowhere, freeList: MetadataBlocks.nowhere, blockCount: 0),
        ]
        return headers.flatMap { $0.padded(to: MetadataBlocks.headerByteCount - 8).withChecksum } + blocks.joined()
    }

    private var mainHeader: [UInt8] {
        var header = Array("DUCK".utf8)
        header.appendLittleEndian(UInt64(64))
        // Four words of flags; none is set.
        header = header.padded(to: header.count + 32)
        // Who wrote it.
        return header + Array("terrabyte".utf8).padded(to: 32)
    }

    private func header(number: UInt64, catalogue: UInt64, freeList: UInt64, blockCount: Int) -> [UInt8] {
        var header: [UInt8] = []
        header.appendLittleEndian(number)
        header.appendLittleEndian(catalogue)
        header.appendLittleEndian(freeList)
        header.appendLittleEndian(UInt64(blockCount))
        header.appendLittleEndian(UInt64(MetadataBlocks.blockByteCount))
        // Rows in a vector.
        header.appendLittleEndian(UInt64(2_048))
        // Serialised as the oldest version that reads storage version 64 does it.
        header.appendLittleEndian(UInt64(1))
        return header
    }
}
