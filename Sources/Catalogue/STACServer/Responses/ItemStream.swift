import Catalogue
import Compression
import HTTPEdge
import NIOCore
import STACAPI
import Synchronization

/// All Items of a search, one to a line, page by page: only one page is in memory, and others take their turns between
/// two.
///
/// Source: [NDJSON](https://github.com/ndjson/ndjson-spec).
final class ItemStream: ResponseStream {
    private let pageSize: Int

    private struct State {
        var request: SearchRequest
        /// Items still to be sent.
        var remaining: Int
        var writer: ItemWriter
        /// `nil`: not compressed.
        var encoder: GzipEncoder?
        /// The first page, made before the stream starts.
        var first: ByteBuffer?
        var hasEnded = false
    }

    private let state: Mutex<State>
    private let search: @Sendable (SearchRequest, Cancellation) throws -> SearchPage

    /// Makes the first page, so that errors of the search become an error response.
    ///
    /// - Parameters:
    ///   - limit: Items at most.
    ///   - pageSize: Items that are in memory at once; 256 usual ones are some 4 MB.
    ///   - search: Finds a page.
    init(
        _ request: SearchRequest, limit: Int, _ writer: ItemWriter, isCompressed: Bool, pageSize: Int = 256,
        _ cancellation: Cancellation, search: @escaping @Sendable (SearchRequest, Cancellation) throws -> SearchPage
    ) throws {
        self.search = search
        self.pageSize = pageSize
        state = Mutex(
            State(
                request: request, remaining: limit, writer: writer,
                encoder: isCompressed ? try GzipEncoder(level: 1) : nil))
        try state.withLock { state in state.first = try page(&state, cancellation) }
    }

    func next(_ cancellation: Cancellation) throws -> ByteBuffer? {
        try state.withLock { state in
            if let first = state.first.take() { return first }
            return try page(&state, cancellation)
        }
    }

    private func page(_ state: inout State, _ cancellation: Cancellation) throws -> ByteBuffer? {
        guard !state.hasEnded else { return nil }
        state.request.limit = min(pageSize, state.remaining)
        let page = try search(state.request, cancellation)
        state.remaining -= page.items.count
        state.request.cursor = page.next
        state.hasEnded = page.next == nil || state.remaining <= 0
        let lines = try state.writer.lines(page.items)
        guard let encoder = state.encoder else { return lines }
        var output: [UInt8] = []
        try lines.withUnsafeReadableBytes { try encoder.append($0, into: &output) }
        if state.hasEnded { try encoder.finish(into: &output) } else { try encoder.flush(into: &output) }
        return ByteBuffer(bytes: output)
    }
}
