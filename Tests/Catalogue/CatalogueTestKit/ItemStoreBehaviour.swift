import Catalogue
public import Testing

/// Something that every `ItemStore` does, as a test of its own:
///
///     @Test("does what every store does", arguments: ItemStoreBehaviour.all)
///     func conforms(_ behaviour: ItemStoreBehaviour) async throws {
///         try await behaviour.check(Factory())
///     }
public struct ItemStoreBehaviour: Sendable, CustomTestStringConvertible {
    /// A sentence whose subject is the store.
    public let testDescription: String
    private let expectations: @Sendable (any ItemStoreFactory) async throws -> Void

    init(_ description: String, _ expectations: @escaping @Sendable (any ItemStoreFactory) async throws -> Void) {
        testDescription = description
        self.expectations = expectations
    }

    public static let all =
        collections + items + versions + refusals + transactions + dictionaries + feed + processes + snapshots
        + maintenance

    /// Checks that stores do it, and are in order afterwards.
    ///
    /// - Parameter factory: Of a store that is empty, and for this call alone.
    public func check(_ factory: some ItemStoreFactory) async throws {
        try await expectations(factory)
        #expect(try factory.open().integrityCheck() == [])
    }
}
