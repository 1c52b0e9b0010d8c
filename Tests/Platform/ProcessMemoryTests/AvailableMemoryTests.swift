import Foundation
import ProcessMemory
import Testing

@Suite("Available memory") struct AvailableMemoryTests {
    @Test("is some of what the machine has")
    func bounds() throws {
        #if os(Linux)
            let available = try #require(AvailableMemory.byteCount)
            #expect(available > 1 << 20)
            #expect(UInt64(available) < ProcessInfo.processInfo.physicalMemory)
        #else
            #expect(AvailableMemory.byteCount == nil)
        #endif
    }
}
