import Access
import HTTPTypes
import NIOCore

/// The operator, by a token: `Authorization: Bearer TOKEN`.
struct OperatorAuthenticator: Authenticator {
    private let token: [UInt8]?

    /// - Parameter token: `nil` or empty: there is no operator.
    init(token: String?) {
        self.token = token.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    var hasToken: Bool { token != nil }

    func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
        guard let token, let header = request.headerFields[.authorization] else { return nil }
        let parts = header.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, String(decoding: parts[0], as: UTF8.self).lowercased() == "bearer",
            isEqual(Array(parts[1]), token)
        else { return nil }
        return .operator
    }
}

/// Monitoring systems in the configured networks may read the metrics, unless through a proxy.
struct MonitoringAuthenticator: Authenticator {
    let networks: IPNetworks

    func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
        // Called for each request: the cheapest test comes first.
        guard request.path?.hasPrefix(OperationsRoutes.metricsPath) == true,
            !IPNetworks.isProxied(request.headerFields), networks.contains(peer)
        else { return nil }
        return Principal(.service, name: "monitoring", scopes: [.readMetrics])
    }
}

/// Takes a time that depends on the length of `given` only, so that the token cannot be guessed byte by byte.
private func isEqual(_ given: [UInt8], _ secret: [UInt8]) -> Bool {
    var difference = given.count ^ secret.count
    for (index, byte) in given.enumerated() { difference |= Int(byte ^ secret[index % secret.count]) }
    return difference == 0
}
