import Configuration
import HTTPEdge

extension EdgeConfiguration {
    /// - `host` (string, default `127.0.0.1`): Address to listen on.
    /// - `port` (int, default 8080): Port to listen on; 0: any free one.
    /// - `publicURL` (string, default none): Scheme and authority that links start with, such as
    ///   `https://stac.example.org`; none: as the client wrote it.
    /// - `trustedProxies` (string, default none): Addresses and networks, by commas, of proxies whose `Forwarded` or
    ///   `X-Forwarded-*` is believed.
    /// - `maximumBodyByteCount` (int, default 67108864): Largest accepted request body, in bytes.
    /// - `requestTimeoutSeconds` (int, default 60): How long a request may take.
    /// - `shutdownTimeoutSeconds` (int, default 20): How long running requests may go on after a signal to stop.
    /// - `threadCount` (int, default 8): Threads for calls that read; as many more write.
    /// - `gzipMinimumByteCount` (int, default 32768): Answers from this size on are compressed; 0: none is.
    /// - `answerMemoryByteCount` (int, default 16777216): Memory for small responses that are asked for again while
    ///   nothing has been written; 0: none is kept.
    /// - `maximumWaitingCount` (int, default 2048): Requests that may wait before others are refused.
    /// - `maximumWaitingCountPerClient` (int, default 256): The same of one client.
    /// - `requestsPerSecond` (int, default 0): Requests that one client may send, on average; 0: as many as it likes.
    /// - `requestBurst` (int, default 100): Requests that one client may send at once beside the average.
    /// - `metricsNetworks` (string, default `127.0.0.0/8, ::1`): Who may see `/metrics` without the operator's token.
    mutating func read(_ reader: ConfigReader) throws {
        host = reader.string(forKey: "host", default: host)
        port = try reader.number(forKey: "port", in: 0...65_535) ?? port
        if let url = reader.string(forKey: "publicURL"), !url.isEmpty { publicURL = try Self.checked(url) }
        if let proxies = reader.string(forKey: "trustedProxies") {
            do { trustedProxies = try IPNetworks(proxies) } catch { throw CommandError("trustedProxies: \(error)") }
        }
        maximumBodyByteCount =
            try reader.number(forKey: "maximumBodyByteCount", in: 1...(1 << 40)) ?? maximumBodyByteCount
        if let seconds = try reader.number(forKey: "requestTimeoutSeconds", in: 1...86_400) {
            requestTimeout = .seconds(seconds)
        }
        if let seconds = try reader.number(forKey: "shutdownTimeoutSeconds", in: 0...86_400) {
            shutdownTimeout = .seconds(seconds)
        }
        threadCount = try reader.number(forKey: "threadCount", in: 1...1_024) ?? threadCount
        if let byteCount = try reader.number(forKey: "gzipMinimumByteCount", in: 0...(1 << 40)) {
            gzipMinimumByteCount = byteCount == 0 ? nil : byteCount
        }
        maximumWaitingCount = try reader.number(forKey: "maximumWaitingCount", in: 1...1_000_000) ?? maximumWaitingCount
        maximumWaitingCountPerClient =
            try reader.number(forKey: "maximumWaitingCountPerClient", in: 1...1_000_000) ?? maximumWaitingCountPerClient
        if let count = try reader.number(forKey: "requestsPerSecond", in: 0...1_000_000) {
            requestsPerSecond = count == 0 ? nil : count
        }
        requestBurst = try reader.number(forKey: "requestBurst", in: 1...1_000_000) ?? requestBurst
        if let networks = reader.string(forKey: "metricsNetworks") {
            do {
                metricsNetworks = try IPNetworks(networks)
            } catch {
                throw CommandError("metricsNetworks: \(error)")
            }
        }
        answerMemoryByteCount =
            try reader.number(forKey: "answerMemoryByteCount", in: 0...(1 << 40)) ?? answerMemoryByteCount
    }

    /// It goes into links as it is.
    private static func checked(_ url: String) throws -> String {
        var url = url
        while url.last == "/" { url.removeLast() }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        else { throw CommandError("publicURL: '\(url)' is no http or https URL") }
        return url
    }
}

extension ConfigReader {
    /// - Returns: `nil` when there is no such key.
    func number(forKey key: ConfigKey, in range: ClosedRange<Int>) throws -> Int? {
        do {
            // Reading it as a string fails where a file has a number, and the other way round for the environment.
            guard let value = try int(forKey: key) ?? string(forKey: key).map({ try Self.number($0) }) else {
                return nil
            }
            guard range.contains(value) else {
                throw CommandError("\(value) is not in \(range.lowerBound)...\(range.upperBound)")
            }
            return value
        } catch {
            throw CommandError("\(key): \(line(for: error))")
        }
    }

    private static func number(_ text: String) throws -> Int {
        guard let value = Int(text) else { throw CommandError("'\(text)' is not a whole number") }
        return value
    }
}
