import Catalogue
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension CatalogueError {
    /// - Parameter systemError: The `errno` of the call to the operating system that failed; 0 if unknown.
    init(_ error: DatabaseError, systemError: Int32 = 0) {
        let (code, message): (Code, String) =
            switch error.extendedResultCode {
            // SQLite reports a file system's quota (EDQUOT) as an I/O error, and so it does when a log index finds no
            // space.
            case .SQLITE_IOERR_WRITE where [ENOSPC, EDQUOT, EFBIG].contains(systemError), .SQLITE_IOERR_SHMSIZE:
                (.storeFull, "The catalogue's disk is full.")
            default:
                switch error.resultCode {
                case .SQLITE_FULL: (.storeFull, "The catalogue's disk is full.")
                case .SQLITE_BUSY, .SQLITE_LOCKED:
                    (.storeBusy, "The catalogue is being written by another process; try again later.")
                case .SQLITE_TOOBIG: (.invalid, "The value is too large to be stored.")
                case .SQLITE_CORRUPT: (.storeDamaged, "The catalogue's database is damaged.")
                case .SQLITE_NOTADB: (.storeUnsupported, "The file is not a catalogue.")
                case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                    (.notWritable, "There is no permission to write the catalogue's database.")
                case .SQLITE_CANTOPEN:
                    (
                        .storeFailed,
                        "The catalogue's database or its log cannot be opened: permission to read it is missing, or to write the log of a catalogue that was not closed."
                    )
                default: (.storeFailed, "The catalogue's database cannot be used.")
                }
            }
        // For the others, SQLite's own words say less than ours.
        let isExplained = [.storeFull, .storeBusy, .notWritable, .storeUnsupported].contains(code)
        self.init(code, message, cause: isExplained ? nil : error)
    }
}

/// Runs `body`, and converts SQLite errors to `CatalogueError`.
func catalogueErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw CatalogueError(error)
    }
}
