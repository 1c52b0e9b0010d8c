/// Makes batches of Items' texts from any sequence, as `ItemReader` does from files.
public struct ItemGatherer {
    private let source: String
    private let itemSizeLimit: Int
    private var builder: BatchBuilder
    private var takenCount = 0
    /// Bytes of all texts so far.
    public private(set) var byteCount = 0

    /// - Parameters:
    ///   - source: The name of the Items' source in messages.
    ///   - itemSizeLimit: Largest accepted text of an Item, in bytes; larger ones are rejected one by one.
    public init(source: String, itemSizeLimit: Int = ItemInput.defaultItemSizeLimit) {
        self.source = source
        self.itemSizeLimit = itemSizeLimit
        builder = Self.emptyBuilder(source, itemSizeLimit)
    }

    /// Takes an Item's text.
    ///
    /// - Returns: The batch that it has filled.
    public mutating func append(_ text: [UInt8]) -> ItemBatch? {
        takenCount += 1
        byteCount += text.count
        if text.allSatisfy(isWhitespace) {
            builder.reject(line: takenCount, "the text is empty")
        } else {
            builder.open(line: takenCount)
            text.withUnsafeBytes { builder.append($0) }
            builder.close()
        }
        return builder.isFull ? takeBatch() : nil
    }

    /// The Items that fill no batch; `nil`: there are none.
    public mutating func finish() -> ItemBatch? { builder.isEmpty ? nil : takeBatch() }

    private mutating func takeBatch() -> ItemBatch {
        defer { builder = Self.emptyBuilder(source, itemSizeLimit) }
        return builder.batch
    }

    private static func emptyBuilder(_ source: String, _ itemSizeLimit: Int) -> BatchBuilder {
        var builder = BatchBuilder(
            maximumItems: ItemBatch.defaultItemCount, maximumBytes: ItemBatch.defaultByteCount,
            itemSizeLimit: itemSizeLimit)
        builder.from(source)
        return builder
    }
}
