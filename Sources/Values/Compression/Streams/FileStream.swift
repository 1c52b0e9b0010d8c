#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a file, a pipe or standard input as they are.
public final class FileStream: ByteStream {
    public let name: String
    public private(set) var consumed = 0
    /// Size of the file when it was opened, in bytes; `nil` for pipes and the like.
    public let byteCount: Int?
    private let descriptor: Int32
    private let closesDescriptor: Bool

    public init(path: String) throws(FileStreamError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileStreamError(path: path, action: "open", code: errno) }
        name = path
        self.descriptor = descriptor
        closesDescriptor = true
        byteCount = Self.size(descriptor)
        #if canImport(Glibc)
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        #endif
        // Reading a directory fails only at the first read, with a riddle for a message.
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw FileStreamError(path: path, action: "read", code: EISDIR)
        }
    }

    /// - Parameter descriptor: Stays open; it belongs to the caller.
    public init(descriptor: Int32, name: String) {
        self.name = name
        self.descriptor = descriptor
        closesDescriptor = false
        byteCount = Self.size(descriptor)
    }

    deinit {
        if closesDescriptor { close(descriptor) }
    }

    public static func standardInput() -> FileStream {
        FileStream(descriptor: STDIN_FILENO, name: "standard input")
    }

    /// Size of a regular file, in bytes; `nil` for pipes and the like, which are not opened, and where nothing is.
    public static func byteCount(ofFile path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    private static func size(_ descriptor: Int32) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, base, buffer.count)
            #else
                let count = Darwin.read(descriptor, base, buffer.count)
            #endif
            if count >= 0 {
                consumed += count
                return count
            }
            guard errno == EINTR else { throw FileStreamError(path: name, action: "read", code: errno) }
        }
    }
}

/// A file that the system did not let us open or read.
public struct FileStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// `open` or `read`.
    public let action: String
    /// The system's error number.
    public let code: Int32

    public init(path: String, action: String, code: Int32) {
        self.path = path
        self.action = action
        self.code = code
    }

    public var description: String { "\(path): cannot \(action): \(String(cString: strerror(code)))" }
}
