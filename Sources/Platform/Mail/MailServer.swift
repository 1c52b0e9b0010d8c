import CCurl
import NIOPosix
public import Temporal

/// A server that takes mail by SMTP.
///
/// libcurl speaks the protocol: its TLS, its ways to authenticate, and its handling of what servers say.
public final class MailServer: Sendable, CustomStringConvertible {
    /// Where and as whom mail is handed in.
    public struct Configuration: Sendable {
        /// `smtp://host:port`, or `smtps://` for TLS from the first byte.
        public var url: String
        public var sender: MailAddress
        public var user: String?
        public var password: String?
        /// Whether `smtp://` has to become TLS by STARTTLS; without it, nothing is sent.
        public var requiresTLS = true
        /// Of a certificate authority that is trusted instead of the system's, as a file in PEM.
        public var authorityFile: String?
        public var timeoutSeconds = 30

        /// - Parameter url: Must pass `check`.
        public init(url: String, sender: MailAddress) {
            self.url = url
            self.sender = sender
        }

        /// - Throws: `MailError` for a URL that is none of SMTP.
        public static func check(_ url: String) throws(MailError) {
            let isSMTP = ["smtp://", "smtps://"].contains { url.hasPrefix($0) && url.utf8.count > $0.utf8.count }
            guard isSMTP, url.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !url.contains("@") else {
                throw MailError(
                    "the mail server is not smtp://HOST:PORT or smtps://HOST:PORT, without user and password")
            }
        }
    }

    public let configuration: Configuration
    /// Sending blocks; there is little of it.
    private let threads = NIOThreadPool(numberOfThreads: 2)

    public init(_ configuration: Configuration) {
        self.configuration = configuration
        _ = Self.isStarted
        threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    public var description: String { configuration.url }

    /// Hands a message in; returns when the server has taken it.
    ///
    /// - Parameter time: For its date: now.
    /// - Throws: `MailError`, also when the server refuses the recipient.
    public func send(_ message: MailMessage, at time: Timestamp) async throws {
        var generator = SystemRandomNumberGenerator()
        let id = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
        let (bytes, configuration) = (message.encoded(from: configuration.sender, at: time, id: id), configuration)
        try await threads.runIfActive { try Self.send(bytes, to: message.recipient, configuration) }
    }

    private static func send(_ bytes: [UInt8], to recipient: MailAddress, _ configuration: Configuration) throws {
        guard let curl = curl_easy_init() else { throw MailError("libcurl cannot be used") }
        defer { curl_easy_cleanup(curl) }
        let recipients = curl_slist_append(nil, "<\(recipient)>")
        defer { curl_slist_free_all(recipients) }
        ccurl_set_text(curl, CURLOPT_URL, configuration.url)
        ccurl_set_text(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        ccurl_set_text(curl, CURLOPT_MAIL_FROM, "<\(configuration.sender)>")
        ccurl_set_list(curl, CURLOPT_MAIL_RCPT, recipients)
        ccurl_set_number(curl, CURLOPT_TIMEOUT, configuration.timeoutSeconds)
        // Threads and signals do not go together.
        ccurl_set_number(curl, CURLOPT_NOSIGNAL, 1)
        // A proxy of the environment is for the web.
        ccurl_set_text(curl, CURLOPT_PROXY, "")
        if configuration.requiresTLS { ccurl_require_tls(curl) }
        if let user = configuration.user { ccurl_set_text(curl, CURLOPT_USERNAME, user) }
        if let password = configuration.password { ccurl_set_text(curl, CURLOPT_PASSWORD, password) }
        if let file = configuration.authorityFile { ccurl_set_text(curl, CURLOPT_CAINFO, file) }
        ccurl_set_number(curl, CURLOPT_UPLOAD, 1)
        var upload = Upload(bytes: bytes)
        let code = withUnsafeMutablePointer(to: &upload) { pointer in
            ccurl_set_pointer(curl, CURLOPT_READDATA, pointer)
            ccurl_set_reader(curl) { buffer, size, count, context in
                guard let buffer, let context else { return 0 }
                return context.assumingMemoryBound(to: Upload.self).pointee.read(into: buffer, size * count)
            }
            return curl_easy_perform(curl)
        }
        guard code == CURLE_OK else {
            var response = 0
            ccurl_response_code(curl, &response)
            let said = response >= 400 ? ", the server said \(response)" : ""
            throw MailError(
                "the mail server \(configuration.url) did not take it: \(String(cString: curl_easy_strerror(code)))\(said)"
            )
        }
    }

    /// What is left of a message that is being sent.
    private struct Upload {
        let bytes: [UInt8]
        var offset = 0

        mutating func read(into buffer: UnsafeMutablePointer<CChar>, _ room: Int) -> Int {
            let count = min(room, bytes.count - offset)
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawPointer(buffer).copyMemory(from: source.baseAddress! + offset, byteCount: count)
            }
            offset += count
            return count
        }
    }

    /// Before any thread uses libcurl.
    private static let isStarted = ccurl_start() == CURLE_OK
}

/// Why mail was not sent. A part of a sentence.
public struct MailError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
