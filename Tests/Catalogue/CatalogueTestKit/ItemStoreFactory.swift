public import Catalogue

/// Makes what a test of a store needs.
public protocol ItemStoreFactory: Sendable {
    /// Opens the store as one more process would: what one of the results writes, all read. Empty at first.
    func open() throws -> any ItemStore

    /// Opens what `ItemStore.backup` has written, of a store that does that.
    func openBackup(inDirectory directory: String) throws -> any ItemStore

    /// A directory with nothing in it, another one at each call.
    func makeDirectory() throws -> String
}
