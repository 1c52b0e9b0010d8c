import Catalogue
import HTTPEdge
import JSON

extension STACServer {
    /// The parameter of queries and of search bodies that adds the curated Collections to one's own.
    static let curatedParameter = "curated"

    /// What a request may see. In a path, a curated Collection is there in any case, so that links lead to it.
    func visibility(for request: EdgeRequest) throws -> Visibility {
        let own = visibility(request.principal)
        guard configuration.visibleCollections == .personal else { return own }
        if request.parameters["collection"] != nil { return own.addingCurated() }
        return try curated(in: request.query) ?? configuration.includesCurated ? own.addingCurated() : own
    }

    /// The same, after a search's body.
    func request(_ request: STACRequest, withCuratedOf body: JSONObject) throws -> STACRequest {
        guard configuration.visibleCollections == .personal, !request.hasCollection,
            let value = body[Self.curatedParameter], !value.isNull
        else { return request }
        guard let isWanted = value.bool else { throw InvalidParameter(Self.curatedParameter, "must be true or false") }
        let own = visibility(request.principal)
        var request = request
        request.catalogue = request.catalogue.view(isWanted ? own.addingCurated() : own)
        return request
    }

    /// The body of a search. What the query says of curated Collections becomes part of it, so that the next page has it.
    func searchBody(_ request: STACRequest) throws -> JSONObject {
        guard var body = try JSONValue(parsing: request.body).object else { throw Problem.bodyMustBe("a JSON object") }
        if configuration.visibleCollections == .personal, body[Self.curatedParameter] == nil,
            let isWanted = try curated(in: request.query)
        {
            body[Self.curatedParameter] = .bool(isWanted)
        }
        return body
    }

    /// Whether the query of a search with a body has nothing else to say.
    func concernsCuratedOnly(_ query: String?) throws -> Bool {
        guard configuration.visibleCollections == .personal, let query, !query.isEmpty else { return false }
        return try QueryPair.pairs(in: query).allSatisfy { $0.name == Self.curatedParameter }
    }

    /// - Returns: `nil`: the query says nothing about it.
    private func curated(in query: String?) throws(InvalidParameter) -> Bool? {
        guard let query, query.contains(Self.curatedParameter),
            let pair = try QueryPair.pairs(in: query).last(where: { $0.name == Self.curatedParameter })
        else { return nil }
        switch pair.value {
        case "true": return true
        case "false": return false
        default: throw InvalidParameter(Self.curatedParameter, "must be true or false")
        }
    }
}
