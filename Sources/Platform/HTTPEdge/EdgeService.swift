import Hummingbird
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The server while it listens.
struct EdgeService: Service {
    let edge: EdgeServer
    let table: RouteTable
    let onListening: @Sendable (Int) async -> Void

    func run() async throws {
        do {
            try await edge.application(table, isAlone: false, onListening: onListening).run()
        } catch let error as IOError {
            throw CannotListen(edge.configuration, Self.reason(error.errnoCode))
        } catch is SocketAddressError.UnknownHost {
            throw CannotListen(edge.configuration, "there is no such host")
        } catch is SocketAddressError {
            throw CannotListen(edge.configuration, "this is no address of a host")
        }
    }

    private static func reason(_ code: CInt) -> String {
        switch code {
        case EADDRINUSE: "another process does already"
        case EACCES: "this user may not; ports below 1024 need a right of their own"
        case EADDRNOTAVAIL: "the address is none of this machine"
        default: String(cString: strerror(code))
        }
    }
}

/// The server's address cannot be used.
struct CannotListen: Error, CustomStringConvertible {
    let description: String

    init(_ configuration: EdgeConfiguration, _ reason: String) {
        description = "Cannot listen on \(configuration.host), port \(configuration.port): \(reason)."
    }
}
