import JSON
import Temporal

/// The Collection document of a series; the links of an API are not among its `links`.
///
/// `itemAssets` are a member of the core from STAC 1.1.0 on, before that of the item-assets extension.
func collectionDocument(
    id: String, version: String, extensions: [String], title: String, description: String, license: String,
    keywords: [String], providers: JSONValue, bboxes: [JSONValue], links: JSONValue = [], summaries: JSONValue,
    itemAssets: JSONValue
) -> JSONValue {
    [
        "type": "Collection",
        "stac_version": .string(version),
        "stac_extensions": .array(extensions.map(JSONValue.string)),
        "id": .string(id),
        "title": .string(title),
        "description": .string(description),
        "keywords": .array(keywords.map(JSONValue.string)),
        "license": .string(license),
        "providers": providers,
        "extent": [
            "spatial": ["bbox": .array(bboxes)],
            "temporal": [
                "interval": [
                    [
                        .string(Campaign.centralEurope.start.description),
                        .string(Campaign.centralEurope.end.description),
                    ]
                ]
            ],
        ],
        "links": links,
        "summaries": summaries,
        "item_assets": itemAssets,
    ]
}
