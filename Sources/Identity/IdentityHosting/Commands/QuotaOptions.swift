import Access
import ArgumentParser

/// What an account or a container may have, as options of the commands that set it.
struct QuotaOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Collections at most.", valueName: "count")) var collections: Int?
    @Option(help: ArgumentHelp("Items of all of them at most.", valueName: "count")) var items: Int?
    @Option(help: ArgumentHelp("Bytes of these Items at most, as they are stored.", valueName: "count"))
    var bytes: Int?

    var quota: Quota { Quota(collections: collections, items: items, bytes: bytes) }

    /// One line about what has been set.
    func line(of owner: String) -> String {
        let parts = [("Collections", collections), ("Items", items), ("bytes", bytes)].compactMap { kind, limit in
            limit.map { "\($0) \(kind)" }
        }
        return "\(owner): \(parts.isEmpty ? "the server's quota" : parts.joined(separator: ", "))"
    }
}
