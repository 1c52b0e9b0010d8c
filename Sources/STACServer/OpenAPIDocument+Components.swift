import JSON

extension OpenAPIDocument {
    static let parameters: JSONObject = {
        var parameters: JSONObject = [
            "collectionId": path("collectionId", "The Collection's id"), "itemId": path("itemId", "The Item's id"),
            "period": path("period", "A year, month, day or hour, such as 2024-05-17T08"),
            "If-Match": header("If-Match", "The ETag that the version to be replaced or deleted must have"),
            "If-None-Match": header("If-None-Match", "The ETag of the version that the client has"),
            "bbox": query(
                "bbox",
                "West, south, east, north in degrees; six numbers with elevations. West above east crosses the antimeridian.",
                ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 6], isList: true),
            "limit": query(
                "limit", "Items on a page; more than the maximum means the maximum", ["type": "integer", "minimum": 1]),
        ]
        for (name, description) in [
            ("language", "Preferred languages as in Accept-Language"),
            ("datetime", "An instant, or START/END with .. for an open side (RFC 3339)"),
            ("intersects", "GeoJSON geometry; not together with bbox"), ("token", "From a next or prev link"),
            ("q", "Words in the texts: with AND, OR, +, -, parentheses and quotes, or a list with commas"),
            ("query", "Conditions of the Query extension as JSON"), ("filter", "CQL2"),
            ("filter-lang", "cql2-text or cql2-json"), ("filter-crs", "CRS84 only"),
        ] {
            parameters[name] = query(name, description, ["type": "string"])
        }
        for (name, description) in [
            (
                "aggregations",
                "Names of aggregations; NAME_interval and NAME_precision say more about some of them"
            ), ("ids", "Ids of Items"), ("collections", "Ids of Collections"),
            ("sortby", "Property names, each with + or - before it"),
            ("fields", "Members to include, or with - before them, to exclude"),
        ] {
            parameters[name] = query(name, description, ["type": "array", "items": ["type": "string"]], isList: true)
        }
        return parameters
    }()

    private static func path(_ name: String, _ description: String) -> JSONValue {
        [
            "name": .string(name), "in": "path", "required": true, "description": .string(description),
            "schema": ["type": "string", "minLength": 1],
        ]
    }

    private static func header(_ name: String, _ description: String) -> JSONValue {
        ["name": .string(name), "in": "header", "description": .string(description), "schema": ["type": "string"]]
    }

    private static func query(
        _ name: String, _ description: String, _ schema: JSONValue, isList: Bool = false
    ) -> JSONValue {
        var object: JSONObject = [
            "name": .string(name), "in": "query", "description": .string(description), "schema": schema,
        ]
        if isList {
            object["style"] = "form"
            object["explode"] = false
        }
        return .object(object)
    }

    static let responses: JSONObject = {
        var responses: JSONObject = ["304": ["description": "The client has the current version"]]
        for (status, description) in [
            ("400", "A parameter or the body is wrong; the answer says which and why"),
            ("401", "The token is missing or wrong"),
            ("403", "Writing is switched off"), ("404", "There is no such Collection or Item"),
            ("409", "The id is taken"), ("412", "The current version is not the one in If-Match"),
            ("413", "The body is too large"), ("415", "The body has another form than can be taken"),
            ("500", "A fault of the server"),
            ("503", "Overloaded, or it took too long"),
            ("507", "The disk is full"),
        ] {
            responses[status] = [
                "description": .string(description),
                "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
            ]
        }
        responses["400-bulk"] = [
            "description": "The body is wrong, or none of the Items could be written",
            "content": [
                "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]],
                "application/json": ["schema": ["$ref": "#/components/schemas/BulkReport"]],
            ],
        ]
        return responses
    }()

    static let schemas: JSONObject = [
        "Object": ["type": "object"],
        "Catalog": object(["type": string, "id": string, "description": string, "conformsTo": strings, "links": links]),
        "TimeCatalog": object(["type": string, "id": string, "description": string, "links": links]),
        "Conformance": object(["conformsTo": strings]),
        "Link": [
            "type": "object", "required": ["rel", "href"],
            "properties": [
                "rel": string, "href": string, "type": string, "title": string, "method": string, "body": anObject,
                "merge": ["type": "boolean"],
            ],
        ],
        "Collections": object([
            "collections": list("SelectedCollection"), "links": links, "numberMatched": count, "numberReturned": count,
        ]),
        "Children": object([
            "children": list("SelectedCollection"), "links": links, "numberMatched": count, "numberReturned": count,
        ]),
        "BulkItems": [
            "type": "object", "required": ["items"],
            "properties": [
                "items": ["type": "object", "additionalProperties": ["$ref": "#/components/schemas/Item"]],
                "method": ["type": "string", "enum": ["insert", "upsert"]],
            ],
        ],
        "BulkReport": object([
            "created": count, "replaced": count, "unchanged": count, "rejected": list("BulkReject"),
        ]),
        "BulkReject": object(["id": string, "status": ["type": "integer"], "code": string, "detail": string]),
        "Collection": [
            "type": "object", "description": "A STAC Collection, https://schemas.stacspec.org",
            "required": ["id", "type", "description", "license", "extent"], "properties": collectionMembers,
        ],
        "SelectedCollection": [
            "type": "object", "description": "A STAC Collection, or what the parameter fields has left of it",
            "properties": collectionMembers,
        ],
        "Item": [
            "type": "object", "description": "A STAC Item, https://schemas.stacspec.org",
            "required": ["id", "type", "geometry", "properties"], "properties": itemMembers,
        ],
        "SelectedItem": [
            "type": "object", "description": "A STAC Item, or what the parameter fields has left of it",
            "properties": itemMembers,
        ],
        "CreatedItems": object(["created": count]),
        "ItemCollection": object([
            "type": ["type": "string", "enum": ["FeatureCollection"]], "features": list("SelectedItem"), "links": links,
            "numberMatched": count, "numberReturned": count,
        ]),
        "ItemOrItems": [
            "oneOf": [
                ["$ref": "#/components/schemas/Item"],
                [
                    "type": "object", "required": ["type", "features"],
                    "properties": [
                        "type": ["type": "string", "enum": ["FeatureCollection"]], "features": list("Item"),
                    ],
                ],
            ]
        ],
        "Search": [
            "type": "object",
            "properties": [
                "collections": strings, "ids": strings, "datetime": string, "intersects": anObject,
                "bbox": ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 6],
                "limit": ["type": "integer", "minimum": 1], "q": ["oneOf": [string, strings]], "query": anObject,
                "filter": [:], "filter-lang": string,
                "filter-crs": string, "token": string,
                "sortby": [
                    "type": "array",
                    "items": [
                        "type": "object", "required": ["field"],
                        "properties": [
                            "field": string, "direction": ["type": "string", "enum": ["asc", "desc"]],
                        ],
                    ],
                ],
                "fields": ["type": "object", "properties": ["include": strings, "exclude": strings]],
            ],
        ],
        "Aggregate": [
            "type": "object", "description": "Members NAME_interval and NAME_precision say more about an aggregation",
            "properties": [
                "aggregations": strings, "collections": strings, "ids": strings, "datetime": string,
                "intersects": anObject,
                "bbox": ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 6],
                "query": anObject, "filter": [:], "filter-lang": string, "filter-crs": string,
            ],
        ],
        "AggregationCollection": object([
            "type": ["type": "string", "enum": ["AggregationCollection"]],
            "aggregations": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["name", "data_type"],
                    "properties": [
                        "name": string, "data_type": string, "frequency_distribution_data_type": string,
                        "value": ["nullable": true], "interval": [:], "overflow": count,
                        "buckets": [
                            "type": "array",
                            "items": [
                                "type": "object", "required": ["key", "data_type", "frequency"],
                                "properties": [
                                    "key": string, "data_type": string, "frequency": count,
                                    "from": ["type": "number"], "to": ["type": "number"],
                                ],
                            ],
                        ],
                    ],
                ],
            ],
            "links": links,
        ]),
        "Problem": object([
            "type": string, "title": string, "status": ["type": "integer"], "detail": string, "code": string,
            "description": string,
        ]),
    ]

    private static let string: JSONValue = ["type": "string"]
    private static let strings: JSONValue = ["type": "array", "items": ["type": "string"]]
    private static let anObject: JSONValue = ["type": "object"]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let links = list("Link")
    private static let collectionMembers: JSONValue = [
        "id": string, "type": string, "title": string, "description": string, "license": string, "extent": anObject,
        "links": links,
    ]
    private static let itemMembers: JSONValue = [
        "id": string, "type": ["type": "string", "enum": ["Feature"]],
        "geometry": ["type": "object", "nullable": true], "properties": anObject, "assets": anObject, "links": links,
    ]

    private static func list(_ schema: String) -> JSONValue {
        ["type": "array", "items": ["$ref": .string("#/components/schemas/" + schema)]]
    }

    /// All members are there always.
    private static func object(_ properties: JSONObject) -> JSONValue {
        [
            "type": "object", "required": .array(properties.names.map(JSONValue.init(_:))),
            "properties": .object(properties),
        ]
    }
}
