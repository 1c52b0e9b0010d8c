import JSON

/// Responses other than STAC's documents.
extension APISchema {
    static let responses: [Name: JSONValue] = [
        .aggregationCollection: object(
            nil, ["type": ["const": "AggregationCollection"], "aggregations": list(of: .aggregation), "links": links]),
        .aggregation: object(
            "A value, or how many Items there are in each bucket.",
            [
                "name": string, "data_type": string, "frequency_distribution_data_type": string,
                "value": ["type": ["integer", "number", "string", "null"], "description": "Null: of no Items."],
                "interval": ["type": ["string", "number"], "description": "The length of a bucket."],
                "buckets": [
                    "type": "array",
                    "items": object(
                        nil,
                        [
                            "key": string, "data_type": string, "frequency": count,
                            "from": ["type": "number"], "to": ["type": "number"],
                        ], required: ["key", "data_type", "frequency"]),
                ],
                "overflow": count.described("Items in buckets beyond the maximum number of buckets."),
            ], required: ["name", "data_type"]),
        .createdItems: object("After several Items.", ["created": count]),
        .createdCollections: [
            "description": "The Collection; of several, their number.",
            "oneOf": [.reference(to: .collection), object(nil, ["created": count])],
        ],
        .bulkReport: object(
            nil,
            [
                "created": count, "replaced": count, "unchanged": count,
                "rejected": [
                    "type": "array",
                    "items": object(
                        nil, ["id": string, "status": ["type": "integer"], "code": string, "detail": string]),
                ],
            ]),
        .deletedItem: object(nil, ["deleted item": string]),
        .deletedCollection: object(nil, ["deleted collection": string]),
        .jsonSchema: object(
            "A JSON Schema of the properties there are.",
            [
                "$schema": string, "$id": string, "type": ["const": "object"], "title": string,
                "properties": ["type": "object", "additionalProperties": ["type": "object"]],
                "additionalProperties": ["type": "boolean"],
            ]),
        .explanation: object(
            "How a search was done.",
            [
                "shape": string.described("The kinds of its conditions."),
                "plan": ["description": "The steps of the index."],
                "statistics": ["type": "object", "additionalProperties": count], "numberMatched": count,
                "numberReturned": count, "milliseconds": ["type": "number", "minimum": 0],
            ]),
        .openAPI: object(
            "An OpenAPI document.", ["openapi": string, "info": ["type": "object"], "paths": ["type": "object"]]),
        .problem: object(
            "A problem (RFC 9457).",
            [
                "type": string, "title": string.described("The status in words."), "status": ["type": "integer"],
                "detail": string.described("The cause of the problem, in a sentence."),
                "code": string.described("A short name for programs; does not change."),
                "description": string.described("As detail, for clients of STAC API."),
            ]),
    ]
}
