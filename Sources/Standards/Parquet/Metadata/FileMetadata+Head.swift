extension FileMetadata {
    /// A footer's fields other than its schema and row groups.
    ///
    /// In files whose writer puts the key-values first, as this library's does, it takes microseconds to read, however
    /// many row groups there are; in others the row groups are skipped.
    public struct Head: Hashable, Sendable {
        public var rowCount: Int
        public var keyValues: [KeyValue]
        /// `nil` when it stands behind the others.
        public var schema: FileSchema?

        /// - Parameter footer: A footer without its length and the magic bytes behind it; when the key-values stand
        ///   before the row groups it may end anywhere behind them.
        public init(footer: UnsafeRawBufferPointer) throws(ParquetError) {
            var reader = ThriftCompactReader(footer, .footer)
            var rowCount: Int?
            var keyValues: [KeyValue]?
            var fields = try reader.openStructure()
            while rowCount == nil || keyValues == nil, let field = try reader.next(&fields) {
                switch field.id {
                case 2: schema = try FileSchema(elements: try reader.structures(field))
                case 3: rowCount = Int(try reader.int64(field))
                case 5: keyValues = try reader.structures(field)
                case 8: throw .encrypted
                default: try reader.skip(field)
                }
            }
            guard let rowCount else { throw .missingField(.footer, "row count") }
            self.rowCount = rowCount
            self.keyValues = keyValues ?? []
        }

        /// Value of the first entry with `key`.
        public func value(forKey key: String) -> String? { keyValues.first { $0.key == key }?.value }
    }
}
