/// Copies members of a dictionary of values of one width.
///
/// Not generic, and apart from the decoders: their code is not specialized for the types of values.
enum DictionaryGather {
    /// - Precondition: All `indices` are within `dictionary`, and `output` has room for as many values.
    static func copy(
        _ indices: [UInt32], from dictionary: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer,
        width: Int
    ) {
        precondition(output.count >= indices.count * width)
        guard let source = dictionary.baseAddress, let target = output.baseAddress else { return }
        switch width {
        case 4: copy(indices, source.assumingMemoryBound(to: UInt32.self), target.assumingMemoryBound(to: UInt32.self))
        case 8: copy(indices, source.assumingMemoryBound(to: UInt64.self), target.assumingMemoryBound(to: UInt64.self))
        default:
            var position = target
            for index in indices {
                position.copyMemory(from: source + Int(index) * width, byteCount: width)
                position += width
            }
        }
    }

    @inline(__always)
    private static func copy<Value: BitwiseCopyable>(
        _ indices: [UInt32], _ source: UnsafePointer<Value>, _ target: UnsafeMutablePointer<Value>
    ) {
        indices.withUnsafeBufferPointer { indices in
            for position in 0..<indices.count { target[position] = source[Int(indices[position])] }
        }
    }
}
