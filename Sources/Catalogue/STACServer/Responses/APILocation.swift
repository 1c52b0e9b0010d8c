import HTTPEdge

/// The addresses of the API's resources, as clients see them.
struct APILocation: Sendable, Hashable {
    let root: String

    init(_ base: LinkBase) {
        root = base.text
    }

    var landingPage: String { root + "/" }
    var conformance: String { root + "/conformance" }
    var openAPI: String { root + "/api" }
    var documentation: String { root + "/api.html" }
    var search: String { root + "/search" }
    var collections: String { root + "/collections" }
    var collectionsSearch: String { root + "/collections-search" }
    var collectionsQueryables: String { root + "/collections-queryables" }
    var collectionsSortables: String { root + "/collections-sortables" }
    var children: String { root + "/children" }
    var queryables: String { root + "/queryables" }
    var sortables: String { root + "/sortables" }
    var aggregate: String { root + "/aggregate" }
    var aggregations: String { root + "/aggregations" }
    func collection(_ id: String) -> String { collections + "/" + percentEncoded(id) }
    /// - Parameter period: `nil`: all times.
    func browse(_ collection: String, _ period: String?) -> String {
        self.collection(collection) + "/browse" + (period.map { "/" + $0 } ?? "")
    }
    func items(_ collection: String) -> String { self.collection(collection) + "/items" }
    func item(_ id: String, in collection: String) -> String { items(collection) + "/" + percentEncoded(id) }
    func queryables(_ collection: String) -> String { self.collection(collection) + "/queryables" }
    func aggregate(_ collection: String) -> String { self.collection(collection) + "/aggregate" }
    func aggregations(_ collection: String) -> String { self.collection(collection) + "/aggregations" }
    func sortables(_ collection: String) -> String { self.collection(collection) + "/sortables" }
}
