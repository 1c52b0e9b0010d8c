#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The name of this machine, as the system has it: Foundation's asks the name servers.
public enum HostName {
    public static let current: String = {
        var name = [CChar](repeating: 0, count: 256)
        // One that is too long is cut, perhaps without its end.
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }()
}
