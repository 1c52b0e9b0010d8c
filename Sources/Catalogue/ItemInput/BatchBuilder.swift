/// Gathers a batch from pieces: an Item is opened, appended to and closed, or discarded.
struct BatchBuilder {
    private(set) var batch = ItemBatch()
    private let maximumItems: Int
    private let maximumBytes: Int
    private let itemSizeLimit: Int
    private var source = ""
    private var isSourceListed = false

    private(set) var isOpen = false
    private var line = 0
    private var start = 0
    /// Bytes of an Item that is no longer held, being too large.
    private var droppedBytes = 0

    init(maximumItems: Int, maximumBytes: Int, itemSizeLimit: Int) {
        self.maximumItems = maximumItems
        self.maximumBytes = maximumBytes
        self.itemSizeLimit = itemSizeLimit
        batch.texts.reserveCapacity(maximumBytes)
    }

    var isEmpty: Bool { count == 0 }

    private var count: Int { batch.items.count + batch.oversized.count + batch.rejected.count }

    /// Between two Items only: a batch holds whole ones.
    var isFull: Bool {
        guard !isOpen else { return false }
        return count >= maximumItems || batch.texts.count >= maximumBytes
    }

    /// Buffered bytes of the open Item; none when it is too large.
    var openText: ArraySlice<UInt8> { batch.texts[start...] }
    var isDropped: Bool { droppedBytes > 0 }

    /// All that follows is from that file.
    mutating func from(_ source: String) {
        self.source = source
        isSourceListed = false
    }

    private mutating func sourceIndex() -> Int {
        if !isSourceListed { batch.sources.append(source) }
        isSourceListed = true
        return batch.sources.count - 1
    }

    mutating func open(line: Int) {
        isOpen = true
        self.line = line
        start = batch.texts.count
        droppedBytes = 0
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard droppedBytes == 0, batch.texts.count - start + bytes.count <= itemSizeLimit else {
            droppedBytes += batch.texts.count - start + bytes.count
            batch.texts.removeLast(batch.texts.count - start)
            return
        }
        batch.texts.append(contentsOf: bytes)
    }

    /// The open Item is complete; whitespace at its end is cut off.
    mutating func close() {
        isOpen = false
        if isDropped {
            batch.oversized.append(.init(byteCount: droppedBytes, line: line, source: sourceIndex()))
            return
        }
        while batch.texts.count > start, let last = batch.texts.last, isWhitespace(last) { batch.texts.removeLast() }
        guard batch.texts.count > start else { return }
        batch.items.append(.init(range: start..<batch.texts.count, line: line, source: sourceIndex()))
    }

    /// The open Item is complete without its last `count` bytes.
    mutating func close(withoutLast count: Int) {
        if !isDropped { batch.texts.removeLast(count) }
        close()
    }

    /// Records an Item that has a location but no text.
    mutating func reject(line: Int, _ reason: String) {
        batch.rejected.append(.init(reason: reason, line: line, source: sourceIndex()))
    }

    /// The open Item was none.
    mutating func discard() {
        guard isOpen else { return }
        isOpen = false
        batch.texts.removeLast(batch.texts.count - start)
    }
}

/// Blank, tab, line feed, carriage return: RFC 8259, section 2.
@inline(__always)
func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
}
