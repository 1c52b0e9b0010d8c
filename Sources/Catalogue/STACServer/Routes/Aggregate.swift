import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore
import STACAPI

extension STACServer {
    func aggregateByQuery(_ request: STACRequest) throws -> EdgeResponse {
        let query = try QueryPair.pairs(in: request.query)
        return try aggregate(request, AggregationParameters(query: query), SearchParameters(query: query), query)
    }

    func aggregateByBody(_ request: STACRequest) throws -> EdgeResponse {
        let body = try searchBody(request)
        let request = try self.request(request, withCuratedOf: body)
        return try aggregate(request, AggregationParameters(body: body), SearchParameters(body: body), [])
    }

    private func aggregate(
        _ request: STACRequest, _ wanted: AggregationParameters, _ parameters: SearchParameters, _ query: [QueryPair]
    ) throws -> EdgeResponse {
        let id = try aggregatedCollection(request)
        let search = try SearchRequest(conditions: parameters, in: id)
        let warnings = try warnings(about: search, parameters, request, known: AggregationParameters.allNames)
        // Parameters of aggregations that are not requested must be valid, too.
        for aggregation in AvailableAggregation.constant { _ = try wanted.aggregation(aggregation) }
        let chosen = try chosen(wanted.names, in: id, request.catalogue)
        let aggregations = try chosen.map { try wanted.aggregation($0) }
        let results: [AggregationResult]
        do {
            results =
                aggregations.isEmpty
                ? []
                : try measured(search, request) { budget in
                    try request.catalogue.aggregate(search, aggregations, budget)
                }
        } catch .tooManyBuckets(let aggregation) as AggregationError {
            let name = zip(chosen, aggregations).first { $1 == aggregation }?.0.name ?? "aggregations"
            throw InvalidParameter(
                AggregationParameters.interval(name), "\(AggregationError.tooManyBuckets(aggregation))")
        }
        let path = id.map(request.location.aggregate(_:)) ?? request.location.aggregate
        let url = query.isEmpty ? path : path + "?" + QueryPair.query(query)
        var response = response(request, id, at: url) { body in
            for (index, ((available, aggregation), result)) in zip(zip(chosen, aggregations), results).enumerated() {
                if index > 0 { body.append(UInt8(ascii: ",")) }
                result.write(available, aggregation, to: &body)
            }
        }
        response.headers.append(warnings)
        return response
    }

    /// The available aggregations: of all Collections, or of the one in the path.
    func aggregations(_ request: STACRequest) throws -> EdgeResponse {
        let id = try aggregatedCollection(request)
        let all = AvailableAggregation.all(for: try request.catalogue.queryables(collection: id))
        let location = id.map(request.location.aggregations(_:)) ?? request.location.aggregations
        return response(request, id, at: location) { body in
            for (index, aggregation) in all.enumerated() {
                if index > 0 { body.append(UInt8(ascii: ",")) }
                aggregation.json.write(to: &body)
            }
        }
    }

    private func aggregatedCollection(_ request: STACRequest) throws -> String? {
        request.hasCollection ? try storedCollection(request).id : nil
    }

    private func chosen(
        _ names: [String], in collection: String?, _ catalogue: any CatalogueService
    ) throws -> [AvailableAggregation] {
        var known = AvailableAggregation.general
        func find(_ name: String) -> AvailableAggregation? { known.first { $0.name == name } }
        if names.contains(where: { find($0) == nil }) {
            known = AvailableAggregation.all(for: try catalogue.queryables(collection: collection))
            // Without a Collection, an aggregation with a name of its own may be requested regardless of the Items'
            // properties.
            if collection == nil { known += AvailableAggregation.named.map(\.aggregation) }
        }
        return try names.map { name in
            guard let aggregation = find(name) else {
                let there = known.map(\.name).joined(separator: ", ")
                throw InvalidParameter("aggregations", "names '\(name)', which is not one of \(there)")
            }
            return aggregation
        }
    }

    /// - Parameter writeAggregations: Appends the objects of the array, with commas between.
    private func response(
        _ request: STACRequest, _ collection: String?, at url: String, _ writeAggregations: (inout [UInt8]) -> Void
    ) -> EdgeResponse {
        var links = [
            Link("self", MediaType.json, url), Link("root", MediaType.json, request.location.landingPage),
        ]
        if let collection {
            links.append(Link("collection", MediaType.json, request.location.collection(collection)))
        }
        var body = Array("{\"type\":\"AggregationCollection\",\"aggregations\":[".utf8)
        writeAggregations(&body)
        body.append(contentsOf: "],\"links\":".utf8)
        Link.json(links).write(to: &body)
        body.append(UInt8(ascii: "}"))
        return response(request, ByteBuffer(bytes: body), MediaType.json)
    }
}

extension AvailableAggregation {
    fileprivate var json: JSONValue {
        guard hasBuckets else { return ["name": .string(name), "data_type": .string(type.rawValue)] }
        return [
            "name": .string(name), "data_type": "frequency_distribution",
            "frequency_distribution_data_type": .string(type.rawValue),
        ]
    }
}
