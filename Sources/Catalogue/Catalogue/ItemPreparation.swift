import Compression
import Geo
import JSON
import STAC
import SearchIndex

/// Reads, validates and compresses Items before they are written to a store: everything that needs no store. Use one
/// per thread.
final class ItemPreparation {
    struct Item {
        let id: String
        let body: NewBody
        /// Whether latitudes lie beyond a pole: searches take them for the pole's.
        let reachesBeyondPoles: Bool
    }

    private let reader = JSONReader()
    /// For texts that have been migrated; `nil`: none are.
    private let migratedReader: JSONReader?
    private let validator: ItemValidator
    private let compressor: ZstdCompressor
    private let collection: String
    private let dictionary: (number: Int64, content: ZstdDictionary)?
    private var stored: [UInt8] = []
    /// The searchable part of the prepared Items, one row each.
    private var columns = ColumnBatch()

    /// - Parameters:
    ///   - mayLackLinks: Whether Items without `links` are accepted, as ones with none.
    ///   - migrates: Whether Items of older versions of STAC are migrated (`STACMigration`).
    init(
        collection: String, dictionary: (number: Int64, content: ZstdDictionary)?, mayLackLinks: Bool = false,
        migrates: Bool = false
    ) throws {
        migratedReader = migrates ? JSONReader() : nil
        validator = ItemValidator(mayLackLinks: mayLackLinks)
        self.collection = collection
        self.dictionary = dictionary
        compressor = try ZstdCompressor()
    }

    /// - Throws: `JSONError`, `ValidationIssue` or `IndexingError` for an Item that cannot be accepted.
    func prepare(_ text: UnsafeRawBufferPointer) throws -> Item {
        try withValidItem(text) { item, isMinified in
            let id = item.member("id")?.string ?? ""
            try columns.append(item: item)
            stored.removeAll(keepingCapacity: true)
            let form = StoredItem(writing: item, collectionID: collection, isMinified: isMinified, into: &stored)
            var frame: [UInt8] = []
            try stored.withUnsafeBytes { try compressor.compress($0, dictionary: dictionary?.content, into: &frame) }
            return Item(
                id: id,
                body: NewBody(frame: frame, dictionary: dictionary?.number ?? 0, linksOffset: form.linksOffset),
                reachesBeyondPoles: columns.lastBox.map { reachesBeyondPoles(item, $0) } ?? false)
        }
    }

    /// Reads an Item, migrates it if that is wanted, and checks it.
    private func withValidItem<Result>(
        _ text: UnsafeRawBufferPointer, _ body: (JSONElement, _ isMinified: Bool) throws -> Result
    ) throws -> Result {
        try reader.read(text) { item in
            if let migratedReader, let migrated = item.value().object.flatMap({ STACMigration.migrated(item: $0) }) {
                return try migratedReader.read(JSONValue.object(migrated).serialized()) { item in
                    try check(item)
                    return try body(item, true)
                }
            }
            try check(item)
            return try body(item, reader.whitespaceCount == 0)
        }
    }

    /// - Throws: `ValidationIssue`, also for an Item of another Collection.
    private func check(_ item: JSONElement) throws(ValidationIssue) {
        if let issue = validator.firstIssue(in: item) { throw issue }
        guard let owner = item.member("collection")?.string, !owner.utf8.elementsEqual(collection.utf8) else { return }
        throw ValidationIssue(
            path: "collection", reason: "is \"\(owner)\", but the Item is to be written to \"\(collection)\"")
    }

    /// - Parameter box: Of the geometry; latitudes in it have been clamped.
    private func reachesBeyondPoles(_ item: JSONElement, _ box: PlanarBox) -> Bool {
        guard box.minY == -90 || box.maxY == 90 else { return false }
        func isBeyond(_ coordinates: JSONElement) -> Bool {
            var numbers = coordinates.elements
            guard let first = numbers.next() else { return false }
            if first.kind == .number { return abs(numbers.next()?.double ?? 0) > 90 }
            return coordinates.elements.contains(where: isBeyond)
        }
        guard let geometry = item.member("geometry") else { return false }
        let parts = geometry.member("geometries")?.elements.map { $0 } ?? [geometry]
        return parts.contains { $0.member("coordinates").map(isBeyond) ?? false }
    }

    /// Returns the searchable part of the Items prepared so far, one row each, and resets.
    func takeColumns() -> ColumnBatch {
        defer { columns = ColumnBatch() }
        return columns
    }

    /// The stored form of a valid Item: the training samples of dictionaries.
    func storedForm(_ text: UnsafeRawBufferPointer) throws -> [UInt8] {
        try withValidItem(text) { item, isMinified in
            var bytes: [UInt8] = []
            _ = StoredItem(writing: item, collectionID: collection, isMinified: isMinified, into: &bytes)
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
        case let error as JSONError: (path, reason) = (error.path, error.description(withPath: false))
        case let error as ValidationIssue: (path, reason) = (error.path, error.reason)
        case let error as IndexingError: (path, reason) = (error.path, error.reason)
        default: return nil
        }
    }

    public var description: String { path.map { "\($0): \(reason)" } ?? reason }
}
