import Geo
public import JSON

/// The shape of a collection's Items, from which the schema of their files follows.
///
/// Not `Sendable`: one for each thread, then `merge`.
public final class ItemShape {
    /// Members of `properties` that hold instants, if they can be read as such.
    ///
    /// Source: [STAC common metadata](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/common-metadata.md),
    /// and the Timestamps extension.
    static let timeNames = [
        "datetime", "start_datetime", "end_datetime", "created", "updated", "published", "expires", "unpublished",
    ]
    /// Members of an Item that are no properties.
    static let topNames = [
        "type", "stac_version", "stac_extensions", "id", "geometry", "bbox", "links", "assets", "collection",
    ]
    /// The overflow column: values that the others cannot hold.
    public static let overflowName = "terrabyte:overflow"
    private static let geometryName = "proj:geometry"

    public private(set) var itemCount = 0
    let properties = ValueShape(isOpen: true)
    let assets = ValueShape()
    let links = ValueShape()
    /// Numbers in a bounding box: 4, 6, or both.
    var hasHeights = false
    /// Whether `proj:geometry` is a regular geometry wherever it is one at all.
    var hasRegularProjectedGeometries = true
    /// Whether some Item has anything that no column holds.
    var hasIrregularItems = false

    /// Whether some Item has no `datetime`, not even null, while others have one.
    var lacksTimes: Bool {
        guard let times = properties.table.index(of: "datetime").map({ properties.members[$0] }) else { return false }
        return times.resolved != nil && times.count < properties.objectCount
    }

    public init() {
        for name in ["href", "rel", "type", "title"] {
            // The specification wants these four, whether they occur or not.
            links.element = links.element ?? ValueShape()
            links.element?.kinds.insert(.object)
            links.element?.member(name)?.kinds.insert(.string)
        }
        links.kinds.insert(.array)
    }

    /// Adds one Item.
    public func add(_ item: JSONElement) {
        itemCount += 1
        var scratch: [UInt8] = []
        var (hasProperties, hasGeometry) = (false, false)
        for (name, value) in item.members {
            if name.equals("properties") {
                hasProperties = true
                addProperties(value, &scratch)
            } else if name.equals("assets") {
                assets.add(value)
                if value.kind != .object { hasIrregularItems = true }
            } else if name.equals("links") {
                if value.kind == .array { links.add(value) } else { hasIrregularItems = true }
            } else if name.equals("bbox") {
                if value.count == 6 { hasHeights = true }
                if !BoundingBoxColumns.isRegular(value) { hasIrregularItems = true }
            } else if name.equals("geometry") {
                hasGeometry = true
                scratch.removeAll(keepingCapacity: true)
                if !value.isNull, !WKBTranscoder.append(value, to: &scratch) { hasIrregularItems = true }
            } else if name.equals("stac_extensions") {
                if !Self.isRegular(value, at: 2) { hasIrregularItems = true }
            } else if name.equals("id") || name.equals("type") || name.equals("stac_version")
                || name.equals("collection")
            {
                if !Self.isRegular(value, at: 3) { hasIrregularItems = true }
            } else {
                hasIrregularItems = true
            }
        }
        if !hasProperties || !hasGeometry { hasIrregularItems = true }
    }

    /// Whether a member of an Item is of the kind that its column holds; others go to the overflow column.
    ///
    /// - Parameter index: In `topNames`.
    @inline(__always)
    static func isRegular(_ value: JSONElement, at index: Int) -> Bool {
        switch index {
        case 2: value.kind == .array && value.elements.allSatisfy { $0.kind == .string }
        case 4: value.kind == .object
        case 6: value.kind == .array
        // Assets have a column of any type.
        case 7: true
        default: value.kind == .string
        }
    }

    private func addProperties(_ value: JSONElement, _ scratch: inout [UInt8]) {
        guard value.kind == .object else {
            hasIrregularItems = true
            return
        }
        if properties.count == 0 {
            for name in Self.timeNames { _ = properties.member(name, mayBeTime: true) }
        }
        properties.add(value)
        if let geometry = value.member("proj:geometry"), !geometry.isNull {
            scratch.removeAll(keepingCapacity: true)
            if !WKBTranscoder.append(geometry, to: &scratch) { hasRegularProjectedGeometries = false }
        }
    }

    /// Adds the observations of `other`.
    public func merge(_ other: ItemShape) {
        itemCount += other.itemCount
        properties.merge(other.properties)
        assets.merge(other.assets)
        links.merge(other.links)
        hasHeights = hasHeights || other.hasHeights
        hasRegularProjectedGeometries = hasRegularProjectedGeometries && other.hasRegularProjectedGeometries
        hasIrregularItems = hasIrregularItems || other.hasIrregularItems
    }
}
