import Compression
import Parquet
import STACGeoParquet

/// Reads the Items of an `ItemInput`, batch by batch. Not to be used by two threads at once.
///
/// A fault ends its file and not the reading: Items before it have been handed out by then, and the call after the one
/// that throws continues with the next file.
public final class ItemReader {
    private let input: ItemInput
    private let standardInput: any ByteStream
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    private var start = 0
    private var end = 0
    private var nextFile = 0
    private var current: (name: String, stream: any ByteStream)?
    private var cutter = ItemCutter()
    /// The rows of a GeoParquet file, instead of its text.
    private var table: ItemTable?
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
        (consumedBefore + (table?.consumed ?? current?.stream.consumed ?? 0), input.byteCount)
    }

    /// The next Items, of one file or several.
    ///
    /// - Parameters:
    ///   - maximumItems: No more than these.
    ///   - maximumBytes: The batch ends with the Item whose text reaches this size.
    /// - Returns: `nil` at the end.
    /// - Throws: `FileStreamError`, `CompressionError` or `ItemInputError` for a file that cannot be read to its end.
    public func nextBatch(
        maximumItems: Int = ItemBatch.defaultItemCount, maximumBytes: Int = ItemBatch.defaultByteCount
    ) throws -> ItemBatch? {
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
                } else if let table {
                    if try !table.take(into: &builder) { close() }
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
        while end < 4, try fill() > 0 {}
        if end >= 4, buffer[..<4].elementsEqual(ItemTable.magic) {
            try openTable(file)
            return true
        }
        if let position = buffer[..<min(end, Self.inspectedByteCount)].firstIndex(where: Self.isControl) {
            throw ItemInputError(
                source: current?.name ?? "",
                reason: .malformed(
                    "no file of Items: byte \(position + 1) cannot occur in JSON in UTF-8, and it is not GeoParquet"))
        }
        // A byte order mark is not part of the JSON (RFC 8259, section 8.1).
        if end >= 3, buffer[0] == 0xef, buffer[1] == 0xbb, buffer[2] == 0xbf { start = 3 }
        return true
    }

    /// A file of another kind mostly shows at its beginning, and is not reported line by line.
    private static let inspectedByteCount = 4_096

    private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && ![0x09, 0x0a, 0x0d].contains(byte) }

    /// The stream only identified the file's kind: a table is not read from its start to its end.
    private func openTable(_ file: ItemInput.File) throws {
        guard file.path != "-" else {
            throw ItemInputError(
                source: current?.name ?? "",
                reason: .malformed("a Parquet file, which can only be read from its end: give its path"))
        }
        do {
            table = try ItemTable(path: file.path)
        } catch ParquetError.notParquet {
            throw ItemInputError(
                source: file.path,
                reason: .malformed("begins like a Parquet file and does not end like one: it is cut off, or packed"))
        }
        (start, end) = (0, 0)
    }

    /// Reads into the buffer behind its content; from its start when all of that has been cut.
    private func fill() throws -> Int {
        if start == end { (start, end) = (0, 0) }
        let count = try current?.stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...])) ?? 0
        end += count
        return count
    }

    private func close() {
        consumedBefore += table?.consumed ?? current?.stream.consumed ?? 0
        (current, table) = (nil, nil)
    }

    private func located(_ error: any Error) -> any Error {
        let source = current?.name ?? ""
        return switch error {
        case let error as MalformedText:
            ItemInputError(source: source, line: error.line, reason: .malformed(error.reason))
        case is ParquetError, is ItemFileError: ItemInputError(source: source, reason: .malformed("\(error)"))
        default: error
        }
    }
}
