import CPostgreSQL
import Foundation
import Synchronization
import TestKit
import Testing

/// A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket only, one for each process.
///
/// A shell watches over it that ends when this process does, however that is, and takes the server and the folder along.
/// Where tests run as root, which PostgreSQL refuses to, the server runs as `postgres` or `nobody`.
package final class PostgreSQLServer: Sendable {
    /// The programs of the newest version that is installed.
    private static let programs: String? = {
        let folder = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.compactMap { Int($0) } ?? []
        let candidates = versions.sorted(by: >).map { "\(folder)/\($0)/bin" } + ["/opt/homebrew/bin", "/usr/local/bin"]
        return candidates.first { path in
            ["initdb", "postgres", "pg_ctl"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: "\(path)/\($0)")
            }
        }
    }()

    package static var isInstalled: Bool { programs != nil }

    /// Of this process; started when it is first needed.
    package static func shared() throws -> PostgreSQLServer { try start.get() }
    private static let start = Result { try PostgreSQLServer() }

    package let folder: String
    private let port = 5432
    private let supervisor: Process
    private let commands = Pipe()
    private let administration = Mutex<UInt?>(nil)
    private let count = Mutex(0)
    /// Names of databases that are empty again.
    private let unused = Mutex<[String]>([])

    private init() throws {
        guard let programs = Self.programs else {
            throw ServerError("The programs of PostgreSQL's server are not installed.")
        }
        var template = Array((Self.parent + "/terrabyte-postgresql-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw ServerError("There is no temporary folder.") }
        folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        let asUser: [String]
        if getuid() == 0, let user = ["postgres", "nobody"].lazy.compactMap({ (name: String) in getpwnam(name) }).first
        {
            let (owner, group) = (user.pointee.pw_uid, user.pointee.pw_gid)
            chown(folder, owner, group)
            asUser = ["setpriv", "--reuid=\(owner)", "--regid=\(group)", "--clear-groups"]
        } else {
            asUser = ["env"]
        }
        supervisor = Process()
        supervisor.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        supervisor.arguments = ["setsid", "sh", "-c", Self.script, "sh", folder, programs] + asUser
        supervisor.currentDirectoryURL = URL(fileURLWithPath: folder)
        // Ends with this process.
        supervisor.standardInput = commands
        supervisor.standardOutput = FileHandle.nullDevice
        supervisor.standardError = FileHandle.nullDevice
        try supervisor.run()
        try waitUntilReady()
    }

    /// The system's temporary folder, unless the paths of sockets in it would be longer than those may be: 107 bytes with
    /// Linux, 103 with macOS.
    private static var parent: String {
        let folder = FileManager.default.temporaryDirectory.path
        return (folder + "/terrabyte-postgresql-XXXXXX/.s.PGSQL.5432").utf8.count <= 103 ? folder : "/tmp"
    }

    private static let script = #"""
        folder=$1 programs=$2
        shift 2
        stop() {
            stop_bouncer
            process=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null)
            [ -n "$process" ] && kill -QUIT "$process" && while kill -0 "$process"; do sleep 0.05; done
            rm -rf "$folder"
        }
        stop_bouncer() {
            process=$(cat "$folder/pgbouncer.pid" 2>/dev/null)
            [ -n "$process" ] && kill -KILL "$process"
            rm -f "$folder/pgbouncer.pid" "$folder"/.s.PGSQL.6432*
        }
        trap stop EXIT
        "$@" "$programs/initdb" -D "$folder/data" -U terrabyte -A trust -E UTF8 --no-sync \
            --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >"$folder/log" 2>&1 || exit 1
        cat >>"$folder/data/postgresql.conf" <<END
        listen_addresses = ''
        unix_socket_directories = '$folder'
        fsync = off
        shared_buffers = 32MB
        max_connections = 200
        deadlock_timeout = 100ms
        END
        "$@" "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w start >>"$folder/log" 2>&1 || exit 1
        while read -r number command; do
            case "$command" in
                start_bouncer) "$@" /usr/sbin/pgbouncer -d "$folder/pgbouncer.ini" ;;
                stop_bouncer) stop_bouncer ;;
                *) "$@" "$programs/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w $command ;;
            esac >>"$folder/log" 2>&1
            echo $? >"$folder/result-$number.new"
            mv "$folder/result-$number.new" "$folder/result-$number"
        done
        """#

    /// - Parameters:
    ///   - database: Name of the database.
    ///   - parameters: Of libpq, such as `&sslmode=disable`.
    package func url(_ database: String, _ parameters: String = "") -> String {
        "postgresql://terrabyte@/\(database)?host=\(folder)&port=\(port)\(parameters)"
    }

    /// Where PgBouncer listens, inside `withBouncer`.
    package func url(bouncer database: String) -> String {
        "postgresql://terrabyte@/\(database)?host=\(folder)&port=6432"
    }

    // MARK: Databases

    /// An empty database: one that another test has left, or a new one.
    package func makeDatabase() throws -> String {
        if let name = unused.withLock({ $0.popLast() }) { return name }
        let name = "test_\(nextNumber())"
        try execute("CREATE DATABASE \(name)")
        return name
    }

    /// Empties a database for another test, which is quicker than removing it.
    package func takeBack(_ name: String) throws {
        try cutConnections(to: name)
        try execute("ALTER DATABASE \(name) RESET ALL")
        let connection = PQconnectdb(url(name))
        defer { PQfinish(connection) }
        try execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public", on: connection)
        unused.withLock { $0.append(name) }
    }

    /// Runs a statement as an administrator, outside of transactions.
    ///
    /// - Returns: The first value of the result.
    @discardableResult
    package func execute(_ sql: String) throws -> String {
        try administration.withLock { address in
            var connection = address.flatMap { OpaquePointer(bitPattern: $0) }
            if connection == nil || PQstatus(connection) != CONNECTION_OK {
                if let connection { PQfinish(connection) }
                connection = PQconnectdb(url("postgres"))
                address = UInt(bitPattern: connection)
            }
            return try execute(sql, on: connection)
        }
    }

    /// Runs a statement in a database as somebody else does.
    ///
    /// - Returns: As above.
    @discardableResult
    package func execute(_ sql: String, in database: String) throws -> String {
        let connection = PQconnectdb(url(database))
        defer { PQfinish(connection) }
        return try execute(sql, on: connection)
    }

    @discardableResult
    private func execute(_ sql: String, on connection: OpaquePointer?) throws -> String {
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else {
            throw ServerError(String(cString: PQerrorMessage(connection)))
        }
        return PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : ""
    }

    private func nextNumber() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }

    // MARK: Faults

    /// Ends the server as a crash does, and starts it again.
    package func crashAndRestart() throws {
        try control("restart -m immediate")
        try waitUntilReady()
    }

    package func stop() throws { try control("stop -m immediate") }

    package func start() throws {
        try control("start")
        try waitUntilReady()
    }

    /// Cuts all connections to a database.
    package func cutConnections(to database: String) throws {
        try execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(database)'")
    }

    /// Has the supervisor run `pg_ctl`: a child of this process would hand its descriptors on to the server, and Foundation
    /// would wait for the server's end.
    private func control(_ command: String) throws {
        administration.withLock { address in
            if let connection = address.flatMap({ OpaquePointer(bitPattern: $0) }) { PQfinish(connection) }
            address = nil
        }
        let number = nextNumber()
        try commands.fileHandleForWriting.write(contentsOf: Data("\(number) \(command)\n".utf8))
        let file = "\(folder)/result-\(number)"
        try blockUntil("pg_ctl does not end") { FileManager.default.fileExists(atPath: file) }
        guard try String(contentsOfFile: file, encoding: .utf8) == "0\n" else {
            throw ServerError("pg_ctl \(command) has failed: \(log)")
        }
    }

    private func waitUntilReady() throws {
        try blockUntil("PostgreSQL does not start") {
            guard supervisor.isRunning else { throw ServerError("PostgreSQL does not start: \(log)") }
            return PQping(url("postgres")) == PQPING_OK
        }
    }

    private var log: String {
        ["log", "server.log"].compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
            .joined(separator: "\n")
    }

    // MARK: PgBouncer

    package static let isBouncerInstalled = FileManager.default.isExecutableFile(atPath: "/usr/sbin/pgbouncer")

    /// Runs `body` while PgBouncer, in transaction mode, is before this server.
    package func withBouncer<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        try """
        [databases]
        * = host=\(folder) port=\(port) user=terrabyte
        [pgbouncer]
        listen_addr =
        listen_port = 6432
        unix_socket_dir = \(folder)
        auth_type = any
        pool_mode = transaction
        default_pool_size = 4
        logfile = \(folder)/pgbouncer.log
        pidfile = \(folder)/pgbouncer.pid
        """.write(toFile: "\(folder)/pgbouncer.ini", atomically: false, encoding: .utf8)
        try control("start_bouncer")
        defer { try? control("stop_bouncer") }
        try await waitUntil("PgBouncer does not start") { PQping(url(bouncer: "postgres")) == PQPING_OK }
        return try await body()
    }
}

package struct ServerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
