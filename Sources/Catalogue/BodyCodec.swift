import Compression
import JSON
import Synchronization

/// Turns Items into the frames that a store keeps, and back.
final class BodyCodec: Sendable {
    /// What one thread needs to unpack and read bodies, kept from call to call.
    ///
    /// `@unchecked Sendable`: handed from thread to thread, used by one at a time.
    private final class Workspace: @unchecked Sendable {
        let decompressor: ZstdDecompressor
        let reader = JSONReader()
        var text: [UInt8] = []

        init() throws { decompressor = try ZstdDecompressor() }
    }

    private let store: any ItemStore
    private let dictionaries = Mutex<[Int64: ZstdDictionary]>([:])
    private let idle = Mutex<[Workspace]>([])

    init(store: any ItemStore) {
        self.store = store
    }

    /// - Throws: `storeDamaged` when the store lacks the dictionary.
    func dictionary(_ number: Int64) throws -> ZstdDictionary? {
        guard number != 0 else { return nil }
        if let known = dictionaries.withLock({ $0[number] }) { return known }
        guard let bytes = try store.dictionary(number) else {
            throw CatalogueError(.storeDamaged, "The dictionary \(number), which Items name, is missing.")
        }
        let dictionary = try ZstdDictionary(bytes)
        dictionaries.withLock { $0[number] = dictionary }
        return dictionary
    }

    /// Unpacks bodies one after the other; the text is valid only inside `body`.
    func withTexts<Result>(_ run: ((StoredBody, (UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws -> Result) throws -> Result {
        let workspace = try idle.withLock { $0.popLast() } ?? Workspace()
        defer { idle.withLock { $0.append(workspace) } }
        return try run { stored, body in
            try self.unpack(stored, workspace)
            try workspace.text.withUnsafeBytes(body)
        }
    }

    /// As `withTexts`, and reads the text.
    func withItems<Result>(_ run: ((StoredBody, (JSONElement) throws -> Void) throws -> Void) throws -> Result) throws -> Result {
        let workspace = try idle.withLock { $0.popLast() } ?? Workspace()
        defer { idle.withLock { $0.append(workspace) } }
        return try run { stored, body in
            try self.unpack(stored, workspace)
            try workspace.reader.read(workspace.text, body)
        }
    }

    private func unpack(_ stored: StoredBody, _ workspace: Workspace) throws {
        workspace.text.removeAll(keepingCapacity: true)
        do {
            let dictionary = try dictionary(stored.dictionary)
            try workspace.decompressor.decompress(stored.frame, dictionary: dictionary, appendingTo: &workspace.text)
        } catch let error as CompressionError {
            throw CatalogueError(.storeDamaged, "The body of an Item cannot be unpacked.", cause: error)
        }
    }
}
