import HTTPTypes

extension APIOperation {
    static let aggregation: [APIOperation] =
        aggregation("", "Items", [.collections], list: "getAggregations", get: "getAggregate", post: "postAggregate")
        + aggregation(
            "/collections/{collection}", "a Collection's Items", [], list: "getCollectionAggregations",
            get: "getCollectionAggregate", post: "postCollectionAggregate")

    private static func aggregation(
        _ scope: String, _ items: String, _ parameters: [APIParameter], list: String, get: String, post: String
    ) -> [APIOperation] {
        let results = APIResponse("The results", .aggregationCollection)
        return [
            APIOperation(
                method: .get, path: scope + "/aggregations", id: list, tag: .aggregation,
                summary: "Available aggregations of \(items)",
                responses: [APIResponse("Names and types", .aggregationCollection)],
                handler: .read(STACServer.aggregations)),
            APIOperation(
                method: .get, path: scope + "/aggregate", id: get, tag: .aggregation, summary: "Aggregate \(items)",
                detail: "Aggregates the Items that satisfy all conditions. Further aggregations may have "
                    + "a parameter NAME_interval, too.",
                parameters: [.aggregations] + parameters + APIParameter.conditions + APIParameter.aggregationSettings,
                responses: [results], exampleQuery: "aggregations=total_count,datetime_frequency",
                handler: .read(STACServer.aggregateByQuery)),
            APIOperation(
                method: .post, path: scope + "/aggregate", id: post, tag: .aggregation, summary: "Aggregate \(items)",
                detail: "As GET, with parameters that may be longer.",
                body: Body(
                    schema: .aggregate,
                    example: #"{"aggregations": ["datetime_frequency"], "datetime_frequency_interval": "year"}"#),
                responses: [results], handler: .read(STACServer.aggregateByBody)),
        ]
    }
}
