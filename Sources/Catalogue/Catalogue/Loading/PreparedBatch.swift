import ItemInput
import SearchIndex

/// A piece of a load's input, ready to be written.
struct PreparedBatch: Sendable {
    private(set) var items: [ItemPreparation.Item] = []
    /// `file:line` of each Item.
    private(set) var locations: [String] = []
    /// The searchable part, one row per Item.
    private(set) var columns = ColumnBatch()
    /// In the order of the file.
    private(set) var rejects: [LoadReject] = []
    /// Items found, valid or not.
    private(set) var readCount = 0
    var beyondPolesCount: Int { items.count(where: \.reachesBeyondPoles) }

    /// Approximate memory use in bytes.
    var byteCount: Int { items.reduce(columns.byteCount) { $0 + $1.body.frame.count } }

    init(fault: LoadReject) {
        rejects = [fault]
    }

    init(_ batch: ItemBatch, with preparation: ItemPreparation) throws {
        readCount = batch.items.count + batch.oversized.count + batch.rejected.count
        var faults: [(source: Int, line: Int, reject: LoadReject)] = []
        for item in batch.oversized {
            let reject = LoadReject(
                location: batch.location(of: item), path: nil, reason: "the Item has \(item.byteCount) bytes, too many")
            faults.append((item.source, item.line, reject))
        }
        for row in batch.rejected {
            let reject = LoadReject(location: batch.location(of: row), path: nil, reason: row.reason)
            faults.append((row.source, row.line, reject))
        }
        for item in batch.items {
            do {
                items.append(try batch.withText(of: item) { try preparation.prepare($0) })
                locations.append(batch.location(of: item))
            } catch {
                guard let fault = InputFault(error) else { throw error }
                let reject = LoadReject(location: batch.location(of: item), path: fault.path, reason: fault.reason)
                faults.append((item.source, item.line, reject))
            }
        }
        columns = preparation.takeColumns()
        rejects = faults.sorted { ($0.source, $0.line) < ($1.source, $1.line) }.map(\.reject)
    }
}
