import Access
import HTTPEdge
import HTTPTypes
import Identity
import JSON

extension AdministrationServer {
    func addDatasets(to routes: inout RouteGroup) {
        let path = "/api/datasets"
        routes.add(
            .get, path, OpenAPIOperation("listDatasets", "Restricted datasets, and your access to each", status: 200),
            handler { request in
                try checkNetwork(request)
                let datasets = try await store.datasets(for: request.principal.name)
                return response(["datasets": .array(datasets.map { $0.dataset.json($0.access) })])
            })
        routes.add(
            .get, path + "/{dataset}",
            OpenAPIOperation("getDataset", "A restricted dataset with the documents of its licence", status: 200),
            handler { request in
                let (dataset, access) = try await dataset(request)
                return response(dataset.json(access))
            })
        routes.add(
            .post, path + "/{dataset}/acceptance", bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "acceptLicence", "Accept the licence of a dataset, and get access",
                body: ["version": ["type": "integer", "description": "Of the licence that you have read"]],
                required: ["version"]), handler(acceptLicence))
    }

    func addAdministeredDatasets(to routes: inout RouteGroup) {
        let path = "/api/admin/datasets"
        let documents: JSONValue = [
            "type": "array",
            "items": [
                "type": "object", "properties": ["title": OpenAPIOperation.text, "href": OpenAPIOperation.text],
            ],
        ]
        routes.add(
            .post, path, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "addDataset", "Make a container restricted: its readers accept a licence",
                body: [
                    "container": OpenAPIOperation.text, "name": OpenAPIOperation.text,
                    "description": OpenAPIOperation.text, "eligible": OpenAPIOperation.texts, "documents": documents,
                ], required: ["container", "name", "eligible", "documents"], status: 201), handler(addDataset))
        routes.add(
            .put, path + "/{dataset}/documents", bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "setDocuments", "Change the licence: its readers have to accept it again",
                body: ["documents": documents], required: ["documents"]), handler(setDocuments))
        routes.add(
            .delete, path + "/{dataset}",
            OpenAPIOperation("deleteDataset", "Make the container an ordinary one again", status: 204),
            handler { request in
                try await store.deleteDataset(request.parameter("dataset"), by: actor(request))
                return noContent
            })
    }

    /// The dataset in the path, by its name or the id of its container.
    func dataset(_ request: EdgeRequest) async throws -> (dataset: Dataset, access: DatasetAccess) {
        try checkNetwork(request)
        let name = try request.parameter("dataset")
        guard let found = try await store.dataset(name, for: request.principal.name) else {
            throw IdentityError(.noSuchDataset, "There is no dataset '\(name)'.")
        }
        return found
    }

    /// Refuses clients outside the networks of the configuration, as the platform's login nodes are.
    func checkNetwork(_ request: EdgeRequest) throws(Problem) {
        guard let networks = configuration.restrictedDataNetworks else { return }
        let proxies = edge.configuration.trustedProxies
        guard let address = proxies.client(request.head.headerFields, peer: request.peer), networks.contains(address)
        else {
            throw Problem(
                .forbidden, "OtherNetwork",
                "Restricted data can be asked for from some networks only, such as login nodes.")
        }
    }

    private func acceptLicence(_ request: EdgeRequest) async throws -> EdgeResponse {
        let found = try await dataset(request)
        guard let version = try RequestDocument(request, ["version"]).integer("version") else {
            throw RequestDocument.invalid("version", "is missing")
        }
        let access = try await store.acceptLicence(
            of: found.dataset.container, version: Int64(version), by: actor(request))
        guard access != .notAllowed else { throw Problem.notEligible(found.dataset.name) }
        return response(found.dataset.json(access))
    }

    private func addDataset(_ request: EdgeRequest) async throws -> EdgeResponse {
        let document = try RequestDocument(request, ["container", "name", "description", "eligible", "documents"])
        let draft = DatasetDraft(
            try document.requiredText("container"), name: try document.requiredText("name"),
            description: try document.text("description") ?? "",
            eligible: Set((try document.texts("eligible") ?? []).map(Eligibility.init)),
            documents: try documents(document))
        try await store.addDataset(draft, by: actor(request))
        guard let found = try await store.dataset(draft.container, for: request.principal.name) else {
            throw IdentityError(.noSuchDataset, "There is no dataset '\(draft.name)'.")
        }
        return response(
            found.dataset.json(found.access), status: .created,
            location: "/api/datasets/\(percentEncoded(draft.container))")
    }

    private func setDocuments(_ request: EdgeRequest) async throws -> EdgeResponse {
        let documents = try documents(RequestDocument(request, ["documents"]))
        let name = try request.parameter("dataset")
        let version = try await store.setDocuments(documents, ofDataset: name, by: actor(request))
        return response(["version": JSONValue(Int(version))])
    }

    private func documents(_ document: RequestDocument) throws(Problem) -> [Dataset.Document] {
        var documents: [Dataset.Document] = []
        for object in try document.objects("documents") ?? [] {
            guard let href = object["href"]?.string else {
                throw RequestDocument.invalid("documents", "has a document without 'href'")
            }
            documents.append(Dataset.Document(title: object["title"]?.string ?? "", href: href))
        }
        return documents
    }
}

extension Problem {
    static func notEligible(_ name: String) -> Problem {
        Problem(.forbidden, "NotEligible", "Your account is not eligible for the dataset '\(name)'.")
    }
}
