import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import STACAPI

extension STACServer {
    /// `POST /collections/{collection}/move` with `{"id": "CONTAINER.NAME"}`: gives a Collection another id, and with it
    /// another owner.
    func moveCollection(_ request: STACRequest) throws -> EdgeResponse {
        let id = try request.collectionID
        guard let new = try JSONValue(parsing: request.body)["id"]?.string, !new.isEmpty else {
            throw Problem.bodyMustBe("an object with the new \"id\"")
        }
        let source = try storedCollection(request)
        let expected = try expectedCollectionVersion(request, id)
        func move() throws -> StoredCollection {
            try request.catalogue.moveCollection(id: id, to: new, ifMatch: expected)
        }
        let moved: StoredCollection
        if CollectionSet.owner(of: new) == CollectionSet.owner(of: id) {
            moved = try creatingUncounted(new, request, move)
        } else {
            moved = try creating([new], request) {
                let count = try request.catalogue.search(SearchRequest(collections: [source.id], limit: 1)).matched
                return try adding(count, byteCount: 0, to: new, request, move)
            }
        }
        return try response(request, moved, .ok, location: request.location.collection(moved.id))
    }

    /// The owner has as much as before.
    private func creatingUncounted<Result>(
        _ id: String, _ request: STACRequest, _ write: () throws -> Result
    ) throws -> Result {
        try CollectionIDRule(principal: request.principal).check(id)
        return try write()
    }
}
