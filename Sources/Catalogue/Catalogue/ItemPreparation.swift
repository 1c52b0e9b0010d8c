import Compression
import JSON
import STAC
import SearchIndex

/// Reads, validates and compresses Items before they are written to a store: everything that needs no store. Use one
/// per thread.
final class ItemPreparation {
    struct Item {
        let id: String
        let body: NewBody
    }

    private let reader = JSONReader()
    private let validator: ItemValidator
    private let compressor: ZstdCompressor
    private let collection: String
    private let dictionary: (number: Int64, content: ZstdDictionary)?
    private var stored: [UInt8] = []
    /// The searchable part of the prepared Items, one row each.
    private var columns = ColumnBatch()

    /// - Parameter mayLackLinks: Whether Items without `links` are accepted, as ones with none.
    init(
        collection: String, dictionary: (number: Int64, content: ZstdDictionary)?, mayLackLinks: Bool = false
    ) throws {
        validator = ItemValidator(mayLackLinks: mayLackLinks)
        self.collection = collection
        self.dictionary = dictionary
        compressor = try ZstdCompressor()
    }

    /// - Throws: `JSONError`, `ValidationIssue` or `IndexingError` for an Item that cannot be accepted.
    func prepare(_ text: UnsafeRawBufferPointer) throws -> Item {
        try reader.read(text) { item in
            if let issue = validator.firstIssue(in: item) { throw issue }
            let id = item.member("id")?.string ?? ""
            try columns.append(item: item)
            stored.removeAll(keepingCapacity: true)
            let form = StoredItem(
                writing: item, collectionID: collection, isMinified: reader.whitespaceCount == 0, into: &stored)
            var frame: [UInt8] = []
            try stored.withUnsafeBytes { try compressor.compress($0, dictionary: dictionary?.content, into: &frame) }
            return Item(
                id: id,
                body: NewBody(frame: frame, dictionary: dictionary?.number ?? 0, linksOffset: form.linksOffset))
        }
    }

    /// Returns the searchable part of the Items prepared so far, one row each, and resets.
    func takeColumns() -> ColumnBatch {
        defer { columns = ColumnBatch() }
        return columns
    }

    /// The stored form of a valid Item: the training samples of dictionaries.
    func storedForm(_ text: UnsafeRawBufferPointer) throws -> [UInt8] {
        try reader.read(text) { item in
            if let issue = validator.firstIssue(in: item) { throw issue }
            var bytes: [UInt8] = []
            _ = StoredItem(
                writing: item, collectionID: collection, isMinified: reader.whitespaceCount == 0, into: &bytes)
            return bytes
        }
    }
}

/// The reason why an Item or Collection was rejected, for its author.
public struct InputFault: Sendable, Hashable, CustomStringConvertible {
    /// Such as `properties.datetime`; `nil` when the text is not even JSON.
    public let path: String?
    public let reason: String

    /// - Returns: `nil` for errors that are not the author's.
    init?(_ error: any Error) {
        switch error {
        case let error as JSONError: (path, reason) = (nil, error.description)
        case let error as ValidationIssue: (path, reason) = (error.path, error.reason)
        case let error as IndexingError: (path, reason) = (error.path, error.reason)
        default: return nil
        }
    }

    public var description: String { path.map { "\($0): \(reason)" } ?? reason }
}
