extension CatalogueEngine {
    public func writeItems(
        _ items: [(id: String, json: [UInt8])], in collection: String, _ mode: WriteMode
    ) throws -> BulkReport {
        let owner = try requireCollection(collection)
        let preparation = try preparation(for: owner)
        var report = BulkReport()
        var prepared: [ItemPreparation.Item] = []
        for (id, json) in items {
            do {
                let item = try prepare(json, with: preparation)
                guard item.id.utf8.elementsEqual(id.utf8) else {
                    throw CatalogueError(.invalid, "id: is \"\(item.id)\", but the Item stands under \"\(id)\"")
                }
                try StoredID.withBytes(of: id) { _ in }
                prepared.append(item)
            } catch let error as CatalogueError where error.code == .invalid {
                report.rejects.append(.init(id: id, error: error))
            }
        }
        // The counts are those of the committed transaction.
        let counted = try store.write { transaction -> BulkReport in
            var report = report
            try transaction.anticipate(prepared.map(\.id), in: owner.number, reading: mode != .create)
            for item in prepared {
                let existing = try transaction.sequence(of: item.id, in: owner.number)
                switch (mode, existing) {
                case (.create, .some): report.rejects.append(.init(id: item.id, error: .itemExists(item.id)))
                case (.replace, nil): report.rejects.append(.init(id: item.id, error: .noSuchItem(item.id)))
                case (_, nil):
                    _ = try transaction.insert(item.id, item.body, in: owner.number)
                    report.created += 1
                case (_, let existing?) where try isUnchanged(existing, item.body, transaction): report.unchanged += 1
                case (_, let existing?):
                    _ = try transaction.replace(existing, item.id, item.body, in: owner.number)
                    report.replaced += 1
                }
            }
            return report
        }
        publishWritten()
        return counted
    }
}
