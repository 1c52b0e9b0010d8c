import Catalogue
import Checksum

/// The checksum that each row has: of its table and all of its other columns, so that no changed bit of it goes
/// unnoticed, and no row passes for another one.
enum RowChecksum {
    enum Table: Int64 {
        case state, collection, collectionName, collectionChange, dictionary, item, key, removal
    }

    /// - Parameters:
    ///   - numbers: The row's integers, in an order of the caller's own.
    ///   - bytes: Its texts and blobs.
    static func of(
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

    static func key(_ collection: CollectionNumber, _ sequence: SequenceNumber, _ id: UnsafeRawBufferPointer) -> Int64 {
        of(.key, (collection, sequence, 0, 0), id)
    }

    static func item(_ sequence: SequenceNumber, _ collection: CollectionNumber, _ body: StoredBody) -> Int64 {
        of(.item, (sequence, collection, body.dictionary, Int64(body.linksOffset)), body.frame)
    }

    static func removal(
        _ sequence: SequenceNumber, _ collection: CollectionNumber, _ removed: SequenceNumber, _ replaced: Int64
    ) -> Int64 {
        of(.removal, (sequence, collection, removed, replaced))
    }

    static func dictionary(
        _ number: Int64, _ collection: CollectionNumber, _ bytes: UnsafeRawBufferPointer
    ) -> Int64 {
        of(.dictionary, (number, collection, 0, 0), bytes)
    }

    /// - Parameter body: `nil`: the collection's removal.
    static func collectionChange(
        _ sequence: SequenceNumber, _ number: CollectionNumber, _ id: UnsafeRawBufferPointer,
        _ body: UnsafeRawBufferPointer?
    ) -> Int64 {
        of(.collectionChange, (sequence, number, body == nil ? 1 : 0, 0), id, body ?? .init(start: nil, count: 0))
    }

    /// What a collection adds to `StoreState.collections`.
    static func collectionName(_ number: CollectionNumber, _ id: UnsafeRawBufferPointer) -> Int64 {
        of(.collectionName, (number, 0, 0, 0), id)
    }
}

extension Statement {
    /// Whether a row's checksum is the given one.
    ///
    /// - Parameter mayLack: Whether a row without one is accepted: it was written before there were checksums.
    func hasChecksum(_ expected: Int64, at column: Int32, mayLack: Bool = false) -> Bool {
        isNull(column) ? mayLack : integer(column) == expected
    }
}
