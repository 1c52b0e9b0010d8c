import SearchIndex

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs `body`, and converts index file errors to `CatalogueError`.
func indexErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as IndexFileError {
        throw [ENOSPC, EDQUOT].contains(error.code)
            ? CatalogueError(.storeFull, "The catalogue's disk is full.", cause: error)
            : CatalogueError(.storeFailed, "The index of the catalogue cannot be used.", cause: error)
    } catch let error as IndexDamage {
        throw CatalogueError(
            .indexDamaged, "The search index is damaged; 'terrabyte reindex' builds it anew.", cause: error)
    }
}
