import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The output of commands: results to `output`, everything else to `errors`.
public struct Console: Sendable {
    public var output: @Sendable (String) -> Void
    public var errors: @Sendable (String) -> Void
    /// Whether `errors` is a terminal, so that a line may be overwritten.
    public var isTerminal: Bool

    public init(
        output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void, isTerminal: Bool
    ) {
        self.output = output
        self.errors = errors
        self.isTerminal = isTerminal
    }

    /// The process's own; another one in tests.
    @TaskLocal public static var current = Console(
        output: { write($0, to: STDOUT_FILENO) }, errors: { write($0, to: STDERR_FILENO) },
        isTerminal: isatty(STDERR_FILENO) == 1)

    public static func print(_ line: String) { current.output(line + "\n") }
    public static func status(_ line: String) { current.errors(line + "\n") }

    /// Unbuffered: printed lines survive a kill of the process.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let count = Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
