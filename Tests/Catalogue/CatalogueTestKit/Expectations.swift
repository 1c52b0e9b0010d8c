package import Catalogue
import Testing

/// What a caller's closure throws.
struct Abandoned: Error {}

@discardableResult
func expect(
    _ code: CatalogueError.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) -> CatalogueError? {
    let error = #expect(throws: CatalogueError.self, sourceLocation: location) { _ = try body() }
    #expect(error?.code == code, sourceLocation: location)
    return error
}

extension NewBody {
    package init(_ frame: [UInt8]) { self.init(frame: frame, dictionary: 0, linksOffset: 7) }
}

extension ItemStoreReader {
    /// The bodies that are there, by their position in `sequences`.
    package func bodies(_ sequences: [SequenceNumber]) throws -> [Int: [UInt8]] {
        var bodies: [Int: [UInt8]] = [:]
        try withBodies(sequences) { bodies[$0] = Array($1.frame) }
        return bodies
    }

    /// The ids and sequences of a collection's Items.
    func itemKeys(in collection: CollectionNumber) throws -> [ItemKey] {
        var keys: [ItemKey] = []
        try forEachItem(in: collection) { keys.append(ItemKey(id: $0, sequence: $1)) }
        return keys
    }
}

struct ItemKey: Equatable {
    let id: String
    let sequence: SequenceNumber
}

extension ItemStore {
    /// Writes a Collection in a transaction of its own.
    @discardableResult
    func putCollection(_ id: String, _ body: [UInt8] = []) throws -> CollectionNumber {
        try write { try $0.putCollection(id: id, body: body).number }
    }

    /// Writes an Item in a transaction of its own.
    package func insert(_ id: String, _ frame: [UInt8], in collection: CollectionNumber) throws -> SequenceNumber {
        try write { try $0.insert(id, NewBody(frame), in: collection) }
    }
}
