/// Memory that the columns of a slice lie in: it is never moved, and goes with the slice.
///
/// `@unchecked Sendable`: filled by one thread, and then only read.
final class SliceArena: @unchecked Sendable {
    private var blocks: [UnsafeMutableRawPointer] = []
    private(set) var byteCount = 0

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// A copy of `elements`.
    func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        keep(elements.count) { buffer in _ = buffer.initialize(from: elements) }
    }

    /// `count` elements, all of which `body` has to write.
    func keep<Element: BitwiseCopyable>(
        _ count: Int, _ body: (UnsafeMutableBufferPointer<Element>) -> Void
    ) -> UnsafePointer<Element> {
        let size = count * MemoryLayout<Element>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        blocks.append(block)
        byteCount += size
        let buffer = UnsafeMutableBufferPointer(
            start: block.bindMemory(to: Element.self, capacity: count), count: count)
        body(buffer)
        return UnsafePointer(buffer.baseAddress!)
    }
}
