public import JSON

/// An Item as the catalogue stores it: without whitespace and generated links, members in their order and values as
/// they were written.
public struct StoredItem: Sendable, Hashable {
    /// First byte after `"links":[`, counted from the Item's first byte: generated links are put in there.
    public let linksOffset: Int
    /// Whether links follow at `linksOffset`, so that generated ones need a comma after them.
    public let hasOtherLinks: Bool

    /// Appends the stored form of `item` to `output`.
    ///
    /// `collection` and `links` are written in place when the Item has them, else at its end.
    ///
    /// - Parameters:
    ///   - item: A valid Item.
    ///   - collectionID: Becomes the value of `collection`.
    ///   - isMinified: Whether the Item's text has no whitespace between tokens (`JSONReader.whitespaceCount == 0`);
    ///     it is then copied in a few pieces, ten times as fast.
    /// - Complexity: O(*n*) in bytes.
    public init(
        writing item: JSONElement, collectionID: String, isMinified: Bool = false, into output: inout [UInt8]
    ) {
        let start = output.count
        output.reserveCapacity(start + item.byteRange.count + collectionID.utf8.count + 32)
        var writer = Writer(collectionID: collectionID, start: start)
        if isMinified {
            writer.copy(item, into: &output)
        } else {
            writer.minify(item, into: &output)
        }
        linksOffset = writer.linksOffset ?? 0
        hasOtherLinks = writer.hasOtherLinks
    }
}

private struct Writer {
    let collectionID: String
    let start: Int
    var linksOffset: Int?
    var hasOtherLinks = false
    var hasCollection = false

    /// Member by member, token by token.
    mutating func minify(_ item: JSONElement, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in item.members {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(contentsOf: name.rawBytes)
            output.append(UInt8(ascii: ":"))
            if !replace(name, value, into: &output, { $0.writeMinified(to: &$1) }) { value.writeMinified(to: &output) }
        }
        close(isFirst, into: &output)
    }

    /// The pieces between `links` and `collection` at once; they hold exactly the tokens' bytes.
    mutating func copy(_ item: JSONElement, into output: inout [UInt8]) {
        let base = item.byteRange.lowerBound
        let bytes = item.rawBytes
        var copied = 0
        for (name, value) in item.members {
            let range = value.byteRange
            guard isReplaced(name, value) else { continue }
            output.append(contentsOf: bytes[copied..<range.lowerBound - base])
            _ = replace(name, value, into: &output) { $1.append(contentsOf: $0.rawBytes) }
            copied = range.upperBound - base
        }
        // Without the closing brace.
        output.append(contentsOf: bytes[copied..<bytes.count - 1])
        close(bytes.count == 2, into: &output)
    }

    private func isReplaced(_ name: JSONElement, _ value: JSONElement) -> Bool {
        name.equals("links") && linksOffset == nil || name.equals("collection") && !hasCollection
    }

    /// Writes the new value of `links` and `collection`. The first counts, should one occur twice.
    private mutating func replace(
        _ name: JSONElement, _ value: JSONElement, into output: inout [UInt8],
        _ write: (JSONElement, inout [UInt8]) -> Void
    ) -> Bool {
        guard isReplaced(name, value) else { return false }
        if name.equals("collection") {
            hasCollection = true
            writeJSONString(collectionID, to: &output)
            return true
        }
        output.append(UInt8(ascii: "["))
        linksOffset = output.count - start
        for link in value.elements where !ItemLinks.isGenerated(link) {
            if hasOtherLinks { output.append(UInt8(ascii: ",")) }
            hasOtherLinks = true
            write(link, &output)
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    private mutating func close(_ isEmpty: Bool, into output: inout [UInt8]) {
        var separator = isEmpty ? "" : ","
        if !hasCollection {
            output.append(contentsOf: "\(separator)\"collection\":".utf8)
            writeJSONString(collectionID, to: &output)
            separator = ","
        }
        if linksOffset == nil {
            output.append(contentsOf: "\(separator)\"links\":[".utf8)
            linksOffset = output.count - start
            output.append(UInt8(ascii: "]"))
        }
        output.append(UInt8(ascii: "}"))
    }
}
