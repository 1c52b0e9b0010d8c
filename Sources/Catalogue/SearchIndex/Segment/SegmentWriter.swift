import Checksum
import JSON

/// Writes sections one after the other, each at a multiple of 64 bytes and padded so that whole groups of elements can
/// be read.
struct SegmentWriter {
    static let magic = Array("TBSEG\u{0}\u{0}1".utf8)
    /// Groups of this many elements can be read as a whole.
    static let padding = 64
    private(set) var bytes: [UInt8]

    init() {
        bytes = Self.magic
    }

    mutating func append<Element: BitwiseCopyable>(_ elements: [Element], padding: Int = Self.padding)
        -> SegmentLayout.Section
    {
        let size = MemoryLayout<Element>.stride
        pad((64 - bytes.count % 64) % 64)
        let section = SegmentLayout.Section(offset: bytes.count, count: elements.count)
        elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
        let missing = (padding - elements.count % padding) % padding
        pad(missing * size)
        return section
    }

    private mutating func pad(_ count: Int) {
        // An array is copied as a whole even in debug builds, where repeatElement took half of the tests' time.
        bytes.append(contentsOf: [UInt8](repeating: 0, count: count))
    }

    mutating func finish(_ layout: SegmentLayout) { bytes += Self.footer(layout.json, of: bytes) }

    /// What completes a file: XXH64 of each block of the sections, layout, length of the layout, length of the sections;
    /// XXH64 of these four; magic.
    static func footer(_ layout: JSONValue, of sections: [UInt8]) -> [UInt8] {
        var footer = sections.withUnsafeBytes(BlockChecksums.sums)
        let json = layout.serialized()
        footer.append(contentsOf: json)
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { footer.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(sections.count).littleEndian) { footer.append(contentsOf: $0) }
        let sum = footer.withUnsafeBytes(XXHash64.hash)
        withUnsafeBytes(of: sum.littleEndian) { footer.append(contentsOf: $0) }
        return footer + magic
    }
}
