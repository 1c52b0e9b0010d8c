import Catalogue
import Checksum
import JSON
import Parquet
import STACGeoParquet
import SearchIndex
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Brings one collection's folder to the state of a snapshot. Files of unchanged spans are reused.
struct CollectionExport {
    let snapshot: CatalogueSnapshot
    let collection: StoredCollection
    /// The Collection as users see it.
    let document: JSONValue
    let directory: CollectionDirectory
    let options: CatalogueExport.Options
    let onProgress: @Sendable (ExportProgress) -> Void

    struct Outcome {
        var manifest: CollectionManifest
        /// Files that were not there before.
        var writtenFiles = 0
        var writtenItems = 0
        /// Items that are not I-JSON and in no file.
        var leftOutItems = 0
        /// Items that are damaged and in no file.
        var damaged: [SequenceNumber] = []
    }

    func run() throws -> Outcome {
        let previous = directory.current.flatMap { CollectionManifest(directory: $0) }
            .flatMap {
                $0.storeID == snapshot.storeID && $0.id == collection.id && $0.layout == options.layout ? $0 : nil
            }
        let content = try spans(previous?.spanLength)
        var schema = previous?.schema
        // New files may need columns that do not exist yet.
        let changed = previous.map { changedSpans(content, $0) } ?? content.spans.map(\.key)
        if previous == nil || !changed.isEmpty {
            let sequences = try changed.flatMap { span in
                try snapshot.places(in: collection, from: span.first, before: span.end).map(\.sequence)
            }
            let discovered = try discover(SchemaDiscovery.sample(sequences))
            schema = schema.map { $0.union(discovered) } ?? discovered
        }
        var known = schema ?? ItemSchema(ItemShape(), assets: options.layout)
        do {
            return try write(content, known, previous)
        } catch is ItemRowBuilder.SchemaMismatch {
            // Schema mismatch of an Item outside the sample: now all Items are inspected.
            var sequences: [SequenceNumber] = []
            try snapshot.forEachTime(in: collection) { _, sequence in sequences.append(sequence) }
            known = known.union(try discover(sequences))
            return try write(content, known, previous)
        }
    }

    private func discover(_ sequences: [SequenceNumber]) throws -> ItemSchema {
        ItemSchema(
            try SchemaDiscovery(snapshot: snapshot, threadCount: options.threadCount).shape(of: sequences),
            assets: options.layout)
    }

    // MARK: Spans

    private struct Content {
        var length: SpanLength
        /// In the order of time.
        var spans: [(key: TimeSpan, content: SpanContent)]
    }

    private func spans(_ length: SpanLength?) throws -> Content {
        var days: [Int64: SpanContent] = [:]
        // Most Items are of the span of the one before.
        var last = TimeSpan(length: .day, first: 0, end: 0)
        var current = SpanContent()
        try snapshot.forEachTime(in: collection) { time, sequence in
            if time < last.first || time >= last.end {
                if current.count > 0 { days[last.first, default: SpanContent()].merge(current) }
                current = SpanContent()
                last = SpanLength.day.span(of: time)
            }
            current.add(sequence)
        }
        if current.count > 0 { days[last.first, default: SpanContent()].merge(current) }
        let length =
            length
            ?? SpanLength.bestFit(
                days.reduce(into: [:]) { $0[SpanLength.month.span(of: $1.key).first, default: 0] += $1.value.count })
        var spans: [TimeSpan: SpanContent] = [:]
        for (day, content) in days { spans[length.span(of: day), default: SpanContent()].merge(content) }
        return Content(length: length, spans: spans.sorted { $0.key.first < $1.key.first }.map { ($0.key, $0.value) })
    }

    /// The file's name identifies its content: the span, the versions of Items and the columns.
    private func name(_ span: (key: TimeSpan, content: SpanContent), _ schema: ItemSchema) -> String {
        "\(span.key.name)-\(span.content.fingerprint(salt(schema))).parquet"
    }

    private func salt(_ schema: ItemSchema) -> UInt64 {
        let text = Array(
            "\(CollectionManifest.format) \(options.zstdLevel) \(options.rowGroupRowCount) \(schema.json.jsonText)".utf8
        )
        return text.withUnsafeBytes { XXHash64.hash($0) }
    }

    private func changedSpans(_ content: Content, _ previous: CollectionManifest) -> [TimeSpan] {
        let names = Set(previous.files.map(\.name))
        return content.spans.filter { !names.contains(name($0, previous.schema)) }.map(\.key)
    }

    // MARK: Writing

    private func write(_ content: Content, _ schema: ItemSchema, _ previous: CollectionManifest?) throws -> Outcome {
        let names = content.spans.map { name($0, schema) }
        let old = Dictionary((previous?.files ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var manifest = CollectionManifest(
            id: collection.id, storeID: snapshot.storeID, sequence: snapshot.sequence,
            collectionSequence: collection.sequence, spanLength: content.length, layout: options.layout, schema: schema,
            files: [])
        let itemCount = content.spans.reduce(0) { $0 + $1.content.count }
        if let previous, names == previous.files.map(\.name), collection.sequence == previous.collectionSequence,
            directory.hasCurrentNames
        {
            manifest.files = previous.files
            return Outcome(manifest: manifest, leftOutItems: itemCount - manifest.itemCount)
        }
        try directory.prepareNext()
        var outcome = Outcome(manifest: manifest)
        let counter = Counter(total: itemCount, collection: collection.id, onProgress)
        for (span, name) in zip(content.spans, names) {
            let path = "\(directory.next)/\(name)"
            let file: CollectionManifest.File
            if let known = old[name], let current = directory.current {
                try Self.link("\(current)/\(name)", path)
                file = known
            } else if let whole = completeFile(path) {
                // Of an export that was cut short.
                file = whole
            } else {
                let (written, damaged) = try writeFile(span.key, path: path, name: name, schema, counter)
                outcome.damaged += damaged
                guard let written else { continue }
                file = written
                outcome.writtenFiles += 1
                outcome.writtenItems += file.itemCount
            }
            outcome.manifest.files.append(file)
            counter.done(outcome.manifest.itemCount)
        }
        let written = Set(outcome.manifest.files.map(\.name))
        for other in CatalogueDirectory.names(in: directory.next) where !written.contains(other) {
            unlink("\(directory.next)/\(other)")
        }
        try ExportFile.write(
            document.serialized(pretty: true), to: "\(directory.next)/\(CollectionDirectory.collectionName)")
        try ExportFile.write(
            outcome.manifest.json.serialized(pretty: true), to: "\(directory.next)/\(CollectionDirectory.manifestName)")
        try directory.publish(snapshot.sequence, willPublish: options.willPublish)
        outcome.leftOutItems = itemCount - outcome.manifest.itemCount - outcome.damaged.count
        return outcome
    }

    /// - Returns: The file, unless all of its Items are damaged; and those that are.
    private func writeFile(
        _ span: TimeSpan, path: String, name: String, _ schema: ItemSchema, _ counter: Counter
    ) throws -> (CollectionManifest.File?, damaged: [SequenceNumber]) {
        let places = try snapshot.places(in: collection, from: span.first, before: span.end)
        let groups = RowGroupLayout(rowCount: options.rowGroupRowCount).groups(places, in: span)
        var keys = ItemFileKeys(schema)
        let times = (places.map(\.time).min() ?? span.first)...(places.map(\.time).max() ?? span.first)
        keys.columnMetadata.itemTimes = times
        keys.collection = (collection.id, document)
        let writer = ItemFile(
            snapshot: snapshot, schema: schema, settings: .items(schema, zstdLevel: options.zstdLevel),
            threadCount: options.threadCount, isCancelled: options.isCancelled)
        let written = try writer.write(groups, to: path, keys: keys) { counter.add($0) }
        var name = name
        if !written.damaged.isEmpty {
            // Its name says what is in it, so that the next run does not take it for complete.
            let damaged = Set(written.damaged)
            var content = SpanContent()
            for place in places where !damaged.contains(place.sequence) { content.add(place.sequence) }
            guard content.count > 0 else {
                unlink(path)
                return (nil, written.damaged)
            }
            name = self.name((span, content), schema)
            let renamed = "\(directory.next)/\(name)"
            guard rename(path, renamed) == 0 else { throw ExportError("rename", path) }
        }
        let file = CollectionManifest.File(
            name: name, itemCount: written.itemCount, byteCount: written.byteCount,
            checksum: written.checksum, times: times, box: written.box)
        return (file, written.damaged)
    }

    /// A file that has its name is whole.
    private func completeFile(_ path: String) -> CollectionManifest.File? {
        guard access(path, F_OK) == 0, let source = try? MappedByteSource(path: path),
            let head = try? ParquetFile.head(of: source),
            let columnMetadata = head.keyValues.first(where: { $0.key == ColumnMetadata.key })?.value
                .flatMap({ try? JSONValue(parsing: $0) }).flatMap({ ColumnMetadata($0) }),
            let times = columnMetadata.itemTimes,
            let checksum = try? FileChecksum.text(of: source)
        else { return nil }
        return CollectionManifest.File(
            name: path.split(separator: "/").last.map(String.init) ?? "", itemCount: head.rowCount,
            byteCount: source.byteCount, checksum: checksum,
            times: times, box: columnMetadata.box)
    }

    private static func link(_ source: String, _ target: String) throws {
        unlink(target)
        let result = Self.systemLink(source, target)
        guard result == 0 else { throw ExportError("link", target) }
    }

    private static func systemLink(_ source: String, _ target: String) -> Int32 {
        #if canImport(Glibc)
            Glibc.link(source, target)
        #else
            Darwin.link(source, target)
        #endif
    }
}

/// Counts written Items, for progress reports.
private final class Counter: Sendable {
    private let total: Int
    private let collection: String
    private let onProgress: @Sendable (ExportProgress) -> Void
    private let count = Mutex(0)

    init(total: Int, collection: String, _ onProgress: @escaping @Sendable (ExportProgress) -> Void) {
        self.total = total
        self.collection = collection
        self.onProgress = onProgress
    }

    func add(_ items: Int) {
        let now = count.withLock { count in
            count += items
            return count
        }
        report(now)
    }

    /// All files so far, reused ones included.
    func done(_ items: Int) {
        count.withLock { $0 = items }
        report(items)
    }

    private func report(_ now: Int) {
        onProgress(ExportProgress(collection: collection, itemCount: now, totalItemCount: total))
    }
}
