import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

extension STACServer {
    func landingPage(_ request: STACRequest) throws -> EdgeResponse {
        try LanguagePreferences.check(QueryPair.pairs(in: request.query))
        let location = request.location
        let json = MediaType.json
        var links = [
            Link("self", json, location.landingPage), Link("root", json, location.landingPage),
            Link("data", json, location.collections, title: "Collections"),
            Link("children", json, location.children, title: "Collections, as children"),
            Link("conformance", json, location.conformance, title: "Conformance classes"),
            Link("service-desc", MediaType.openAPI, location.openAPI, title: "OpenAPI description"),
            Link("service-doc", "text/html", location.documentation, title: "Documentation"),
        ].map { $0.inLanguage(configuration.language).json }
        for method in ["GET", "POST"] {
            links.append([
                "rel": "search", "type": .string(MediaType.geoJSON), "href": .string(location.search),
                "title": "Item search", "method": .string(method),
            ])
        }
        for method in ["GET", "POST"] {
            links.append([
                "rel": "aggregate", "type": .string(json), "href": .string(location.aggregate),
                "title": "Aggregation of Items", "method": .string(method),
            ])
        }
        links.append(Link("aggregations", json, location.aggregations, title: "Available aggregations").json)
        links.append(Link(Relation.queryables, MediaType.schema, location.queryables, title: "Queryables").json)
        links.append(Link(Relation.sortables, MediaType.schema, location.sortables, title: "Sortables").json)
        for collection in try request.catalogue.collections() {
            if collection.isDamaged {
                links.append(
                    Link("child", json, location.collection(collection.id), title: "\(collection.id) (damaged)").json)
                continue
            }
            let document = try CollectionDocument(collection)
            links.append(
                Link("child", json, location.collection(document.id), title: document.title ?? document.id)
                    .inLanguage(document.language).json)
        }
        var page = response(
            request,
            [
                "type": "Catalog", "stac_version": "1.1.0", "stac_extensions": [.string(Self.languageExtension)],
                "language": ["code": .string(configuration.language)], "id": .string(configuration.id),
                "title": .string(configuration.title), "description": .string(configuration.description),
                "conformsTo": Self.conformsTo, "links": .array(links),
            ])
        if HTTPField.isValidValue(configuration.language) {
            page.headers[.contentLanguage] = configuration.language
        }
        return page
    }

    private static let languageExtension = "https://stac-extensions.github.io/language/v1.0.0/schema.json"

    func conformance(_ request: STACRequest) throws -> EdgeResponse {
        response(request, ["conformsTo": Self.conformsTo])
    }

    private static let conformsTo = JSONValue.array(Conformance.classes.map(JSONValue.init(_:)))

    func openAPI(_ request: STACRequest) throws -> EdgeResponse {
        response(request, description.openAPI.json(request.location.root), MediaType.openAPI)
    }

    func documentation(_ request: STACRequest) throws -> EdgeResponse {
        let page = DocumentationPage(configuration, description.operations, request.location)
        var response = response(request, ByteBuffer(string: page.html), MediaType.html)
        response.headers[.contentSecurityPolicy] = page.contentSecurityPolicy
        response.headers[.contentLanguage] = "en"
        return response
    }
}
