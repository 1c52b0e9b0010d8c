import Compression

/// Reads the Items of an `ItemInput`, batch by batch. Not to be used by two threads at once.
///
/// A fault ends its file and not the reading: Items before it have been handed out by then, and the call after the one
/// that throws goes on with the next file.
public final class ItemReader {
    private let input: ItemInput
    private let standardInput: any ByteStream
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var start = 0
    private var end = 0
    private var nextFile = 0
    private var current: (name: String, stream: any ByteStream)?
    private var cutter = ItemCutter()
    private var fault: (any Error)?
    private var consumedBefore = 0

    init(_ input: ItemInput, standardInput: any ByteStream) {
        self.input = input
        self.standardInput = standardInput
    }

    deinit {
        buffer.deallocate()
    }

    /// Bytes taken so far from the files as stored, and how many they are; `total` is `nil` with a pipe among them.
    public var progress: (consumed: Int, total: Int?) {
        (consumedBefore + (current?.stream.consumed ?? 0), input.byteCount)
    }

    /// The next Items, of one file or several.
    ///
    /// - Parameters:
    ///   - maximumItems: No more than these.
    ///   - maximumBytes: The batch ends with the Item whose text reaches this size.
    /// - Returns: `nil` at the end.
    /// - Throws: `FileStreamError`, `CompressionError` or `ItemInputError` for a file that cannot be read to its end.
    public func nextBatch(maximumItems: Int = 256, maximumBytes: Int = 4 << 20) throws -> ItemBatch? {
        var builder = BatchBuilder(
            maximumItems: maximumItems, maximumBytes: maximumBytes, itemSizeLimit: input.itemSizeLimit)
        if let current { builder.from(current.name) }
        while !builder.isFull {
            if let fault {
                guard builder.isEmpty else { break }
                self.fault = nil
                throw fault
            }
            do {
                if current == nil {
                    guard try openNext() else { break }
                    builder.from(current?.name ?? "")
                } else if start < end {
                    let chunk = UnsafeRawBufferPointer(rebasing: buffer[start..<end])
                    start += try cutter.consume(chunk, into: &builder)
                } else if try fill() == 0 {
                    try cutter.finish(into: &builder)
                    close()
                }
            } catch {
                fault = located(error)
                builder.discard()
                close()
            }
        }
        return builder.isEmpty ? nil : builder.batch
    }

    private func openNext() throws -> Bool {
        guard nextFile < input.files.count else { return false }
        let file = input.files[nextFile]
        nextFile += 1
        let stream = file.path == "-" ? standardInput : try FileStream(path: file.path)
        cutter = ItemCutter()
        (start, end) = (0, 0)
        // Set first, so that a fault in the first bytes has a file to be about.
        current = (stream.name, stream)
        current?.stream = try decoded(stream)
        // A byte order mark is not part of the JSON (RFC 8259, section 8.1).
        while end < 3, try fill() > 0 {}
        if end >= 3, buffer[0] == 0xef, buffer[1] == 0xbb, buffer[2] == 0xbf { start = 3 }
        return true
    }

    /// Reads behind what is in the buffer; from its start when all of that has been cut.
    private func fill() throws -> Int {
        if start == end { (start, end) = (0, 0) }
        let count = try current?.stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...])) ?? 0
        end += count
        return count
    }

    private func close() {
        consumedBefore += current?.stream.consumed ?? 0
        current = nil
    }

    private func located(_ error: any Error) -> any Error {
        guard let error = error as? MalformedText else { return error }
        return ItemInputError(source: current?.name ?? "", line: error.line, reason: .malformed(error.reason))
    }
}
