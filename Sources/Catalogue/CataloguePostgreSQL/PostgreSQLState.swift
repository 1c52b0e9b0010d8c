import Catalogue
import SQLDatabase

/// The only row of the table `catalogue_state`.
struct PostgreSQLState {
    /// Removals up to it have left no versions behind.
    var purged: SequenceNumber
    /// The checksums of the collections' numbers and ids, combined by XOR: tells when one is missing.
    var collections: Int64
    var identity: String

    static let columns = "purged, collections, identity, checksum"

    init(identity: String) {
        (purged, collections, self.identity) = (0, 0, identity)
    }

    /// - Parameter row: Has `columns` from `column` on.
    /// - Throws: `storeDamaged`.
    init(_ row: Row, at column: Int = 0) throws {
        purged = row.integer(column)
        collections = row.integer(column + 1)
        identity = row.text(column + 2)
        guard row.integer(column + 3) == checksum else { throw Self.damaged }
    }

    static let damaged = CatalogueError(
        .storeDamaged, "The catalogue's database is damaged: the row of the table catalogue_state is not right.")

    var checksum: Int64 {
        var identity = identity
        return identity.withUTF8 {
            RowChecksum.of(.state, (purged, collections, 0, 0), UnsafeRawBufferPointer($0))
        }
    }

    /// Replaces the row.
    var update: (sql: String, values: [DatabaseValue]) {
        (
            "UPDATE catalogue_state SET purged = ?, collections = ?, checksum = ? WHERE id = 1",
            [.integer(purged), .integer(collections), .integer(checksum)]
        )
    }

    /// Makes the row unless it is there.
    var insert: (sql: String, values: [DatabaseValue]) {
        (
            "INSERT INTO catalogue_state (id, purged, collections, identity, checksum) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [.integer(purged), .integer(collections), .text(identity), .integer(checksum)]
        )
    }
}

extension RowChecksum {
    /// Of a row of `catalogue_collections`.
    static func collection(_ number: CollectionNumber, _ sequence: SequenceNumber, _ id: String) -> Int64 {
        var id = id
        return id.withUTF8 { of(.collection, (number, sequence, 0, 0), UnsafeRawBufferPointer($0)) }
    }

    static func collectionName(_ number: CollectionNumber, _ id: String) -> Int64 {
        var id = id
        return id.withUTF8 { collectionName(number, UnsafeRawBufferPointer($0)) }
    }

    static func collectionChange(
        _ sequence: SequenceNumber, _ number: CollectionNumber, _ id: String, _ body: [UInt8]?
    ) -> Int64 {
        var id = id
        return id.withUTF8 { id in
            guard let body else { return collectionChange(sequence, number, UnsafeRawBufferPointer(id), nil) }
            return body.withUnsafeBytes { collectionChange(sequence, number, UnsafeRawBufferPointer(id), $0) }
        }
    }

    static func key(_ collection: CollectionNumber, _ sequence: SequenceNumber, _ id: String) -> Int64 {
        var id = id
        return id.withUTF8 { key(collection, sequence, UnsafeRawBufferPointer($0)) }
    }

    static func item(
        _ sequence: SequenceNumber, _ collection: CollectionNumber, _ frame: [UInt8], _ dictionary: Int64,
        _ linksOffset: Int
    ) -> Int64 {
        frame.withUnsafeBytes {
            item(sequence, collection, StoredBody(frame: $0, dictionary: dictionary, linksOffset: linksOffset))
        }
    }

    /// Of a row of `catalogue_item_counts`.
    ///
    /// - Parameter items: `nil`: unknown.
    static func itemCount(
        _ collection: CollectionNumber, _ sequence: SequenceNumber, _ items: Int64?, _ digest: Int64
    ) -> Int64 {
        of(.itemCount, (collection, sequence, items ?? -1, digest))
    }
}
