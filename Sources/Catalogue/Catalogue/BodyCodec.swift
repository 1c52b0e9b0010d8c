import Compression
import JSON
import Synchronization

/// Converts Items to the frames that a store holds, and back.
final class BodyCodec: Sendable {
    /// One thread's buffers for decompressing and reading bodies, reused between calls.
    ///
    /// `@unchecked Sendable`: passed between threads, used by one at a time.
    fileprivate final class Workspace: @unchecked Sendable {
        let decompressor: ZstdDecompressor
        let reader = JSONReader(.rfc8259)
        var text: [UInt8] = []

        init() throws { decompressor = try ZstdDecompressor() }
    }

    private let readDictionary: @Sendable (Int64) throws -> [UInt8]?
    private let dictionaries = Mutex<[Int64: ZstdDictionary]>([:])
    private let idle = Mutex<[Workspace]>([])

    /// - Parameter dictionary: Reads a dictionary by its number.
    init(dictionary: @escaping @Sendable (Int64) throws -> [UInt8]?) {
        readDictionary = dictionary
    }

    /// - Throws: `storeDamaged` when the store lacks the dictionary.
    func dictionary(_ number: Int64) throws -> ZstdDictionary? {
        guard number != 0 else { return nil }
        if let known = dictionaries.withLock({ $0[number] }) { return known }
        guard let bytes = try readDictionary(number) else {
            throw CatalogueError(.storeDamaged, "The dictionary \(number), which Items name, is missing.")
        }
        let dictionary: ZstdDictionary
        do {
            dictionary = try ZstdDictionary(bytes)
        } catch {
            throw CatalogueError(.storeDamaged, "The dictionary \(number), which Items name, is damaged.", cause: error)
        }
        dictionaries.withLock { $0[number] = dictionary }
        return dictionary
    }

    /// What a dictionary was made of.
    func bytes(ofDictionary number: Int64) throws -> [UInt8]? { try readDictionary(number) }

    /// Decompresses bodies one after the other, reusing its buffers.
    func withUnpacker<Result>(_ body: (Unpacker) throws -> Result) throws -> Result {
        let workspace = try idle.withLock { $0.popLast() } ?? Workspace()
        defer { idle.withLock { $0.append(workspace) } }
        return try body(Unpacker(codec: self, workspace: workspace))
    }

    /// The original text of a body.
    func text(of body: NewBody) throws -> [UInt8] {
        try withUnpacker { unpacker in
            try body.frame.withUnsafeBytes { frame in
                try unpacker.text(
                    of: StoredBody(frame: frame, dictionary: body.dictionary, linksOffset: body.linksOffset))
            }
        }
    }

    /// Not to be used after `withUnpacker`.
    struct Unpacker {
        fileprivate let codec: BodyCodec
        fileprivate let workspace: Workspace

        func text(of stored: StoredBody) throws -> [UInt8] {
            var text: [UInt8] = []
            try codec.unpack(stored, workspace.decompressor, appendingTo: &text)
            // Of stores from before there were checksums.
            guard (0...text.count).contains(stored.linksOffset) else {
                throw CatalogueError(.storeDamaged, "The links of an Item lie outside of its text.")
            }
            return text
        }

        /// The element is valid only inside `body`.
        func withItem<Result>(of stored: StoredBody, _ body: (JSONElement) throws -> Result) throws -> Result {
            workspace.text.removeAll(keepingCapacity: true)
            try codec.unpack(stored, workspace.decompressor, appendingTo: &workspace.text)
            return try workspace.reader.read(workspace.text, body)
        }

        /// Why the Item that `withItem` lends is not I-JSON: stored before that was checked. `nil`: it is.
        func interoperabilityFault(of item: JSONElement) -> JSONError? {
            workspace.reader.interoperabilityFault(of: item)
        }
    }

    fileprivate func unpack(
        _ stored: StoredBody, _ decompressor: ZstdDecompressor, appendingTo text: inout [UInt8]
    ) throws {
        if let damage = stored.damage { throw CatalogueError(.storeDamaged, damage) }
        do {
            let dictionary = try dictionary(stored.dictionary)
            try decompressor.decompress(stored.frame, dictionary: dictionary, appendingTo: &text)
        } catch let error as CompressionError {
            throw CatalogueError(.storeDamaged, "The body of an Item cannot be unpacked.", cause: error)
        }
    }
}
