/// Texts of Items that were read together, each with its source location.
///
/// A text is as in the file and may be invalid: the parser can name the file and line.
public struct ItemBatch: Sendable {
    public struct Item: Sendable, Hashable {
        /// Position in `texts`, without whitespace around.
        public let range: Range<Int>
        /// Line in the (decompressed) file on which the text begins, or row of a table, from 1.
        public let line: Int
        /// Index in `sources`.
        public let source: Int
    }

    /// An Item that was too large to be held.
    public struct Oversized: Sendable, Hashable {
        public let byteCount: Int
        public let line: Int
        /// Index in `sources`.
        public let source: Int
    }

    /// A row of a table that cannot be made an Item.
    public struct Rejected: Sendable, Hashable {
        public let reason: String
        /// The row, from 1.
        public let line: Int
        /// Index in `sources`.
        public let source: Int
    }

    /// The size of a batch: so many Items, or so many bytes of text.
    public static let defaultItemCount = 256
    public static let defaultByteCount = 4 << 20

    /// Paths of the files, or `standard input`.
    public internal(set) var sources: [String] = []
    /// The texts of all Items, one after the other.
    public internal(set) var texts: [UInt8] = []
    /// In the order of the files.
    public internal(set) var items: [Item] = []
    /// Items left out for their size.
    public internal(set) var oversized: [Oversized] = []
    /// Rows left out because of their content.
    public internal(set) var rejected: [Rejected] = []

    /// `file:line`, for messages.
    public func location(of item: Item) -> String { "\(sources[item.source]):\(item.line)" }

    public func location(of item: Oversized) -> String { "\(sources[item.source]):\(item.line)" }

    public func location(of row: Rejected) -> String { "\(sources[row.source]):\(row.line)" }

    /// The Items by a property of theirs, each group in a batch of its own, with the texts of its Items alone: groups that
    /// wait for more keep nothing else in memory. Oversized and rejected ones are left out.
    ///
    /// - Parameter key: Gets an Item and its text; `nil` leaves it out.
    public func grouped(by key: (Item, UnsafeRawBufferPointer) -> String?) -> [String: ItemBatch] {
        var groups: [String: ItemBatch] = [:]
        for item in items {
            withText(of: item) { text in
                guard let key = key(item, text) else { return }
                if groups[key] == nil {
                    groups[key] = ItemBatch()
                    groups[key]?.sources = sources
                }
                groups[key]?.append(text, of: item)
            }
        }
        return groups
    }

    private mutating func append(_ text: UnsafeRawBufferPointer, of item: Item) {
        let start = texts.count
        texts.append(contentsOf: text)
        items.append(Item(range: start..<texts.count, line: item.line, source: item.source))
    }

    /// The text of one Item, without a copy; valid inside `body`.
    public func withText<Result>(of item: Item, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try texts.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[item.range])) }
    }
}
