import Access
import HTTPEdge
import HTTPTypes
import STACAPI

/// Which ids a Collection of a user or a container may get.
struct CollectionIDRule {
    let principal: Principal

    private static let mostBytes = 255
    private static let mostNamed = 20

    /// - Throws: `Problem` that names the prefixes which are allowed. It is the same whether or not there is such a
    ///   Collection already.
    func check(_ id: String) throws(Problem) {
        guard (1...Self.mostBytes).contains(id.utf8.count), id.utf8.allSatisfy(Self.isAllowed) else {
            throw Problem(
                .badRequest, "InvalidID",
                "id: a Collection's id has 1 to \(Self.mostBytes) characters: letters from a to z, digits, '-', '_' and '.'."
            )
        }
        let owner = CollectionSet.owner(of: id)?.text
        guard let owner, principal.writableOwners.contains(owner), id.utf8.count > owner.utf8.count + 1 else {
            throw Problem(.forbidden, "IDNotAllowed", "id: \(allowedPrefixes)")
        }
    }

    private var allowedPrefixes: String {
        let owners = principal.writableOwners.subtracting([principal.name]).sorted()
        var prefixes = principal.writableOwners.contains(principal.name) ? [principal.name] : []
        prefixes += owners.prefix(Self.mostNamed)
        guard !prefixes.isEmpty else { return "you have no Collections of your own, and none are shared with you." }
        let names = prefixes.map { "'\($0).'" }.joined(separator: ", ")
        let further =
            owners.count > Self.mostNamed ? " and those of \(owners.count - Self.mostNamed) more containers" : ""
        return "the id of your Collection must begin with \(prefixes.count > 1 ? "one of " : "")\(names)\(further)."
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
