import Foundation
import TestKit
import Testing

@testable import ServiceModule

@Suite("The system's supervisor") struct SystemdNotifierTests {
    @Test("is reported by a datagram to its socket")
    func notification() throws {
        try withTemporaryDirectory { directory in
            let path = directory.path("notify")
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            try #require(isBound)
            try #require(SystemdNotifier(path: path)).send("READY=1")
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "READY=1")
        }
    }

    @Test("may be missing", arguments: [nil, "", "relative", "/" + String(repeating: "x", count: 200)])
    func missing(path: String?) {
        #expect(SystemdNotifier(path: path) == nil)
    }

    @Test("need not listen")
    func deaf() {
        SystemdNotifier(path: "/nowhere/at/all")?.send("READY=1")
    }
}
