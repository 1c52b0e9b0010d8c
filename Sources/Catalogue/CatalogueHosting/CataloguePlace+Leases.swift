import Catalogue
import DatabaseHosting
import Logging
import SQLDatabase
import ServiceModule

extension CataloguePlace {
    /// For work that one of the nodes does. A catalogue in a directory has one server only.
    ///
    /// - Throws: `CommandError` when their table cannot be made.
    func leases(isReadOnly: Bool, logger: Logger) throws -> WorkLeases {
        guard var configuration = database else { return WorkLeases(alone: logger) }
        // One for work that is being done, one for what is to be begun.
        configuration.poolSize = 2
        let database = Database(configuration, logger: logger)
        do {
            if !isReadOnly { try database.migrate(LeaseTable.migrations) }
        } catch let error as DatabaseError {
            throw CommandError("\(self): \(error.message)")
        }
        return WorkLeases(in: database, for: leaseDuration, logger: logger)
    }
}

extension WorkLeases {
    /// Purges and dictionaries of the store are up to one node.
    func upkeepTurn(logger: Logger) -> UpkeepTurn {
        { interval, body in
            do {
                _ = try await withLease("catalogue", every: interval) { keeper in await body { keeper.isCancelled } }
            } catch is CancellationError {
                // The server stops.
            } catch {
                logger.warning("The catalogue's lease cannot be taken", metadata: ["error": "\(error)"])
            }
        }
    }
}
