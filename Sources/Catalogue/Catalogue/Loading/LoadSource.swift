import Compression
import ItemInput

/// The Items of a load in order, and the faults that end a file early.
final class LoadSource {
    enum Piece: Sendable {
        case batch(ItemBatch)
        /// The rest of a file cannot be read.
        case fault(LoadReject)

        /// Bytes of text that it buffers.
        var byteCount: Int {
            if case .batch(let batch) = self { batch.texts.count } else { 0 }
        }
    }

    private let read: () async throws -> Piece?
    private let readProgress: () -> (consumed: Int, total: Int?)
    /// Read ahead, the first piece last.
    private var ahead: [Piece] = []

    /// From files: an error ends its file, and the reader goes on with the next one.
    init(_ reader: ItemReader) {
        read = {
            do {
                return try reader.nextBatch().map { .batch($0) }
            } catch {
                return .fault(LoadReject(endOf: error))
            }
        }
        readProgress = { reader.progress }
    }

    /// Of batches that have been read already.
    init(_ batches: [ItemBatch]) {
        var rest = batches[...]
        read = { rest.popFirst().map { .batch($0) } }
        readProgress = { (0, nil) }
    }

    /// - Parameter name: Name of the Items' source, for messages.
    init(_ items: some Sequence<[UInt8]>, named name: String) {
        var iterator = items.makeIterator()
        var gatherer = ItemGatherer(source: name)
        read = {
            while let item = iterator.next() {
                if let batch = gatherer.append(item) { return .batch(batch) }
            }
            return gatherer.finish().map { .batch($0) }
        }
        readProgress = { (gatherer.byteCount, nil) }
    }

    /// An error of the Items' sequence ends the load.
    init<Items: AsyncSequence>(_ items: Items, named name: String) where Items.Element == [UInt8] {
        var iterator = items.makeAsyncIterator()
        var gatherer = ItemGatherer(source: name)
        read = {
            while let item = try await iterator.next() {
                if let batch = gatherer.append(item) { return .batch(batch) }
            }
            return gatherer.finish().map { .batch($0) }
        }
        readProgress = { (gatherer.byteCount, nil) }
    }

    /// Bytes read so far, of files as stored; `total` is `nil` if unknown.
    var progress: (consumed: Int, total: Int?) { readProgress() }

    func next() async throws -> Piece? {
        if let piece = ahead.popLast() { return piece }
        return try await read()
    }

    /// The first pieces, without consuming them.
    func lookAhead(pieces maximumCount: Int, bytes maximumBytes: Int) async throws -> [Piece] {
        var pieces: [Piece] = []
        var byteCount = 0
        while pieces.count < maximumCount, byteCount < maximumBytes, let piece = try await read() {
            pieces.append(piece)
            byteCount += piece.byteCount
        }
        ahead = pieces.reversed()
        return pieces
    }
}

extension LoadReject {
    /// The part of a file that is skipped after an error.
    init(endOf error: any Error) {
        let place: String
        let reason: String
        switch error {
        case let error as ItemInputError:
            place = error.source + (error.line.map { ":\($0)" } ?? "")
            reason = error.reason.description
        case let error as FileStreamError:
            place = error.path
            reason = String("\(error)".dropFirst(error.path.count + 2))
        case let error as CompressionError:
            place = error.source ?? error.format.rawValue
            reason = error.source.map { String("\(error)".dropFirst($0.count + 2)) } ?? "\(error)"
        default:
            place = "input"
            reason = "\(error)"
        }
        self.init(location: place, path: nil, reason: "\(reason); the rest of the file is left out")
    }
}
