import Compression

/// The content of a small file, decompressed if it is gzip or zstd; `-`: of standard input.
func readFile(_ path: String) throws -> [UInt8] {
    let stream: any ByteStream = path == "-" ? FileStream.standardInput() : try FileStream(path: path)
    return try decoded(stream).readToEnd()
}
