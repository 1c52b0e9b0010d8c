import Compression
import ItemInput

/// The Items of a load in the order of the files, and where a file breaks off.
final class LoadSource {
    enum Piece: Sendable {
        case batch(ItemBatch)
        /// The rest of a file cannot be read.
        case fault(LoadReject)

        /// Bytes of text that it holds in memory.
        var byteCount: Int {
            if case .batch(let batch) = self { batch.texts.count } else { 0 }
        }
    }

    private let reader: ItemReader
    /// Read ahead, the first piece last.
    private var ahead: [Piece] = []

    init(_ reader: ItemReader) {
        self.reader = reader
    }

    /// Bytes of the files taken so far, as stored.
    var progress: (consumed: Int, total: Int?) { reader.progress }

    func next() -> Piece? { ahead.popLast() ?? read() }

    /// The first pieces, which stay to be taken.
    func lookAhead(pieces maximumCount: Int, bytes maximumBytes: Int) -> [Piece] {
        var pieces: [Piece] = []
        var byteCount = 0
        while pieces.count < maximumCount, byteCount < maximumBytes, let piece = read() {
            pieces.append(piece)
            byteCount += piece.byteCount
        }
        ahead = pieces.reversed()
        return pieces
    }

    private func read() -> Piece? {
        do {
            return try reader.nextBatch().map { .batch($0) }
        } catch {
            // The file ends here for us; the reader goes on with the next one.
            return .fault(LoadReject(endOf: error))
        }
    }
}

extension LoadReject {
    /// What is left out of a file after an error.
    fileprivate init(endOf error: any Error) {
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
