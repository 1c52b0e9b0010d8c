public import Catalogue

extension SQLiteItemStore {
    public func write<Result>(_ body: (any ItemStoreTransaction) throws -> Result) throws -> Result {
        try writer.write { try body($0) }
    }

    /// Works in many short transactions, between which others write. The next purge resumes an interrupted one.
    public func purge(through: SequenceNumber) throws {
        while try writer.write({ try $0.purgeRemovals(through: through) }) {}
        for collection in try writer.write({ try $0.removedCollections(through: through) }) {
            if let sequences = try writer.write({ try $0.sequences(of: collection) }) {
                for start in stride(
                    from: sequences.lowerBound, through: sequences.upperBound, by: SQLiteTransaction.purgeCount)
                {
                    let end = min(start + SequenceNumber(SQLiteTransaction.purgeCount) - 1, sequences.upperBound)
                    try writer.write { try $0.purgeItems(of: collection, with: start...end) }
                }
            }
            while try writer.write({ try $0.purgeKeys(of: collection) }) {}
            // Last, so that an interrupted purge is known to be unfinished.
            try writer.write { try $0.purgeCollection(collection) }
        }
        try writer.write { try $0.purgeCollectionPuts(through: through) }
    }
}
