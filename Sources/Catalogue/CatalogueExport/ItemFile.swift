import Catalogue
import Dispatch
import JSON
import Parquet
import STACGeoParquet
import Synchronization

/// Writes one file of Items, row groups side by side on all processors.
struct ItemFile {
    let snapshot: CatalogueSnapshot
    let schema: ItemSchema
    let settings: WriterSettings
    /// Row groups that are put together at the same time; each takes some 100 MB of memory.
    let threadCount: Int
    let isCancelled: @Sendable () -> Bool

    struct Outcome {
        var byteCount: Int
        var checksum: String
        var box: [Double]?
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
        DispatchQueue.concurrentPerform(iterations: min(threadCount, max(1, groups.count))) { _ in
            output.attempt {
                let builder = try ItemRowBuilder(schema: schema, settings: settings)
                while let place = output.nextPlace(of: groups.count) {
                    if isCancelled() { throw CancellationError() }
                    try snapshot.forEachItem(groups[place]) { try builder.append($0) }
                    try output.put(builder.encode(), at: place)
                    onRows(groups[place].count)
                }
                output.extendBox(builder.box)
            }
        }
        let (box, byteCount) = try output.finish { box in
            var keys = keys
            keys.notes.box = box
            return keys.keyValues
        }
        try file.finish()
        let checksum = try FileChecksum.text(of: MappedByteSource(path: path))
        return Outcome(byteCount: byteCount, checksum: checksum, box: box)
    }
}

/// A file that threads put row groups into, which are written in their order.
private final class Output: Sendable {
    private struct State {
        var writer: ParquetFileWriter<ExportFile>
        var nextPlace = 0
        var waiting: [Int: EncodedRowGroup] = [:]
        var writtenCount = 0
        var box: [Double]?
        var failure: (any Error)?
    }

    private let state: Mutex<State>

    init(_ writer: consuming sending ParquetFileWriter<ExportFile>) {
        state = Mutex(State(writer: writer))
    }

    /// The place of the next row group to be put together; `nil` when there is none, or some thread has failed.
    func nextPlace(of count: Int) -> Int? {
        state.withLock { state in
            guard state.nextPlace < count, state.failure == nil else { return nil }
            state.nextPlace += 1
            return state.nextPlace - 1
        }
    }

    func put(_ group: EncodedRowGroup, at place: Int) throws {
        try state.withLock { state in
            state.waiting[place] = group
            while let next = state.waiting.removeValue(forKey: state.writtenCount) {
                try state.writer.append(next)
                state.writtenCount += 1
            }
        }
    }

    func extendBox(_ other: [Double]?) {
        guard let other else { return }
        state.withLock { state in
            guard let box = state.box else {
                state.box = other
                return
            }
            state.box = [
                min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]),
            ]
        }
    }

    /// Keeps the first failure for `finish`.
    func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
        }
    }

    func finish(_ keyValues: ([Double]?) -> [KeyValue]) throws -> (box: [Double]?, byteCount: Int) {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            try state.writer.finish(keyValues: keyValues(state.box))
            return (state.box, state.writer.byteCount)
        }
    }
}
