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

    /// The complete file: sections; layout, length of the layout, XXH64 of the sections; XXH64 of these three;
    /// magic.
    mutating func finish(_ layout: SegmentLayout) {
        let sectionsSum = bytes.withUnsafeBytes(XXHash64.hash)
        let json = layout.json.serialized()
        let start = bytes.count
        bytes.append(contentsOf: json)
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: sectionsSum.littleEndian) { bytes.append(contentsOf: $0) }
        let sum = bytes.withUnsafeBytes { XXHash64.hash(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        withUnsafeBytes(of: sum.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: Self.magic)
    }
}
