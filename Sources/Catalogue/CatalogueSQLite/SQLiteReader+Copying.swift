import GRDB
import GRDBSQLite

extension SQLiteReader {
    /// Copies the database as a whole to another connection's.
    func copy(to target: OpaquePointer) throws {
        guard let backup = sqlite3_backup_init(target, "main", connection, "main") else {
            throw DatabaseError(sqlite3_errcode(target), on: target)
        }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw DatabaseError(code, on: nil) }
    }
}
