public import ItemInput
import JSON

extension CatalogueEngine {
    /// Loads each Item from files into the Collection that its member `collection` names; see `load(_:into:)`.
    ///
    /// Items are gathered by Collection, in memory, and loaded some ten thousand of one Collection at a time.
    ///
    /// - Parameters:
    ///   - creates: Called with the id of a Collection that does not exist; may create it.
    ///   - onReject: Called for each rejected Item, those of one Collection in the order of the files.
    /// - Returns: The sum over all Collections.
    public func loadByCollection(
        _ input: ItemInput, onConflict policy: ConflictPolicy = .replace, migrates: Bool = false,
        creates: (String) throws -> Void = { _ in }, onReject: (LoadReject) -> Void = { _ in },
        onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        let reader = input.makeReader()
        var pending = PendingItems()
        var known: [String: Bool] = [:]
        var report = LoadReport()

        func exists(_ id: String) throws -> Bool {
            if let isThere = known[id] { return isThere }
            if try collection(id: id) == nil { try creates(id) }
            let isThere = try collection(id: id) != nil
            known[id] = isThere
            return isThere
        }
        func reject(_ location: String, _ path: String?, _ reason: String) {
            report.read += 1
            report.rejected += 1
            onReject(LoadReject(location: location, path: path, reason: reason))
        }
        func load(_ id: String) async throws {
            let loaded = report
            let part = try await self.load(
                LoadSource(pending.take(id)), into: id, onConflict: policy, migrates: migrates, onReject: onReject,
                onProgress: { onProgress(loaded.adding($0, reader.progress)) })
            report = loaded.adding(part, reader.progress)
        }

        let parser = JSONReader()
        while true {
            let batch: ItemBatch
            do {
                guard let next = try reader.nextBatch() else { break }
                batch = next
            } catch {
                report.rejected += 1
                onReject(LoadReject(endOf: error))
                continue
            }
            for item in batch.oversized {
                reject(batch.location(of: item), nil, "the Item has \(item.byteCount) bytes, too many")
            }
            for row in batch.rejected { reject(batch.location(of: row), nil, row.reason) }
            var fault: (any Error)?
            let groups = batch.grouped { item, text in
                do {
                    guard let id = try parser.read(text, { $0.member("collection")?.string }) else {
                        reject(
                            batch.location(of: item), "collection", "must be present: it says where the Item belongs")
                        return nil
                    }
                    if try exists(id) { return id }
                    reject(batch.location(of: item), "collection", "there is no Collection \"\(id)\"")
                } catch {
                    guard let invalid = InputFault(error) else {
                        fault = error
                        return nil
                    }
                    reject(batch.location(of: item), invalid.path, invalid.reason)
                }
                return nil
            }
            if let fault { throw fault }
            for (id, items) in groups { pending.append(items, of: id) }
            while let full = pending.full { try await load(full) }
        }
        for id in pending.collections { try await load(id) }
        return report.adding(LoadReport(), reader.progress)
    }
}

/// Items that wait until there are many of a Collection.
private struct PendingItems {
    private struct Group {
        var batches: [ItemBatch] = []
        var itemCount = 0
        var byteCount = 0
    }

    private static let itemsAtOnce = 65_536
    private static let bytesInAll = 256 << 20

    private var groups: [String: Group] = [:]

    var collections: [String] { groups.keys.sorted() }

    mutating func append(_ batch: ItemBatch, of collection: String) {
        groups[collection, default: Group()].batches.append(batch)
        groups[collection]?.itemCount += batch.items.count
        groups[collection]?.byteCount += batch.items.reduce(0) { $0 + $1.range.count }
    }

    mutating func take(_ collection: String) -> [ItemBatch] { groups.removeValue(forKey: collection)?.batches ?? [] }

    /// A Collection whose Items are to be loaded now; `nil` as long as there is room.
    var full: String? {
        if let many = groups.first(where: { $0.value.itemCount >= Self.itemsAtOnce }) { return many.key }
        guard groups.values.reduce(0, { $0 + $1.byteCount }) >= Self.bytesInAll else { return nil }
        return groups.max { $0.value.byteCount < $1.value.byteCount }?.key
    }
}

extension LoadReport {
    /// The sum, with how far the input has been read.
    fileprivate func adding(_ other: LoadReport, _ progress: (consumed: Int, total: Int?)) -> LoadReport {
        var sum = self
        sum.read += other.read
        sum.created += other.created
        sum.replaced += other.replaced
        sum.unchanged += other.unchanged
        sum.skipped += other.skipped
        sum.rejected += other.rejected
        sum.beyondPoles += other.beyondPoles
        (sum.consumedBytes, sum.totalBytes) = progress
        return sum
    }
}
