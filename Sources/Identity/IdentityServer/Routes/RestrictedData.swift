import Access
import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JSON

/// The three calls by which terrapi shows restricted data and accepts licences.
extension AdministrationServer {
    func addRestrictedData(to routes: inout RouteGroup) {
        let path = "/restricted-data"
        routes.add(
            .get, path + "/list-available-DSS",
            OpenAPIOperation("listAvailableContainers", "Restricted datasets, for terrapi", status: 200),
            handler { request in
                try checkNetwork(request)
                let datasets = try await store.datasets(for: request.principal.name)
                return response(["containers": .array(datasets.map { $0.dataset.summary($0.access) })])
            })
        routes.add(
            .get, path + "/request/container/{dataset}",
            OpenAPIOperation("getRestrictedContainer", "A restricted dataset, for terrapi", status: 200),
            handler { request in
                let (dataset, access) = try await dataset(request)
                var container = dataset.summary(access).object ?? [:]
                container["hrefs"] = .array(dataset.documents.map { .string(href($0)) })
                container["description"] = .string(dataset.description)
                return response(["container": .object(container)])
            })
        routes.add(
            .post, path + "/request/access/{dataset}",
            OpenAPIOperation(
                "requestAccess", "Accept a licence and get access, for terrapi",
                query: ["eulaAccept": "Must be True"], status: 200), handler(requestAccess))
    }

    private func requestAccess(_ request: EdgeRequest) async throws -> EdgeResponse {
        let found = try await dataset(request)
        let query = try RequestQuery(request, ["eulaAccept"])
        guard query.text("eulaAccept")?.lowercased() == "true" else {
            throw RequestQuery.invalid("eulaAccept", "must be True: access needs the licence accepted")
        }
        let access = try await store.acceptLicence(of: found.dataset.container, version: nil, by: actor(request))
        return response(["status": .string(access.rawValue)])
    }

    /// Whole: terrapi prints it.
    private func href(_ document: Dataset.Document) -> String {
        document.href.hasPrefix("/") ? location.origin + document.href : document.href
    }
}

extension Dataset {
    fileprivate func summary(_ access: DatasetAccess) -> JSONValue {
        ["name": .string(name), "id": .string(container), "status": .string(access.rawValue)]
    }
}
