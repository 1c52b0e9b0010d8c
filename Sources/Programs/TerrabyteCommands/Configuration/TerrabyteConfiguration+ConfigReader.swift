import Configuration
import HTTPEdge
import Logging
import STACServer

extension TerrabyteConfiguration {
    /// - `operatorToken` (string, secret, default none): Who sends it may write over HTTP.
    /// - `log.level` (string, default `notice`): `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`;
    ///   `info` logs each request.
    /// - `cacheByteCount` (int, default 67108864): Memory for Items that are asked for again and again, in bytes; 0: none.
    /// - `warmUpByteCount` (int, default 2147483648): How much of the search index's files a server reads when it starts, in
    ///   bytes; not more than half of the memory that it can have; 0: nothing.
    /// - `export`: see `ExportConfiguration`.
    /// - `server`: see `EdgeConfiguration`.
    /// - `api`: see `STACServer.Configuration`.
    ///
    /// - Throws: `CommandError` with the key and what is wrong with its value.
    mutating func read(_ reader: ConfigReader) throws {
        if let token = reader.string(forKey: "operatorToken", isSecret: true), !token.isEmpty { operatorToken = token }
        if let level = reader.string(forKey: "log.level") {
            guard let level = Logger.Level(rawValue: level.lowercased()) else {
                throw CommandError("log.level: '\(level)' is none of the log levels trace to critical")
            }
            logLevel = level
        }
        cacheByteCount = try reader.number(forKey: "cacheByteCount", in: 0...(1 << 40)) ?? cacheByteCount
        warmUpByteCount = try reader.number(forKey: "warmUpByteCount", in: 0...(1 << 40)) ?? warmUpByteCount
        try Self.naming("export") { export = try ExportConfiguration(reader.scoped(to: "export")) }
        try Self.naming("server") { try edge.read(reader.scoped(to: "server")) }
        try Self.naming("api") { try api.read(reader.scoped(to: "api")) }
    }

    /// Puts the section's name before the key in an error.
    private static func naming(_ section: String, _ read: () throws -> Void) throws {
        do { try read() } catch let error as CommandError { throw CommandError("\(section).\(error)") }
    }
}
