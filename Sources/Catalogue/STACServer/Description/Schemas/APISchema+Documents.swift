import JSON

/// The documents of STAC, as far as this API reads them; their own schemas have the rest.
///
/// Source: [STAC 1.1.0](https://github.com/radiantearth/stac-spec/tree/v1.1.0).
extension APISchema {
    static let documents: [Name: JSONValue] = [
        .item: object("A STAC Item: https://schemas.stacspec.org", itemMembers, required: requiredOfItems),
        .itemBody: object(
            "A STAC Item; the API makes the links between documents itself, so that there need be none.", itemMembers,
            required: requiredOfItems.filter { $0 != "links" }),
        .selectedItem: object(
            "An Item; with the parameter fields, that part of it that is selected.", itemMembers, required: []),
        .itemCollection: object(
            "A GeoJSON FeatureCollection.",
            [
                "type": ["const": "FeatureCollection"], "features": list(of: .selectedItem),
                "links": links.described("Links to other pages have the relations next and prev."),
                "numberMatched": count.described("On all pages together."), "numberReturned": count,
            ]),
        .collection: object(
            "A STAC Collection: https://schemas.stacspec.org", collectionMembers, required: requiredOfCollections),
        .selectedCollection: object(
            "A Collection; with the parameter fields, that part of it that is selected.", collectionMembers,
            required: []),
        .collections: page("collections"), .children: page("children"),
        .catalog: object(
            "A STAC Catalog.",
            catalogMembers.followed(by: [
                "links": links.described("Links to its content have the relations child and item.")
            ]), required: ["type", "stac_version", "id", "description", "links"]),
        .landingPage: object(
            "A STAC Catalog with conformance classes.",
            catalogMembers.followed(by: [
                "stac_extensions": strings, "language": ["type": "object"], "conformsTo": classes, "links": links,
            ]), required: ["type", "stac_version", "id", "description", "conformsTo", "links"]),
        .conformance: object(nil, ["conformsTo": classes]),
        .link: object(
            nil,
            [
                "rel": string.described("The relation of the link's target to this document."), "href": string,
                "type": string.described("Media type of the target."), "title": string,
                "hreflang": string.described("Language of the target."),
                "method": string.described("GET by default."),
                "body": ["type": "object", "description": "To be sent with POST."],
                "merge": ["type": "boolean", "description": "Whether the body is to be added to the one sent before."],
            ], required: ["rel", "href"]),
        .asset: object(
            "A file of an Item.",
            [
                "href": string.described("Where it is."), "type": string.described("Its media type."),
                "title": string, "description": string, "roles": strings,
            ], required: ["href"]),
        .geometry: geometry,
    ]

    private static let version: JSONValue = ["type": "string", "pattern": "^1\\.[01]\\.0"]
    private static let classes: JSONValue = [
        "type": "array", "items": ["type": "string", "format": "uri"], "description": "URIs of conformance classes.",
    ]

    private static let itemMembers: JSONObject = [
        "type": ["const": "Feature"], "stac_version": version, "stac_extensions": strings, "id": identifier,
        "collection": identifier,
        "geometry": [
            "anyOf": [.reference(to: .geometry), ["type": "null"]],
            "description": "The footprint, in longitudes and latitudes (CRS84).",
        ],
        "bbox": boundingBox.described(
            "Must be there with a geometry; the first number is above the third or fourth "
                + "when it crosses the antimeridian."),
        "properties": object(
            "When and how it was acquired.",
            [
                "datetime": [
                    "type": ["string", "null"], "format": "date-time",
                    "description": "UTC; null only with start_datetime and end_datetime.",
                ],
                "start_datetime": ["type": "string", "format": "date-time"],
                "end_datetime": ["type": "string", "format": "date-time"],
            ], required: []),
        "links": links, "assets": ["type": "object", "additionalProperties": .reference(to: .asset)],
    ]

    private static let requiredOfItems = [
        "type", "stac_version", "id", "geometry", "properties", "links", "assets",
    ]

    private static let collectionMembers: JSONObject = [
        "type": ["const": "Collection"], "stac_version": version, "stac_extensions": strings, "id": identifier,
        "title": string, "description": ["type": "string", "minLength": 1], "keywords": strings,
        "license": ["type": "string", "minLength": 1, "description": "SPDX identifier, or other."],
        "providers": ["type": "array", "items": object(nil, ["name": string], required: ["name"])],
        "extent": object(
            "Where and when its Items are.",
            [
                "spatial": object(nil, ["bbox": ["type": "array", "minItems": 1, "items": boundingBox]]),
                "temporal": object(
                    nil,
                    [
                        "interval": [
                            "type": "array", "minItems": 1,
                            "items": [
                                "type": "array", "minItems": 2, "maxItems": 2,
                                "items": ["type": ["string", "null"], "format": "date-time"],
                            ],
                        ]
                    ]),
            ]),
        "summaries": ["type": "object"],
        "assets": ["type": "object", "additionalProperties": .reference(to: .asset)],
        "item_assets": ["description": "The assets of its Items; an object since STAC 1.1.0."], "links": links,
    ]

    private static let requiredOfCollections = [
        "type", "stac_version", "id", "description", "license", "extent", "links",
    ]

    private static let catalogMembers: JSONObject = [
        "type": ["const": "Catalog"], "stac_version": version, "id": string, "title": string, "description": string,
    ]

    private static func page(_ name: String) -> JSONValue {
        object(
            "A page of Collections.",
            [
                name: list(of: .selectedCollection), "links": links,
                "numberMatched": count.described("On all pages together."), "numberReturned": count,
            ])
    }

    /// Source: [RFC 7946, section 3.1](https://www.rfc-editor.org/rfc/rfc7946#section-3.1).
    private static let geometry: JSONValue = {
        let position: JSONValue = ["type": "array", "items": ["type": "number"], "minItems": 2]
        func array(_ items: JSONValue, _ minimum: JSONValue = 1) -> JSONValue {
            ["type": "array", "items": items, "minItems": minimum]
        }
        func kind(_ type: JSONValue, _ member: String, _ schema: JSONValue) -> JSONValue {
            object(nil, ["type": ["const": type], member: schema])
        }
        let (line, ring) = (array(position, 2), array(position, 4))
        return [
            "description": "A GeoJSON geometry in longitudes and latitudes (CRS84).",
            "oneOf": [
                kind("Point", "coordinates", position), kind("MultiPoint", "coordinates", array(position)),
                kind("LineString", "coordinates", line), kind("MultiLineString", "coordinates", array(line)),
                kind("Polygon", "coordinates", array(ring)), kind("MultiPolygon", "coordinates", array(array(ring))),
                kind("GeometryCollection", "geometries", array(.reference(to: .geometry))),
            ],
        ]
    }()
}
