import Catalogue
import Testing

extension ItemStoreBehaviour {
    static let versions = [
        Self("keeps versions that were replaced or removed") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let first = try store.insert("i", [1], in: number)
            let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: number) }
            #expect(try store.sequence(of: "i", in: number) == second)
            let removal = try store.write { try $0.remove(second, "i", in: number) }
            #expect(first < second && second < removal)
            #expect(try store.sequence(of: "i", in: number) == nil)
            let third = try store.insert("i", [3], in: number)
            #expect(try store.bodies([first, second, third]) == [0: [1], 1: [2], 2: [3]])
        },
        Self("purges versions up to a change, and nothing else") { factory in
            let store = try factory.open()
            let number = try store.putCollection("a")
            let first = try store.insert("i", [1], in: number)
            let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: number) }
            let removal = try store.write { try $0.remove(second, "i", in: number) }
            let third = try store.insert("i", [3], in: number)
            try store.purge(through: second)
            #expect(try store.bodies([first, second, third]) == [1: [2], 2: [3]])
            try store.purge(through: removal)
            try store.purge(through: first)
            #expect(try store.bodies([first, second, third]) == [2: [3]])
            try store.purge(through: .max)
            #expect(try store.bodies([third]) == [0: [3]])
            #expect(try store.sequence(of: "i", in: number) == third)
            #expect(try store.lastSequence() == third)
        },
    ]

    static let refusals = [
        Self("refuses a second Item with an id") { factory in
            let (store, number, first) = try storeWithItem(factory)
            try store.expectRefusal(.itemExists, itemID: "i") { try $0.insert("i", NewBody([2]), in: number) }
            #expect(try store.bodies([first]) == [0: [1]])
        },
        Self("refuses to write to a Collection that is not there") { factory in
            let (store, number, first) = try storeWithItem(factory)
            try store.expectRefusal(.noSuchCollection) { try $0.insert("i", NewBody([2]), in: number + 1) }
            try store.expectRefusal(.noSuchCollection) { try $0.replace(first, "i", NewBody([2]), in: number + 1) }
            try store.expectRefusal(.noSuchCollection) { try $0.remove(first, "i", in: number + 1) }
            try store.expectRefusal(.noSuchCollection) { try $0.removeCollection(number + 1) }
            try store.expectRefusal(.noSuchCollection) { try $0.addDictionary([1], for: number + 1) }
            _ = try store.write { try $0.removeCollection(number) }
            try store.expectRefusal(.noSuchCollection) { try $0.insert("j", NewBody([2]), in: number) }
            try store.expectRefusal(.noSuchCollection) { try $0.removeCollection(number) }
        },
        Self("refuses to replace or remove an Item that is not there") { factory in
            let (store, number, first) = try storeWithItem(factory)
            try store.expectRefusal(.noSuchItem, itemID: "j") { try $0.replace(first, "j", NewBody([2]), in: number) }
            try store.expectRefusal(.noSuchItem, itemID: "j") { try $0.remove(first, "j", in: number) }
        },
        Self("refuses to replace or remove a version that is not the current one") { factory in
            let (store, number, first) = try storeWithItem(factory)
            try store.expectRefusal(.preconditionFailed) { try $0.replace(first + 1, "i", NewBody([2]), in: number) }
            try store.expectRefusal(.preconditionFailed) { try $0.remove(first - 1, "i", in: number) }
            let second = try store.write { try $0.replace(first, "i", NewBody([2]), in: number) }
            try store.expectRefusal(.preconditionFailed) { try $0.remove(first, "i", in: number) }
            #expect(try store.sequence(of: "i", in: number) == second)
        },
        Self("refuses ids that are empty, too long, or contain NUL") { factory in
            let (store, number, _) = try storeWithItem(factory)
            for id in ["", "a\0b", "\0", String(repeating: "x", count: 1025)] {
                try store.expectRefusal(.invalid) { try $0.insert(id, NewBody([1]), in: number) }
                try store.expectRefusal(.invalid) { try $0.putCollection(id: id, body: []) }
            }
        },
        Self("commits a transaction without what was refused in it") { factory in
            let (store, number, first) = try storeWithItem(factory)
            let second = try store.write { transaction in
                expect(.itemExists) { try transaction.insert("i", NewBody([2]), in: number) }
                expect(.noSuchItem) { try transaction.remove(first, "j", in: number) }
                return try transaction.insert("j", NewBody([3]), in: number)
            }
            #expect(try store.bodies([first, second]) == [0: [1], 1: [3]])
        },
    ]

    /// A store with an Item `i` in a Collection.
    private static func storeWithItem(
        _ factory: any ItemStoreFactory
    ) throws -> (any ItemStore, CollectionNumber, SequenceNumber) {
        let store = try factory.open()
        let number = try store.putCollection("a")
        return (store, number, try store.insert("i", [1], in: number))
    }
}

extension ItemStore {
    /// Expects an operation to be refused, and a transaction to go on as if it had not been tried.
    fileprivate func expectRefusal<Result>(
        _ code: CatalogueError.Code, itemID: String? = nil, location: SourceLocation = #_sourceLocation,
        _ operation: (any ItemStoreTransaction) throws -> Result
    ) throws {
        let last = try lastSequence()
        try write { transaction in
            let error = expect(code, location: location) { try operation(transaction) }
            if let itemID { #expect(error?.itemID == itemID, sourceLocation: location) }
        }
        #expect(try lastSequence() == last, sourceLocation: location)
    }
}
