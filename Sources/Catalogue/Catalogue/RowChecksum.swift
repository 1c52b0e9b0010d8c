import Checksum

/// The checksum that each row of a store has: of its table and all of its other columns, so that no changed bit of it goes
/// unnoticed, and no row passes for another one.
package enum RowChecksum {
    package enum Table: Int64 {
        case state, collection, collectionName, collectionChange, dictionary, item, key, removal, itemCount
    }

    /// - Parameters:
    ///   - numbers: The row's integers, in an order of the caller's own.
    ///   - bytes: Its texts and blobs.
    package static func of(
        _ table: Table, _ numbers: (Int64, Int64, Int64, Int64),
        _ bytes: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        _ more: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    ) -> Int64 {
        let words = (
            table.rawValue.littleEndian, numbers.0.littleEndian, numbers.1.littleEndian, numbers.2.littleEndian,
            numbers.3.littleEndian, XXHash64.hash(bytes).littleEndian, XXHash64.hash(more).littleEndian
        )
        return withUnsafeBytes(of: words) { Int64(bitPattern: XXHash64.hash($0)) }
    }

    package static func key(_ collection: CollectionNumber, _ sequence: SequenceNumber, _ id: UnsafeRawBufferPointer)
        -> Int64
    {
        of(.key, (collection, sequence, 0, 0), id)
    }

    package static func item(_ sequence: SequenceNumber, _ collection: CollectionNumber, _ body: StoredBody) -> Int64 {
        of(.item, (sequence, collection, body.dictionary, Int64(body.linksOffset)), body.frame)
    }

    package static func removal(
        _ sequence: SequenceNumber, _ collection: CollectionNumber, _ removed: SequenceNumber, _ replaced: Int64
    ) -> Int64 {
        of(.removal, (sequence, collection, removed, replaced))
    }

    package static func dictionary(
        _ number: Int64, _ collection: CollectionNumber, _ bytes: UnsafeRawBufferPointer
    ) -> Int64 {
        of(.dictionary, (number, collection, 0, 0), bytes)
    }

    /// - Parameter body: `nil`: the collection's removal.
    package static func collectionChange(
        _ sequence: SequenceNumber, _ number: CollectionNumber, _ id: UnsafeRawBufferPointer,
        _ body: UnsafeRawBufferPointer?
    ) -> Int64 {
        of(.collectionChange, (sequence, number, body == nil ? 1 : 0, 0), id, body ?? .init(start: nil, count: 0))
    }

    /// What a collection adds to the checksum over the numbers and ids of all, which are combined by XOR.
    package static func collectionName(_ number: CollectionNumber, _ id: UnsafeRawBufferPointer) -> Int64 {
        of(.collectionName, (number, 0, 0, 0), id)
    }
}
