import DatabaseHosting
import Identity
import SQLDatabase
import ServiceModule
import Spelling

extension CommonOptions {
    /// Runs `body` with the accounts and containers, for a command. Names that are not known get the nearest one.
    ///
    /// - Parameter creates: Whether a SQLite file and the tables are made where there are none.
    func withIdentity(creates: Bool = false, _ body: (IdentityStore) async throws -> Void) async throws {
        let settings = try IdentitySettings(try await configuration().settings.scoped(to: IdentityModule.name))
        try await withDatabase(creates: creates) { database in
            let store = IdentityStore(database, passwords: try PasswordHasher(), secretKey: settings.secretKey)
            try await store.migrate()
            do {
                try await body(store)
            } catch let error as IdentityError {
                throw CommandError(try await store.message(of: error))
            }
        }
    }
}

extension IdentityStore {
    /// With the name that was probably meant.
    fileprivate func message(of error: IdentityError) async throws -> String {
        guard let name = error.subject else { return error.message }
        let known =
            switch error.code {
            case .noSuchContainer: try await containers().map(\.id)
            case .noSuchClient: try await clients().map(\.id)
            default: try await accounts().map(\.name)
            }
        return "\(error.message.dropLast())\(suggestion(for: name, among: known))."
    }
}
