import Catalogue
import JSON
import Parallelism
import Parquet
import STACGeoParquet
import Synchronization

/// Writes one file of Items, row groups side by side on several cores.
struct ItemFile {
    let snapshot: CatalogueSnapshot
    let schema: ItemSchema
    let settings: WriterSettings
    /// Row groups that are assembled concurrently; each takes some 100 MB of memory.
    let threadCount: Int
    let isCancelled: @Sendable () -> Bool

    struct Outcome {
        /// Items that are not I-JSON are left out.
        var itemCount: Int
        var byteCount: Int
        var checksum: String
        var box: [Double]?
        /// Items that could not be read, and are not in the file.
        var damaged: [SequenceNumber] = []
    }

    /// - Parameters:
    ///   - groups: Sequences by row group.
    ///   - onRows: Called with the number of Items that have been written since the last call, from any thread.
    /// - Throws: `ItemRowBuilder.SchemaMismatch` when the schema is too narrow; nothing is left of the file then.
    func write(
        _ groups: [[SequenceNumber]], to path: String, keys: ItemFileKeys,
        onRows: @Sendable (Int) -> Void
    ) throws -> Outcome {
        let file = try ExportFile(path: path)
        let output = Output(try ParquetFileWriter(sink: file, schema: schema.fileSchema, settings: settings))
        let itemCount = Atomic(0)
        let damaged = Mutex<[SequenceNumber]>([])
        let builders = try Parallel.forEach(groups.count, width: threadCount) {
            try ItemRowBuilder(schema: schema, settings: settings)
        } body: { builder, index in
            if isCancelled() { throw CancellationError() }
            try snapshot.forEachItem(groups[index]) {
                try builder.append($0)
            } onDamage: { sequence in
                damaged.withLock { $0.append(sequence) }
            }
            itemCount.add(builder.rowCount, ordering: .relaxed)
            try output.put(builder.rowCount > 0 ? builder.encode() : nil, at: index)
            onRows(groups[index].count)
        }
        let box = builders.compactMap(\.box).reduce(nil as [Double]?) { box, other in
            guard let box else { return other }
            return [min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])]
        }
        var keys = keys
        keys.columnMetadata.box = box
        keys.columnMetadata.hasWideBoxes = builders.contains(where: \.hasWideBoxes)
        let byteCount = try output.finish(keys.keyValues)
        // Before the file gets its name: another node may be writing it by now.
        if isCancelled() { throw CancellationError() }
        try file.finish()
        let checksum = try FileChecksum.text(of: MappedByteSource(path: path))
        return Outcome(
            itemCount: itemCount.load(ordering: .relaxed), byteCount: byteCount, checksum: checksum, box: box,
            damaged: damaged.withLock { $0 })
    }
}

/// A file that threads put row groups into, which are written in their order.
private final class Output: Sendable {
    private struct State {
        var writer: ParquetFileWriter<ExportFile>
        var waiting: [Int: EncodedRowGroup?] = [:]
        var writtenCount = 0
    }

    private let state: Mutex<State>

    init(_ writer: consuming sending ParquetFileWriter<ExportFile>) {
        state = Mutex(State(writer: writer))
    }

    /// - Parameter group: `nil`: without rows.
    func put(_ group: EncodedRowGroup?, at index: Int) throws {
        try state.withLock { state in
            state.waiting[index] = .some(group)
            while let next = state.waiting.removeValue(forKey: state.writtenCount) {
                if let next { try state.writer.append(next) }
                state.writtenCount += 1
            }
        }
    }

    /// - Returns: The file's size.
    func finish(_ keyValues: [KeyValue]) throws -> Int {
        try state.withLock { state in
            try state.writer.finish(keyValues: keyValues)
            return state.writer.byteCount
        }
    }
}
