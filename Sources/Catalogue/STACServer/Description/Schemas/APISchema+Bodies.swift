import JSON
import STACAPI

/// The bodies of requests. Searches ignore other members; null means absent.
extension APISchema {
    static let bodies: [Name: JSONValue] = [
        .search: object(
            "Conditions that all must hold, and what to include.",
            ofCollections.followed(by: conditions).followed(by: paging).followed(by: assetLocations), required: []),
        .collectionSearch: object(
            "Conditions that all must hold, and members to include.", conditions.followed(by: paging), required: []),
        .aggregate: aggregate,
        .query: [
            "type": "object", "description": "Operators by the names of properties, all of which must hold.",
            "additionalProperties": [
                "type": "object", "properties": .object(operators), "additionalProperties": false,
            ],
        ],
        .filter: [
            "description": "CQL2 JSON: an operator with its arguments, or a Boolean.",
            "anyOf": [
                ["type": "boolean"],
                object(nil, ["op": string.described("Such as and, <=, s_intersects."), "args": ["type": "array"]]),
            ],
        ],
        .itemOrItems: [
            "description": "An Item, or several, all of which are created or none.",
            "oneOf": [
                .reference(to: .itemBody),
                object(nil, ["type": ["const": "FeatureCollection"], "features": list(of: .itemBody)]),
            ],
        ],
        .collectionOrCollections: [
            "description": "A Collection, or several, all of which are created or none.",
            "oneOf": [.reference(to: .collection), object(nil, ["collections": list(of: .collection)])],
        ],
        .bulkItems: object(
            nil,
            [
                "items": [
                    "type": "object", "additionalProperties": ["type": "object"],
                    "description": "Items by their ids; the response reports invalid ones.",
                ],
                "method": [
                    "type": "string", "enum": ["insert", "upsert"], "default": "insert",
                    "description": "Whether an Item that is there already is left as it is or replaced.",
                ],
            ], required: ["items"]),
        .collectionMove: object(nil, ["id": string.described("The new id.")], required: ["id"]),
        .mergePatch: [
            "type": "object",
            "description": "Members to set, or null to remove (RFC 7396). Members of objects are changed one by one.",
        ],
    ]

    private static let oneOrSeveral: JSONValue = ["type": ["array", "string", "null"], "items": ["type": "string"]]

    private static let ofCollections: JSONObject = ["collections": oneOrSeveral.described("Ids of Collections.")]

    private static let conditions: JSONObject = [
        "ids": oneOrSeveral.described("Ids."),
        "bbox": [
            "anyOf": [boundingBox, ["type": "null"]],
            "description": """
            West, south, east, north in degrees (CRS84); six numbers with elevations in metres. West above east \
            crosses the antimeridian. Not together with intersects.
            """,
        ],
        "intersects": [
            "anyOf": [.reference(to: .geometry), ["type": "null"]], "description": "Not together with bbox.",
        ],
        "datetime": [
            "anyOf": [interval, ["type": "null"]],
            "description": "An instant, or START/END with .. or nothing for an open side (RFC 3339).",
        ],
        "q": oneOrSeveral.described(
            "Words in the texts: a string with AND, OR, +, -, parentheses and quotes, or an array of terms."),
        "query": ["anyOf": [.reference(to: .query), ["type": "null"]]],
        "filter": [
            "anyOf": [.reference(to: .filter), ["type": ["string", "null"]]],
            "description": "A condition in CQL2 JSON, or a string in CQL2 text.",
        ],
        "filter-lang": [
            "enum": ["cql2-json", "cql2-text", nil], "description": "Needed for CQL2 JSON that is in a string.",
        ],
        "filter-crs": [
            "enum": .array(SearchRequest.knownCRS.map(JSONValue.init(_:)) + [nil]),
            "description": "The coordinates in filter: longitude and latitude only.",
        ],
    ]

    private static let paging: JSONObject = [
        "sortby": [
            "type": ["array", "null"],
            "items": [
                "anyOf": [
                    object(
                        nil,
                        [
                            "field": ["type": "string", "minLength": 1],
                            "direction": ["enum": ["asc", "desc", nil], "default": "asc"],
                        ], required: ["field"]),
                    ["type": "string", "pattern": "^[+-]?.+$"],
                ]
            ],
        ],
        "fields": [
            "type": "object", "description": "Members of members with points between.",
            "properties": [
                "include": ["type": ["array", "null"], "items": string],
                "exclude": ["type": ["array", "null"], "items": string],
            ],
        ],
        "limit": ["type": ["integer", "null"], "minimum": 1],
        "token": ["type": ["string", "null"], "description": "From a next or prev link."],
    ]

    /// Of any type, since it is ignored where there is only one location.
    private static let assetLocations: JSONObject = [
        STACServer.assetLocationParameter: ["description": "A string: as the parameter of the query of that name."]
    ]

    private static let aggregate: JSONValue = {
        let names = oneOrSeveral.described("Names of aggregations, as /aggregations lists them.")
        var members: JSONObject = ["aggregations": names]
        members = members.followed(by: ofCollections).followed(by: conditions)
        for parameter in APIParameter.aggregationSettings {
            members[parameter.name] = parameter.schema.described(parameter.description + ".")
        }
        return object(
            "Conditions that all must hold, and the aggregations. Further aggregations may have NAME_interval.",
            members,
            required: [])
    }()

    /// Source: [STAC API - Query 1.0.0](https://github.com/stac-api-extensions/query).
    private static let operators: JSONObject = {
        let (scalar, withNull): (JSONValue, JSONValue) = (
            ["type": ["string", "number", "boolean"]], ["type": ["string", "number", "boolean", "null"]]
        )
        return [
            "eq": withNull, "neq": withNull, "lt": scalar, "lte": scalar, "gt": scalar, "gte": scalar,
            "startsWith": string, "endsWith": string, "contains": string, "in": ["type": "array", "items": scalar],
        ]
    }()
}
