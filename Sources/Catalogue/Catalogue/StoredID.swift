/// Requirements of all stores on the ids of Collections and Items.
///
/// Ids are compared byte by byte: `é` as one scalar and as two are two ids, although equal as Swift strings.
package enum StoredID {
    /// In bytes of UTF-8.
    package static let maximumByteCount = 1024

    package static func check(_ utf8: UnsafeBufferPointer<UInt8>) throws {
        guard !utf8.isEmpty else { throw CatalogueError(.invalid, "An id must not be empty.") }
        guard utf8.count <= maximumByteCount else {
            throw CatalogueError(.invalid, "An id must not be longer than \(maximumByteCount) bytes.")
        }
        // SQLite stores a NUL, but its functions and its shell stop at it.
        guard !utf8.contains(0) else { throw CatalogueError(.invalid, "An id must not contain the character NUL.") }
    }

    /// Validates the id, and calls `body` with its bytes.
    package static func withBytes<Result>(of id: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws
        -> Result
    {
        var id = id
        return try id.withUTF8 { utf8 in
            try check(utf8)
            return try body(utf8)
        }
    }
}
