#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An IPv4 address and a port.
struct SocketAddress: Sendable {
    let text: String
    fileprivate let raw: sockaddr_in

    /// - Parameter text: As `127.0.0.1:8080`.
    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else { return nil }
        var raw = sockaddr_in()
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_port = port.bigEndian
        guard inet_pton(AF_INET, String(parts[0]), &raw.sin_addr) == 1 else { return nil }
        self.text = text
        self.raw = raw
    }
}

/// One connection that sends requests one by one, and reconnects after a failure: minimal, so that the server is
/// measured.
final class HTTPConnection {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let address: SocketAddress
    private let source: SocketAddress?
    private var descriptor: Int32 = -1
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    init(to address: SocketAddress, from source: SocketAddress?) {
        self.address = address
        self.source = source
    }

    deinit { disconnect() }

    /// - Returns: The size of the body.
    /// - Throws: `Failure` for all but status 200.
    func get(_ target: String) throws -> Int {
        do {
            if descriptor < 0 { try connect() }
            try send("GET \(target) HTTP/1.1\r\nHost: \(address.text)\r\n\r\n")
            return try receive()
        } catch {
            disconnect()
            throw error
        }
    }

    private func connect() throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw failure("socket") }
        if let source {
            try withSockaddr(source) { bind(descriptor, $0, $1) }.orThrow(failure("bind to \(source.text)"))
        }
        #if canImport(Glibc)
            let result = withSockaddr(address) { Glibc.connect(descriptor, $0, $1) }
        #else
            let result = withSockaddr(address) { Darwin.connect(descriptor, $0, $1) }
        #endif
        try result.orThrow(failure("connect to \(address.text)"))
    }

    private func withSockaddr<Result>(
        _ address: SocketAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: address.raw) { raw in
            raw.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func send(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write") }
            rest = rest.dropFirst(count)
        }
    }

    private func receive() throws -> Int {
        var head: [UInt8] = []
        while true {
            let count = try read()
            head += buffer[..<count]
            guard let end = endOfHead(head) else { continue }
            let lines = String(decoding: head[..<end], as: UTF8.self).split(separator: "\r\n")
            let length = lines.lazy.compactMap { line -> Int? in
                let field = line.split(separator: ":", maxSplits: 1)
                guard field.count == 2, field[0].lowercased() == "content-length" else { return nil }
                return Int(field[1].drop { $0 == " " })
            }.first
            guard let length else { throw Failure(description: "a response without Content-Length") }
            var received = head.count - end
            while received < length { received += try read() }
            guard let status = lines.first, status.hasPrefix("HTTP/1.1 200") else {
                throw Failure(description: String(lines.first ?? "no status"))
            }
            return length
        }
    }

    /// Where the body starts.
    private func endOfHead(_ bytes: [UInt8]) -> Int? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= mark.count else { return nil }
        return (0...bytes.count - mark.count).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
            .map { $0 + mark.count }
    }

    private func read() throws -> Int {
        #if canImport(Glibc)
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        #else
            let count = buffer.withUnsafeMutableBytes { Darwin.read(descriptor, $0.baseAddress, $0.count) }
        #endif
        if count == 0 { throw Failure(description: "the server has closed the connection") }
        guard count > 0 else { throw failure("read") }
        return count
    }

    private func failure(_ action: String) -> Failure {
        Failure(description: "cannot \(action): \(String(cString: strerror(errno)))")
    }

    private func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }
}

extension Int32 {
    fileprivate func orThrow(_ error: @autoclosure () -> HTTPConnection.Failure) throws {
        if self != 0 { throw error() }
    }
}
