public import JSON

/// Checks the structure of Collections against the core of STAC 1.0.0 and 1.1.0, as their JSON Schemas do.
///
/// Beyond the schemas: `id` as in Items.
///
/// Source: [Collection specification](https://github.com/radiantearth/stac-spec/blob/v1.1.0/collection-spec/collection-spec.md),
/// [its JSON Schema](https://schemas.stacspec.org/v1.1.0/collection-spec/json-schema/collection.json).
public struct CollectionValidator: Sendable {
    public init() {}

    /// - Parameter limit: No more issues than that are looked for.
    /// - Returns: Empty for a valid Collection.
    public func issues(in collection: JSONElement, limit: Int = 20) -> [ValidationIssue] {
        var validation = Validation(root: collection, limit: limit)
        validation.collection()
        return validation.issues
    }

    /// - Returns: `nil` for a valid Collection.
    public func firstIssue(in collection: JSONElement) -> ValidationIssue? {
        issues(in: collection, limit: 1).first
    }
}

extension Validation {
    mutating func collection() {
        let root = root
        guard root.kind == .object else { return report(root, "must be an object; is \(shown(root))") }
        if !isBeforeTypes(root) { type(root.member("type"), "Collection") }
        version(root.member("stac_version"))
        identifier(root.member("id"))
        if let extensions = root.member("stac_extensions") { strings(extensions, unique: true) }
        if let description = root.member("description") {
            text(description, allowsEmpty: false)
        } else {
            report(root, "description", "must be present")
        }
        if root.member("license") == nil { report(root, "license", "must be present") }
        if version == .oneZero, let keywords = root.member("keywords") { strings(keywords) }
        collectionMetadata()
        extent(root.member("extent"))
        _ = links(root.member("links"))
        assets(root.member("assets"), isRequired: false)
        if version == .oneOne, let assets = root.member("item_assets") { itemAssets(assets) }
        if let summaries = root.member("summaries") { self.summaries(summaries) }
    }

    /// Whether this is a Collection of 1.0.0-beta.1 or 1.0.0-beta.2, which had no `type`.
    private func isBeforeTypes(_ root: JSONElement) -> Bool {
        root.member("type") == nil && root.member("extent") != nil
            && root.member("stac_version")?.plainStringBytes?.starts(with: "1.0.0-beta.") == true
    }

    /// In 1.0.0 only the four members that a Collection's own schema names.
    private mutating func collectionMetadata() {
        var times = Times()
        for (name, value) in root.members {
            let name = MemberName(name)
            guard !(name == "description") else { continue }
            if version == .oneOne || name == "title" || name == "license" || name == "providers" {
                commonMember(name, value, &times)
            }
        }
        interval(times, of: root)
    }

    private mutating func extent(_ extent: JSONElement?) {
        guard let extent else { return report(root, "extent", "must be present") }
        guard extent.kind == .object else { return report(extent, "must be an object; is \(shown(extent))") }
        if let boxes = part(of: extent, "spatial", "bbox") {
            var count = 0
            for bbox in boxes.elements {
                count += 1
                boundingBox(bbox)
            }
            if count == 0 { report(boxes, "must have one bounding box or more") }
            if version == .oneOne, count == 2 {
                report(boxes, "must have one bounding box, or one around all and two or more parts; has 2")
            }
        }
        if let intervals = part(of: extent, "temporal", "interval") {
            var count = 0
            for interval in intervals.elements {
                count += 1
                guard interval.kind == .array, interval.count == 2 else {
                    report(interval, "must be an array of a start and an end; is \(shown(interval))")
                    continue
                }
                for bound in interval.elements { instant(bound, allowsNull: true) }
            }
            if count == 0 { report(intervals, "must have one interval or more") }
        }
    }

    private mutating func part(of extent: JSONElement, _ name: StaticString, _ inner: StaticString) -> JSONElement? {
        guard let part = extent.member(name) else {
            report(extent, name, "must be present")
            return nil
        }
        guard part.kind == .object else {
            report(part, "must be an object; is \(shown(part))")
            return nil
        }
        guard let array = part.member(inner) else {
            report(part, inner, "must be present")
            return nil
        }
        guard array.kind == .array else {
            report(array, "must be an array of arrays; is \(shown(array))")
            return nil
        }
        return array
    }

    /// A range, a set of values or a JSON Schema each; the content of a JSON Schema is not validated.
    private mutating func summaries(_ summaries: JSONElement) {
        guard summaries.kind == .object else { return report(summaries, "must be an object; is \(shown(summaries))") }
        for (_, summary) in summaries.members {
            switch summary.kind {
            case .object where summary.count > 0, .array where summary.count > 0: break
            case .object, .array: report(summary, "must not be empty")
            default: report(summary, "must be a range, an array of values or a JSON Schema; is \(shown(summary))")
            }
        }
    }
}
