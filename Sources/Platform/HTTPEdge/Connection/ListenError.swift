import NIOCore

/// Why a server cannot listen on its address, for the operator.
public struct ListenError: Error, CustomStringConvertible {
    public let description: String

    /// - Returns: `nil` for errors that have nothing to do with the address.
    public init?(_ error: any Error, _ configuration: EdgeConfiguration) {
        switch error {
        case let error as IOError where error.description.hasPrefix("bind"):
            // As in `bind(descriptor:ptr:bytes:): Address already in use) (errno: 98)`.
            let system = error.description.split(separator: ": ").dropFirst().first ?? ""
            description =
                "The server cannot listen on \(configuration.authority): \(system.prefix { $0 != ")" }). Choose another "
                + "address or port (--host, --port), or end the program that listens there."
        case is SocketAddressError.UnknownHost:
            description = "The host '\(configuration.host)' has no address (server.host, or --host)."
        default: return nil
        }
    }
}

extension EdgeConfiguration {
    /// Host and port, as in a URL.
    public var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
