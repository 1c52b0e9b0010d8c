/// Byte arrays laid end to end.
public struct ByteArrays: Hashable, Sendable {
    public internal(set) var bytes: [UInt8]
    /// The start of each array in `bytes`, followed by the end of the last one.
    public internal(set) var offsets: [UInt32]

    init() {
        bytes = []
        offsets = [0]
    }

    public var count: Int { offsets.count - 1 }

    /// The range of the array at `index` in `bytes`.
    public func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    /// The array at `index` as text; bytes that are not UTF-8 become replacement characters.
    public func string(_ index: Int) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0[range(index)], as: UTF8.self) }
    }

    mutating func append(contentsOf other: ByteArrays, in range: Range<Int>) {
        let start = Int(other.offsets[range.lowerBound])
        let shift = bytes.count - start
        bytes.append(contentsOf: other.bytes[start..<Int(other.offsets[range.upperBound])])
        for index in range { offsets.append(UInt32(Int(other.offsets[index + 1]) + shift)) }
    }
}

/// Byte arrays of one length, laid end to end.
public struct FixedLengthByteArrays: Hashable, Sendable {
    public internal(set) var bytes: [UInt8]
    /// Of each, in bytes.
    public let length: Int
    public internal(set) var count: Int

    public subscript(index: Int) -> ArraySlice<UInt8> {
        precondition(index >= 0 && index < count)
        return bytes[index * length..<(index + 1) * length]
    }
}
