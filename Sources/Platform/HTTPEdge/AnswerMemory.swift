import HTTPTypes
import NIOCore
import NIOHTTP1
import Synchronization

/// Answers that were given to the very same requests, byte by byte, since anything was last written.
///
/// In two halves, of which the older one goes when the younger one is full; what is asked for again moves into the
/// younger one.
final class AnswerMemory: Sendable {
    struct Answer: Sendable {
        let route: String
        let status: HTTPResponse.Status
        /// Status line and headers, as far as they are the same for every request.
        let head: ByteBuffer
        let body: ByteBuffer

        fileprivate var byteCount: Int { head.storageCapacity + body.storageCapacity }
    }

    private struct State {
        var version = 0
        var younger: [[UInt8]: Answer] = [:]
        var older: [[UInt8]: Answer] = [:]
        /// Of the younger half.
        var byteCount = 0

        /// Forgets all when there is a later version; who asks for an earlier one is late himself.
        mutating func follow(_ version: Int) {
            guard version > self.version else { return }
            self.version = version
            younger.removeAll(keepingCapacity: true)
            older.removeAll(keepingCapacity: true)
            byteCount = 0
        }

        mutating func insert(_ response: Answer, for key: [UInt8], _ halfByteCount: Int) {
            let byteCount = key.count + response.byteCount
            guard byteCount <= halfByteCount else { return }
            if self.byteCount + byteCount > halfByteCount {
                older = younger
                younger = [:]
                self.byteCount = 0
            }
            if younger.updateValue(response, forKey: key) == nil { self.byteCount += byteCount }
        }
    }

    private let byteLimit: Int
    private let state = Mutex(State())

    /// - Parameter byteLimit: Memory to be used, in bytes; 0: nothing is kept.
    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    var isUsed: Bool { byteLimit > 0 }

    /// - Parameter version: Of the content, now.
    func find(_ key: [UInt8], version: Int) -> Answer? {
        state.withLock { state in
            state.follow(version)
            guard version == state.version else { return nil }
            if let response = state.younger[key] { return response }
            guard let response = state.older.removeValue(forKey: key) else { return nil }
            state.insert(response, for: key, byteLimit / 2)
            return response
        }
    }

    /// - Parameter version: Of the content before the response was made: it may have changed meanwhile.
    func insert(_ response: Answer, for key: [UInt8], version: Int) {
        state.withLock { state in
            guard state.version == version else { return }
            state.insert(response, for: key, byteLimit / 2)
        }
    }

    /// All that a response may depend on.
    ///
    /// - Parameter audience: What it depends on about the peer; without line breaks.
    static func key(_ head: HTTPRequestHead, _ body: [ByteBuffer], audience: String) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(512)
        key.append(contentsOf: audience.utf8)
        key.append(UInt8(ascii: "\n"))
        // None of these has a line break within it.
        key.append(contentsOf: head.method.rawValue.utf8)
        key.append(UInt8(ascii: " "))
        key.append(contentsOf: head.uri.utf8)
        for (name, value) in head.headers where !isRequestID(name) {
            key.append(UInt8(ascii: "\n"))
            key.append(contentsOf: name.utf8)
            key.append(UInt8(ascii: ":"))
            key.append(contentsOf: value.utf8)
        }
        key.append(contentsOf: [UInt8(ascii: "\n"), UInt8(ascii: "\n")])
        for buffer in body { key.append(contentsOf: buffer.readableBytesView) }
        return key
    }

    /// Another one for each request, and no response's content depends on it.
    private static func isRequestID(_ name: String) -> Bool {
        name.utf8.count == 12 && name.lowercased() == "x-request-id"
    }
}
