#if _endian(big)
    #error("Values are copied as they stand in the file: little-endian machines only")
#endif

/// Integers of a fixed number of bits, laid end to end, the lowest bit first.
///
/// Source: [Encodings, RLE / bit-packing hybrid](https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
enum BitPacking {
    /// Bytes that `count` values of `width` bits take, which must not overflow: `count` is at most 2^57.
    static func byteCount(_ count: Int, width: Int) -> Int { (count &* width &+ 7) >> 3 }

    /// Unpacks as many values as fit into `output`.
    ///
    /// - Precondition: `bytes` hold all of them; `width` is at most 64, and at most that of `Value`.
    @inline(__always)
    static func unpack<Value: FixedWidthInteger & UnsignedInteger>(
        _ bytes: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableBufferPointer<Value>
    ) {
        precondition(bytes.count >= byteCount(output.count, width: width) && width <= Value.bitWidth)
        guard width > 0, let base = bytes.baseAddress, let target = output.baseAddress else {
            output.update(repeating: 0)
            return
        }
        var index = 0
        if width <= 8 {
            index = unpackEights(base, bytes.count, width, target, output.count)
        } else if width <= 16 {
            index = unpackFours(base, bytes.count, width, target, output.count)
        }
        // In bounds: a value begins at most 7 bits into the bytes that are loaded for it, which end by bytes.count.
        let loadedByteCount = width <= 57 ? 8 : 9
        let mask = width == 64 ? UInt64.max : 1 &<< UInt64(width) &- 1
        while index < output.count, (index &* width) >> 3 &+ loadedByteCount <= bytes.count {
            target[index] = Value(truncatingIfNeeded: load(base, index &* width, width) & mask)
            index &+= 1
        }
        guard index < output.count else { return }
        // The last values, whose loads would reach beyond the end, from a copy that zeros follow.
        let start = (index &* width) >> 3
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { copy in
            copy.initializeMemory(as: UInt8.self, repeating: 0)
            copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 16)]))
            let copied = UnsafeRawPointer(copy.baseAddress!)
            while index < output.count {
                let bit = index &* width &- start &* 8
                target[index] = Value(truncatingIfNeeded: load(copied, bit, width) & mask)
                index &+= 1
            }
        }
    }

    @inline(__always)
    private static func load(_ base: UnsafeRawPointer, _ bit: Int, _ width: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: bit & 7)
        let low = base.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self) &>> shift
        if width <= 57 || shift == 0 { return low }
        return low | UInt64(base.load(fromByteOffset: bit >> 3 &+ 8, as: UInt8.self)) &<< (64 &- shift)
    }

    /// Eight values of at most eight bits are in one word.
    @inline(__always)
    private static func unpackEights<Value: FixedWidthInteger & UnsignedInteger>(
        _ base: UnsafeRawPointer, _ byteCount: Int, _ width: Int, _ target: UnsafeMutablePointer<Value>, _ count: Int
    ) -> Int {
        let mask = 1 &<< UInt64(width) &- 1
        let shift = UInt64(width)
        var index = 0
        var offset = 0
        while count &- index >= 8, byteCount &- offset >= 8 {
            var word = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            for step in 0..<8 {
                target[index &+ step] = Value(truncatingIfNeeded: word & mask)
                word &>>= shift
            }
            index &+= 8
            offset &+= width
        }
        return index
    }

    /// Four values of at most sixteen bits are in one word, also when they begin in the middle of a byte.
    @inline(__always)
    private static func unpackFours<Value: FixedWidthInteger & UnsignedInteger>(
        _ base: UnsafeRawPointer, _ byteCount: Int, _ width: Int, _ target: UnsafeMutablePointer<Value>, _ count: Int
    ) -> Int {
        let mask = 1 &<< UInt64(width) &- 1
        let shift = UInt64(width)
        let half = (4 &* width) >> 3
        let halfShift = UInt64((4 &* width) & 7)
        var index = 0
        var offset = 0
        while count &- index >= 8, byteCount &- offset &- half >= 8 {
            var low = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            var high = base.loadUnaligned(fromByteOffset: offset &+ half, as: UInt64.self) &>> halfShift
            for step in 0..<4 {
                target[index &+ step] = Value(truncatingIfNeeded: low & mask)
                target[index &+ 4 &+ step] = Value(truncatingIfNeeded: high & mask)
                low &>>= shift
                high &>>= shift
            }
            index &+= 8
            offset &+= width
        }
        return index
    }

    /// Unpacks levels of old writers, the highest bit first.
    ///
    /// Source: [Encodings, bit-packed](https://parquet.apache.org/docs/file-format/data-pages/encodings/#BITPACKED).
    ///
    /// - Precondition: `bytes` hold all of them; `width` is at most 8.
    static func unpackHighestFirst(
        _ bytes: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        precondition(bytes.count >= byteCount(output.count, width: width) && width <= 8)
        for index in output.indices {
            var value: UInt8 = 0
            for bit in index * width..<(index + 1) * width {
                value = value << 1 | bytes[bit >> 3] >> UInt8(7 - bit & 7) & 1
            }
            output[index] = value
        }
    }

    /// Number of bits that `maximum` takes.
    static func width(of maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }
}
