import CPostgreSQL

/// A PostgreSQL server and database, as libpq's URL says it. Describes itself without its password.
///
/// What the URL does not say comes from libpq's own sources: `PGPASSWORD`, `~/.pgpass`, a service file.
///
/// Source: [libpq, connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
public struct PostgreSQLURL: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// By libpq's keywords; those that the URL has.
    let parameters: [String: String]
    public let description: String

    /// - Throws: `unavailable` for an invalid URL, without a word of it.
    public init(_ text: String) throws(DatabaseError) {
        var message: UnsafeMutablePointer<CChar>?
        // libpq's message repeats parts of the URL.
        let options = PQconninfoParse(text, &message)
        if let message { PQfreemem(message) }
        guard let options else { throw Self.invalid }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        // A password with '/' or '@' in it ends up here.
        let (host, port, name) = (parameters["host"] ?? "", parameters["port"] ?? "", parameters["dbname"] ?? "")
        guard !host.contains("@"), !name.contains("@"), port.allSatisfy({ $0.isNumber || $0 == "," }) else {
            throw Self.invalid
        }
        self.parameters = parameters
        let user = parameters["user"].map { "\($0)@" } ?? ""
        description = "postgresql://\(user)\(host)\(port.isEmpty ? "" : ":\(port)")/\(name)"
    }

    private static let invalid = DatabaseError(
        .unavailable,
        "The URL of the database is not valid: it is 'postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…', with "
            + "special characters of the password percent-encoded ('/' is '%2F', '@' is '%40').")

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
