import HTTPTypes
import JSON

extension APIOperation {
    /// Those that only a personal API has.
    static let personal: [APIOperation] = [
        APIOperation(
            method: .post, path: "/collections/{collection}/move", id: "moveCollection", tag: .collections,
            summary: "Give a Collection another id",
            detail: "With the id of a container before the dot, it is shared with the container's members. "
                + "Its Items move with it.",
            parameters: [.ifMatch, .mustNotMatch],
            body: Body(schema: .collectionMove, example: #"{"id": "pn56su-dss-0001.fields"}"#),
            responses: [
                APIResponse(
                    "The Collection under its new id", .collection,
                    headers: [.entityTag, .location, .contentLanguage])
            ], failures: [.conflict, .preconditionFailed], handler: .write(STACServer.moveCollection))
    ]
}

extension APIParameter {
    static let curated = APIParameter(
        STACServer.curatedParameter, "Whether the platform's own Collections are there, too", ["type": "boolean"])
}
