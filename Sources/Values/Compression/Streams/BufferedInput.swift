/// Looks ahead in a stream, for its format and for decoders; a plain stream itself.
final class BufferedInput: ByteStream {
    private let stream: any ByteStream
    private let buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Bytes handed on so far: the position in the compressed input.
    private(set) var position = 0

    init(_ stream: any ByteStream, capacity: Int = 1 << 17) {
        self.stream = stream
        buffer = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    var name: String { stream.name }
    var consumed: Int { stream.consumed }

    /// The bytes read but not handed on yet; valid until the next call.
    var available: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<end]) }

    func advance(_ count: Int) {
        start += count
        position += count
    }

    /// `count` bytes or more without handing them on; fewer only at the end of the stream.
    func peek(_ count: Int) throws -> UnsafeRawBufferPointer {
        while end - start < count {
            if start > 0 {
                buffer.copyMemory(from: available)
                end -= start
                start = 0
            }
            let read = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            if read == 0 { break }
            end += read
        }
        return available
    }

    func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        if start == end {
            let count = try stream.read(into: output)
            position += count
            return count
        }
        let count = min(output.count, end - start)
        output.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + count]))
        advance(count)
        return count
    }
}
