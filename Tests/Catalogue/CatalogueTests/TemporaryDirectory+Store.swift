import Catalogue
import CatalogueTestKit
import GRDB
import TestKit

@testable import CatalogueSQLite

extension TemporaryDirectory {
    /// Does to a store what we never do.
    func execute(_ statement: String, in name: String) throws {
        try DatabaseQueue(path: path(name)).write { try $0.execute(sql: statement) }
    }

    /// A store with a collection whose number is 1, and Items with sequences from 2 on.
    func filledStore(_ name: String, itemCount: Int = 100) throws -> SQLiteItemStore {
        let store = try SQLiteItemStore(path: path(name))
        try store.write { transaction in
            let number = try transaction.putCollection(id: "a", body: [1]).number
            for index in 0..<itemCount {
                _ = try transaction.insert("item-\(index)", NewBody([UInt8](repeating: 7, count: 300)), in: number)
            }
        }
        return store
    }
}
