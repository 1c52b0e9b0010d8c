import ItemSimulation
import Temporal

/// Synthetic Sentinel-2 Level-2A Items, any number of them, in order of time.
///
/// The same options give the same bytes. With one seed, a smaller set is part of every larger one.
///
/// ```swift
/// let stream = try ItemStream(.init(count: 100_000))
/// stream.write { chunk in file.write(chunk) }
/// ```
public struct ItemStream: Sendable {
    public struct Options: Sendable {
        /// At least 0; at most the size of the archive, some 40 million.
        public var count: Int
        public var seed: UInt64 = 1
        /// How many of the `count` Items to leave out: the Items of a run with this number as `count`.
        public var skip = 0
        /// Share of the Items that lie in Central Europe, above 0 and below 1, until all of them are included.
        ///
        /// `nil` has them complete with the first million.
        public var focusShare: Double?

        public init(count: Int, seed: UInt64 = 1, skip: Int = 0, focusShare: Double? = nil) {
            self.count = count
            self.seed = seed
            self.skip = skip
            self.focusShare = focusShare
        }
    }

    public enum Invalid: Error, Hashable, Sendable {
        case count(Int, maximum: Int)
        case skip(Int, count: Int)
        case focusShare(Double)
    }

    private let archive: Archive
    private let lower, upper: Archive.Limits

    /// - Complexity: Iterates over the whole archive twice for each bound: a few seconds.
    public init(_ options: Options) throws(Invalid) { try self.init(options, during: Timeline.period) }

    init(_ options: Options, during period: Range<Timestamp>) throws(Invalid) {
        if let share = options.focusShare, !(share > 0 && share < 1) { throw .focusShare(share) }
        guard (0...max(0, options.count)).contains(options.skip) else {
            throw .skip(options.skip, count: options.count)
        }
        let archive = Archive(seed: options.seed, focusShare: options.focusShare, during: period)
        guard (0...archive.count).contains(options.count) else {
            throw .count(options.count, maximum: archive.count)
        }
        self.archive = archive
        upper = archive.limits(of: options.count)
        lower = archive.limits(of: options.skip)
    }

    /// Hands out the Items as NDJSON: texts in UTF-8, each with a line feed at its end.
    ///
    /// - Parameters:
    ///   - chunkSize: In bytes, about; a chunk ends at the end of an Item.
    ///   - body: Must not store the bytes.
    public func write<Failure: Error>(
        chunkSize: Int = 1 << 20, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        var writer = ItemWriter(archive: archive, capacity: chunkSize + 65_536)
        try archive.forEachGranule(above: lower, upTo: upper) { (datatake, view, processing) throws(Failure) in
            writer.append(datatake, view, processing: processing)
            guard writer.text.bytes.count >= chunkSize else { return }
            try Self.hand(writer.text.bytes, to: body)
            writer.text.bytes.removeAll(keepingCapacity: true)
        }
        if !writer.text.bytes.isEmpty { try Self.hand(writer.text.bytes, to: body) }
    }

    private static func hand<Failure: Error>(
        _ bytes: [UInt8], to body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        // withUnsafeBytes does not pass a typed error through.
        var result: Result<Void, Failure> = .success(())
        bytes.withUnsafeBytes { buffer in
            do throws(Failure) {
                try body(buffer)
            } catch {
                result = .failure(error)
            }
        }
        try result.get()
    }
}
