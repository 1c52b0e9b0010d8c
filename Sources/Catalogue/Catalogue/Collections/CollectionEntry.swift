import CQL2
import Geo
import JSON
import STACAPI
import Temporal

/// A Collection with the values that searches use. An object: thousands of them are sorted for each list.
final class CollectionEntry: Sendable {
    /// A part of the spatial extent that does not cross the antimeridian.
    struct Box: Sendable {
        let box: PlanarBox
        let wkb: [UInt8]
    }

    let stored: StoredCollection
    /// Of the spatial extent, all of them; invalid boxes are left out.
    let boxes: [Box]
    /// Metres; `nil` for a box of four numbers.
    let elevations: [ClosedRange<Double>?]
    /// Of the temporal extent, all of them; both ends may be open.
    let intervals: [(start: Timestamp?, end: Timestamp?)]
    let document: FreeTextDocument
    /// Members that are strings, numbers or Booleans, so that most filters and sort orders need not read the text.
    let scalars: [String: CQL2Value]
    /// Names of the members that are arrays or objects.
    let structures: Set<String>

    init(_ stored: StoredCollection) throws {
        self.stored = stored
        (boxes, elevations, intervals, document, scalars, structures) = try JSONReader(.rfc8259).read(stored.body) {
            collection in
            let extent = collection.member("extent")
            let spatial = (extent?.member("spatial")?.member("bbox")).map { Array($0.elements) } ?? []
            let bounds = spatial.compactMap { try? BoundingBox($0.elements.compactMap(\.double)) }
            var scalars: [String: CQL2Value] = [:]
            var structures: Set<String> = []
            for (name, value) in collection.members {
                switch value.kind {
                case .null: break
                case .array, .object: structures.insert(name.string ?? "")
                default: scalars[name.string ?? ""] = CQL2Value(value)
                }
            }
            let temporal = (extent?.member("temporal")?.member("interval")).map { Array($0.elements) } ?? []
            return (
                bounds.flatMap(Self.boxes), bounds.map(Self.elevations), temporal.compactMap(Self.interval),
                Self.document(collection), scalars, structures
            )
        }
    }

    private static func boxes(_ bounds: BoundingBox) -> [Box] {
        var sides: [(west: Double, east: Double)] = [(bounds.west, bounds.east)]
        if bounds.crossesAntimeridian { sides = [(bounds.west, 180), (-180, bounds.east)] }
        return sides.map { west, east in
            let box = PlanarBox(minX: west, minY: bounds.south, maxX: east, maxY: bounds.north)
            return Box(box: box, wkb: Geometry(box).wkb)
        }
    }

    private static func elevations(_ bounds: BoundingBox) -> ClosedRange<Double>? {
        guard let lowest = bounds.minZ, let highest = bounds.maxZ, lowest <= highest else { return nil }
        return lowest...highest
    }

    private static func interval(_ element: JSONElement) -> (start: Timestamp?, end: Timestamp?)? {
        let ends = Array(element.elements)
        guard ends.count == 2 else { return nil }
        return (ends[0].string.flatMap { Timestamp($0, .lenient) }, ends[1].string.flatMap { Timestamp($0, .lenient) })
    }

    /// Id, title, description, keywords, the providers' names, and the texts among the summaries.
    private static func document(_ collection: JSONElement) -> FreeTextDocument {
        var document = FreeTextDocument()
        func append(_ element: JSONElement?) {
            guard let element else { return }
            if let text = element.string { document.append(text) }
            if element.kind == .array { for case let text? in element.elements.map(\.string) { document.append(text) } }
        }
        append(collection.member("id"))
        append(collection.member("title"))
        append(collection.member("description"))
        append(collection.member("keywords"))
        if let providers = collection.member("providers"), providers.kind == .array {
            for provider in providers.elements { append(provider.member("name")) }
        }
        if let summaries = collection.member("summaries"), summaries.kind == .object {
            for (name, value) in summaries.members where FreeTextDocument.isText(property: name.string ?? ":") {
                append(value)
            }
        }
        return document
    }
}

extension CollectionEntry {
    /// Whether any of the spatial extents has a point in common with the area.
    func intersects(_ area: PreparedGeometry) -> Bool {
        boxes.contains { box in
            switch area.relation(to: box.box) {
            case .covers: true
            case .disjoint: false
            case .undecided: box.wkb.withUnsafeBytes { area.intersects(wkb: $0, box: box.box) }
            }
        }
    }

    /// Whether any of the temporal extents has an instant in common with the interval.
    func intersects(_ interval: DateTimeInterval) -> Bool {
        intervals.contains { extent in
            if let start = extent.start, let end = interval.end, start > end { return false }
            if let end = extent.end, let start = interval.start, end < start { return false }
            return true
        }
    }

    /// A Collection whose extent has no elevations matches any.
    func reaches(_ range: ClosedRange<Double>) -> Bool {
        elevations.contains { $0?.overlaps(range) ?? true }
    }
}
