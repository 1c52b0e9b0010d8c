import Compression
import JSON
import STAC

extension CatalogueEngine {
    public func moveCollection(
        id: String, to newID: String, ifMatch: SequenceNumber?
    ) throws -> StoredCollection {
        let source = try requireCollection(id)
        let mover = try CollectionMover(newID, dictionary: latestDictionary(of: source.number), codec)
        // Most of the work, while others write.
        try mover.prepare(items(of: source), from: store)
        let moved = try store.write { transaction -> StoredCollection in
            guard let source = try transaction.collection(id: id) else { throw CatalogueError.noSuchCollection(id) }
            if let ifMatch, source.sequence != ifMatch {
                throw CatalogueError(.preconditionFailed, "The Collection \"\(id)\" has been changed in the meantime.")
            }
            guard !source.isDamaged else {
                throw CatalogueError(.storeDamaged, "The Collection \"\(id)\" is damaged and cannot be moved.")
            }
            guard try transaction.collection(id: newID) == nil else {
                throw CatalogueError(.collectionExists, "There is a Collection \"\(newID)\" already.")
            }
            var body = try JSONValue(parsing: source.body, by: .rfc8259).object ?? [:]
            body["id"] = .string(newID)
            let target = try transaction.putCollection(id: newID, body: JSONValue.object(body).serialized())
            // Nobody else writes now: what the store reads is what this transaction replaces.
            let items = try items(of: source)
            try mover.prepare(items, from: store)
            try mover.write(items, to: target.number, transaction)
            // Last, so that who follows the changes never lacks an Item.
            _ = try transaction.removeCollection(source.number)
            return target
        }
        publishWritten()
        return moved
    }

    /// Items of a Collection that can be moved: as many changes as an index takes in one step.
    public static let movedAtMost = 30_000

    private func items(of collection: StoredCollection) throws -> [(id: String, sequence: SequenceNumber)] {
        var items: [(id: String, sequence: SequenceNumber)] = []
        let damagedCount = try store.forEachItem(in: collection.number) { id, sequence in
            guard items.count < Self.movedAtMost else {
                throw CatalogueError(
                    .invalid,
                    "The Collection \"\(collection.id)\" has more than \(Self.movedAtMost) Items: create another one and load them there."
                )
            }
            items.append((id, sequence))
        }
        guard damagedCount == 0 else {
            throw CatalogueError(
                .storeDamaged, "The Collection \"\(collection.id)\" has damaged Items and cannot be moved.")
        }
        return items
    }
}

/// Items as they are to be in another Collection, by the sequences of their versions.
private final class CollectionMover {
    private let collection: String
    private let dictionary: (number: Int64, content: ZstdDictionary)?
    private let codec: BodyCodec
    private let compressor: ZstdCompressor
    private let reader = JSONReader(.rfc8259)
    private var bodies: [SequenceNumber: (frame: [UInt8], linksOffset: Int)] = [:]

    /// - Parameter dictionary: Of the Collection that they are in.
    init(_ collection: String, dictionary: (number: Int64, content: ZstdDictionary)?, _ codec: BodyCodec) throws {
        self.collection = collection
        self.dictionary = dictionary
        self.codec = codec
        compressor = try ZstdCompressor()
    }

    /// Reads those that are not prepared yet.
    func prepare(_ items: [(id: String, sequence: SequenceNumber)], from store: any ItemStore) throws {
        let missing = items.map(\.sequence).filter { bodies[$0] == nil }
        var texts: [(sequence: SequenceNumber, text: [UInt8])] = []
        for start in stride(from: 0, to: missing.count, by: Self.readAtOnce) {
            texts.removeAll(keepingCapacity: true)
            let sequences = Array(missing[start..<min(start + Self.readAtOnce, missing.count)])
            try codec.withUnpacker { unpacker in
                try store.withBodies(sequences) { texts.append((sequences[$0], try unpacker.text(of: $1))) }
            }
            for (sequence, text) in texts { bodies[sequence] = try body(of: text) }
        }
    }

    private func body(of text: [UInt8]) throws -> (frame: [UInt8], linksOffset: Int) {
        var stored: [UInt8] = []
        let form = try reader.read(text) {
            StoredItem(writing: $0, collectionID: collection, isMinified: true, into: &stored)
        }
        var frame: [UInt8] = []
        try stored.withUnsafeBytes { try compressor.compress($0, dictionary: dictionary?.content, into: &frame) }
        return (frame, form.linksOffset)
    }

    func write(
        _ items: [(id: String, sequence: SequenceNumber)], to number: CollectionNumber,
        _ transaction: any ItemStoreTransaction
    ) throws {
        var copied: Int64 = 0
        if let dictionary, !items.isEmpty, let bytes = try codec.bytes(ofDictionary: dictionary.number) {
            copied = try transaction.addDictionary(bytes, for: number)
        }
        for (id, sequence) in items {
            guard let body = bodies[sequence] else {
                throw CatalogueError(.storeDamaged, "The body of the Item \"\(id)\" is missing.", itemID: id)
            }
            let new = NewBody(frame: body.frame, dictionary: copied, linksOffset: body.linksOffset)
            _ = try transaction.insert(id, new, in: number)
        }
    }

    private static let readAtOnce = 256
}
