import CCurl
import NIOPosix

/// Gets small documents of other servers. Redirects are not followed, and proxies of the environment not used.
///
/// libcurl speaks the protocol: another TLS library would take minutes to compile.
public final class WebClient: Sendable {
    /// Why a document could not be got. A part of a sentence.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Getting blocks.
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let authorityFile: String?

    /// - Parameter authorityFile: Certificates of authorities (PEM) that are trusted instead of the system's.
    public init(authorityFile: String? = nil) {
        self.authorityFile = authorityFile
        _ = ccurl_start()
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// - Parameters:
    ///   - url: `https://…`; `http://…` of this machine.
    ///   - byteLimit: A longer document is an error.
    ///   - timeoutSeconds: For all of it.
    /// - Throws: `Failure`, also for a status other than 200.
    public func get(_ url: String, byteLimit: Int = 1 << 20, timeoutSeconds: Int = 10) async throws -> [UInt8] {
        guard Self.isAllowed(url) else {
            throw Failure(description: "\(url.prefix(200)) is no https:// address, and none of this machine")
        }
        let authorityFile = authorityFile
        return try await threads.runIfActive {
            try Self.get(url, byteLimit: byteLimit, timeoutSeconds: timeoutSeconds, authorityFile)
        }
    }

    /// Whether an address is safe to be asked: nobody between can read or change what is got.
    public static func isAllowed(_ url: String) -> Bool {
        guard url.utf8.count <= 2_000, url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return false }
        if url.hasPrefix("https://") { return true }
        guard url.hasPrefix("http://") else { return false }
        let authority = url.dropFirst("http://".count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return false }
        return ["localhost", "127.0.0.1", "[::1]"].contains { host in
            guard authority.hasPrefix(host) else { return false }
            let port = authority.dropFirst(host.count)
            return port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(\.isNumber)
        }
    }

    private static func get(
        _ url: String, byteLimit: Int, timeoutSeconds: Int, _ authorityFile: String?
    ) throws -> [UInt8] {
        guard let curl = curl_easy_init() else { throw Failure(description: "libcurl cannot be used") }
        defer { curl_easy_cleanup(curl) }
        ccurl_set_text(curl, CURLOPT_URL, url)
        ccurl_set_text(curl, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_number(curl, CURLOPT_TIMEOUT, timeoutSeconds)
        // Threads and signals do not go together.
        ccurl_set_number(curl, CURLOPT_NOSIGNAL, 1)
        ccurl_set_text(curl, CURLOPT_PROXY, "")
        if let authorityFile { ccurl_set_text(curl, CURLOPT_CAINFO, authorityFile) }
        var download = Download(byteLimit: byteLimit)
        let code = withUnsafeMutablePointer(to: &download) { pointer in
            ccurl_set_pointer(curl, CURLOPT_WRITEDATA, pointer)
            ccurl_set_writer(curl) { data, size, count, context in
                guard let data, let context else { return 0 }
                let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
                return context.assumingMemoryBound(to: Download.self).pointee.append(bytes) ? size * count : 0
            }
            return curl_easy_perform(curl)
        }
        guard code == CURLE_OK else {
            let reason =
                download.isTooLong
                ? "is longer than \(byteLimit) bytes" : "cannot be got: \(String(cString: curl_easy_strerror(code)))"
            throw Failure(description: "\(url) \(reason)")
        }
        var status = 0
        ccurl_response_code(curl, &status)
        guard status == 200 else { throw Failure(description: "\(url) responds with \(status)") }
        return download.bytes
    }

    /// What has come of a document.
    private struct Download {
        let byteLimit: Int
        var bytes: [UInt8] = []
        var isTooLong = false

        /// - Returns: Whether more may come.
        mutating func append(_ more: UnsafeRawBufferPointer) -> Bool {
            isTooLong = bytes.count + more.count > byteLimit
            if !isTooLong { bytes.append(contentsOf: more) }
            return !isTooLong
        }
    }
}
