import CQL2
import ItemFilter
import JSON

/// The parts that loading and filtering are made of, on single Items.
struct PartBenchmarks {
    private let items: [[UInt8]]
    private let runs: Int

    init(_ items: [[UInt8]], runs: Int) {
        self.items = items
        self.runs = runs
    }

    func run() throws {
        let reader = JSONReader()
        let byteCount = items.reduce(0) { $0 + $1.count } / items.count
        let reading = try Measurement(runs: runs) { for item in items { try reader.read(item) { _ in } } }
        print(reading.row("JSON: read one Item", "\(byteCount) bytes", per: items.count))
        let values = try Measurement(runs: max(3, runs / 10)) { for item in items { _ = try JSONValue(parsing: item) } }
        print(values.row("JSON: one Item as a tree of values", per: items.count))
        for text in Self.filters {
            let filter = try Expression(text: text)
            let parsing = try Measurement(runs: runs) { for _ in 0..<100 { _ = try Expression(text: text) } }
            print(parsing.row("CQL2: parse `\(text.replacing("|", with: "\\|"))`", per: 100))
            var matched = 0
            let evaluation = try Measurement(runs: max(3, runs / 10)) {
                matched = 0
                for item in items {
                    try reader.read(item) { if try filter.evaluate(ItemPropertyLookup($0)) == true { matched += 1 } }
                }
            }
            print(
                evaluation.row(
                    "CQL2: read one Item and evaluate it", "\(matched) of \(items.count) match", per: items.count))
        }
    }

    private static let filters = [
        "eo:cloud_cover < 10",
        "eo:cloud_cover BETWEEN 0 AND 21 AND grid:code LIKE 'MGRS-32%' OR CASEI(platform) = 'sentinel-2b'",
        "S_INTERSECTS(geometry, BBOX(5, 46, 16, 56)) AND created > datetime",
    ]
}
