import Catalogue
import SQLDatabase

extension CatalogueError {
    init(_ error: DatabaseError) {
        let (code, message): (Code, String) =
            switch error.kind {
            case .connectionLost where error.mayHaveCommitted:
                (
                    .storeBusy,
                    "The connection to the catalogue's database was lost at the end of a write: it is not known whether that is stored."
                )
            case .connectionLost: (.storeBusy, "The connection to the catalogue's database was lost; try again.")
            case .unavailable: (.storeBusy, "The catalogue's database cannot be reached.")
            case .poolExhausted: (.storeBusy, "The catalogue's database is busy; try again later.")
            case .timeout where error.code == "55P03":
                (.storeBusy, "The catalogue is being written by another process; try again later.")
            case .timeout, .busy, .serializationFailure, .deadlock, .cancelled:
                (.storeBusy, "The catalogue's database took too long; try again later.")
            case .diskFull: (.storeFull, "The disk of the catalogue's database is full.")
            case .readOnly, .notPermitted:
                (.notWritable, "There is no permission to write the catalogue's database.")
            case .tooLarge: (.invalid, "The value is too large to be stored.")
            case .schemaMismatch: (.storeUnsupported, error.message)
            case .damaged: (.storeDamaged, "The catalogue's database is damaged.")
            default: (.storeFailed, "The catalogue's database cannot be used.")
            }
        self.init(code, message, cause: error)
    }
}

/// Runs `body`, and converts errors of the database to `CatalogueError`.
func catalogueErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw CatalogueError(error)
    }
}
