public import JSON

/// Checks the structure of Items against the core of STAC 1.0.0 and 1.1.0, as their JSON Schemas do.
///
/// Extensions are not looked at, nor is the inside of `geometry`. Beyond the schemas:
///   - `id` holds no control characters and at most 1,024 bytes, and is not `.` or `..`;
///   - in `bbox` south is not above north, and an interval does not end before it starts: both are searched by.
///
/// Weaker than the schemas in one point: `collection` may stand without a link of that relation, which the API adds.
///
/// Source: [Item specification](https://github.com/radiantearth/stac-spec/blob/v1.1.0/item-spec/item-spec.md),
/// [its JSON Schema](https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/item.json).
public struct ItemValidator: Sendable {
    private let mayLackLinks: Bool

    /// - Parameter mayLackLinks: Whether an Item without `links` counts as one with an empty list: an API generates
    ///   links, and many clients send Items without any.
    public init(mayLackLinks: Bool = false) { self.mayLackLinks = mayLackLinks }

    /// - Parameter limit: No more issues than that are looked for.
    /// - Returns: Empty for a valid Item.
    /// - Complexity: O(*n*) in the members; no allocation for a valid Item of usual shape.
    public func issues(in item: JSONElement, limit: Int = 20) -> [ValidationIssue] {
        var validation = Validation(root: item, limit: limit)
        validation.item(mayLackLinks: mayLackLinks)
        return validation.issues
    }

    /// - Returns: `nil` for a valid Item.
    public func firstIssue(in item: JSONElement) -> ValidationIssue? { issues(in: item, limit: 1).first }
}

extension Validation {
    mutating func item(mayLackLinks: Bool) {
        let root = root
        guard root.kind == .object else { return report(root, "must be an object; is \(shown(root))") }
        var type: JSONElement?
        var id: JSONElement?
        var extensions: JSONElement?
        var geometry: JSONElement?
        var bbox: JSONElement?
        var properties: JSONElement?
        var links: JSONElement?
        var assets: JSONElement?
        var collection: JSONElement?
        var stacVersion: JSONElement?
        for (name, value) in root.members {
            let name = MemberName(name)
            switch name.count {
            case 2 where name == "id": id = value
            case 4 where name == "type": type = value
            case 4 where name == "bbox": bbox = value
            case 5 where name == "links": links = value
            case 6 where name == "assets": assets = value
            case 8 where name == "geometry": geometry = value
            case 10 where name == "properties": properties = value
            case 10 where name == "collection": collection = value
            case 12 where name == "stac_version": stacVersion = value
            case 15 where name == "stac_extensions": extensions = value
            default: break
            }
        }
        self.type(type, "Feature")
        version(stacVersion)
        identifier(id)
        if let extensions { strings(extensions, unique: true) }
        self.geometry(geometry, bbox)
        itemProperties(properties)
        let hasCollectionLink = links == nil && mayLackLinks ? false : self.links(links)
        if let collection {
            text(collection, allowsEmpty: false)
        } else if hasCollectionLink, !isPrerelease {
            // 1.0.0-rc.1 did not have this rule yet.
            report(root, "collection", "must be present, as there is a link with rel \"collection\"")
        }
        let hasBands = self.assets(assets, isRequired: true)
        if version == .oneOne, !hasBands, let bands = properties?.member("bands") {
            report(bands, "must not be there unless an asset has bands")
        }
    }

    private mutating func geometry(_ geometry: JSONElement?, _ bbox: JSONElement?) {
        guard let geometry else { return report(root, "geometry", "must be present, if only as null") }
        if geometry.isNull {
            if let bbox, !bbox.isNull { report(bbox, "must be left out when geometry is null") }
            return
        }
        if geometry.kind != .object {
            report(geometry, "must be a GeoJSON geometry or null; is \(shown(geometry))")
        } else if geometry.member("type")?.kind != .string {
            report(geometry, "type", "must be a string, the type of the geometry")
        }
        guard let bbox else { return report(root, "bbox", "must be present, as there is a geometry") }
        guard boundingBox(bbox) else { return }
        var numbers = (0.0, 0.0)
        let hasHeight = bbox.count == 6
        for (index, number) in bbox.elements.enumerated() {
            if index == 1 { numbers.0 = number.double ?? 0 }
            if index == (hasHeight ? 4 : 3) { numbers.1 = number.double ?? 0 }
        }
        if numbers.0 > numbers.1 { report(bbox, "must have south at or below north; is \(shown(bbox))") }
    }

    private mutating func itemProperties(_ properties: JSONElement?) {
        guard let properties else { return report(root, "properties", "must be present") }
        guard properties.kind == .object else {
            return report(properties, "must be an object; is \(shown(properties))")
        }
        let times = commonMetadata(properties)
        guard let datetime = times.datetime else {
            return report(properties, "datetime", "must be present, if only as null")
        }
        guard datetime.isNull else { return }
        // One without the other has been reported already.
        if times.start == nil, times.end == nil {
            report(properties, "start_datetime", "must be present with end_datetime, as datetime is null")
        }
    }
}
