#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds where Items begin and end in one file's text, which comes in chunks; does not read and does not parse.
///
/// A file starts as a document. When its first line turns out to be one whole value, or not JSON at all, the rest is
/// taken as NDJSON, where lines are independent: an invalid one is passed on, and the valid ones around it are
/// preserved.
struct ItemCutter {
    private enum Mode { case document, lines }

    private var mode = Mode.document
    private var document = DocumentCutter()
    /// Of the next byte, from 1.
    private var line = 1

    /// Takes bytes from the front of `chunk` until it is used up or the batch is full.
    ///
    /// - Returns: Number of bytes taken.
    mutating func consume(
        _ chunk: UnsafeRawBufferPointer, into builder: inout BatchBuilder
    ) throws(MalformedText) -> Int {
        var at = 0
        while at < chunk.count, !builder.isFull {
            let rest = UnsafeRawBufferPointer(rebasing: chunk[at...])
            switch mode {
            case .lines: at += cutLines(rest, into: &builder)
            case .document:
                let (taken, isLines) = try document.consume(rest, line: &line, into: &builder)
                at += taken
                if isLines { mode = .lines }
            }
        }
        return at
    }

    /// There is nothing more to come.
    mutating func finish(into builder: inout BatchBuilder) throws(MalformedText) {
        if mode == .document { try document.finish(line: line, into: &builder) }
        if builder.isOpen { builder.close() }
    }

    private mutating func cutLines(_ chunk: UnsafeRawBufferPointer, into builder: inout BatchBuilder) -> Int {
        guard let base = chunk.baseAddress else { return 0 }
        var at = 0
        while at < chunk.count, !builder.isFull {
            if !builder.isOpen {
                // Blanks before a text, and blank lines.
                while at < chunk.count, isWhitespace(chunk[at]) {
                    if chunk[at] == 0x0a { line += 1 }
                    at += 1
                }
                guard at < chunk.count else { break }
                builder.open(line: line)
            }
            // In bounds: `at` is below the count.
            let newline = memchr(base + at, 0x0a, chunk.count - at)
            let end = newline.map { UnsafeRawPointer($0) - base } ?? chunk.count
            builder.append(UnsafeRawBufferPointer(rebasing: chunk[at..<end]))
            at = end
            if newline != nil {
                builder.close()
                line += 1
                at += 1
            }
        }
        return at
    }
}

/// A fault of a text outside its Items, with its line.
struct MalformedText: Error {
    let line: Int
    let reason: String
}
