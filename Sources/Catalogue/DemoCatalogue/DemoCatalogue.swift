public import JSON

/// Three collections of synthetic Items which look like real ones: Central Europe in 2020 and 2021.
///
/// The satellites fly where and when they really flew (to a few kilometres and seconds), so that footprints, orbit
/// numbers and times agree with one another; clouds, classes and checksums are drawn. Always the same Items, to the
/// byte.
///
/// ```swift
/// let demo = DemoCatalogue()
/// for (id, document) in demo.collections {
///     for item in demo.items(of: id) { print(item.count) }
/// }
/// ```
public struct DemoCatalogue: Sendable {
    private let series: [any DemoSeries]

    public init() {
        series = [Sentinel1GRD(), Sentinel2L2A(), LandsatOT()]
    }

    /// The Collection documents, without the links that an API adds.
    public var collections: [(id: String, document: JSONValue)] {
        series.map { ($0.id, $0.document) }
    }

    /// Empty for an unknown collection.
    public func items(of collectionID: String) -> DemoItems {
        DemoItems(series: series.first { $0.id == collectionID })
    }
}
