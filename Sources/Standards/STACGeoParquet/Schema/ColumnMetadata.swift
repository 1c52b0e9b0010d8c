public import JSON

/// Metadata of a file's columns beyond their types, with which every Item round-trips.
///
/// Written under the file's key `terrabyte`; files without it are read by the rules of stac-geoparquet alone.
public struct ColumnMetadata: Hashable, Sendable {
    public static let key = "terrabyte"

    /// Names of fields from the Item down, `properties` left out; a list's elements are `element`.
    typealias Path = [String]

    /// Columns whose text is JSON.
    var json: Set<Path> = []
    /// Columns in which no value means an explicit null.
    var nulls: Set<Path> = []
    var times: [Path: TimeFormat] = [:]
    /// The first and the last instant that Items are sorted by, in microseconds since 1970.
    public var itemTimes: ClosedRange<Int64>?
    /// West, south, east, north of all Items without regard to the antimeridian; `nil` when none has a geometry.
    public var box: [Double]?
    /// Whether the box of some Item crosses the antimeridian and is half the Earth wide or more.
    public var hasWideBoxes = false

    public init() {}

    public init?(_ json: JSONValue) {
        guard json["version"]?.int == 1 else { return nil }
        func paths(_ value: JSONValue?) -> Set<Path> {
            Set((value?.array ?? []).map { ($0.array ?? []).compactMap(\.string) })
        }
        self.json = paths(json["json"])
        nulls = paths(json["nulls"])
        for (digits, value) in (json["times"]?.object ?? JSONObject()).members.map({ ($0.name, $0.value) }) {
            guard let format = TimeFormat(name: digits) else { return nil }
            for path in paths(value) { times[path] = format }
        }
        if let first = json["datetime"]?[0]?.int, let last = json["datetime"]?[1]?.int, first <= last {
            itemTimes = Int64(first)...Int64(last)
        }
        let numbers = (json["bbox"]?.array ?? []).compactMap(\.double)
        box = numbers.count == 4 ? numbers : nil
        hasWideBoxes = json["wide_bbox"]?.bool ?? false
    }

    public var jsonValue: JSONValue {
        func list(_ paths: some Sequence<Path>) -> JSONValue {
            .array(paths.sorted { $0.lexicographicallyPrecedes($1) }.map { .array($0.map { .string($0) }) })
        }
        var object: JSONObject = ["version": 1]
        if let itemTimes {
            object["datetime"] = [JSONValue(Int(itemTimes.lowerBound)), JSONValue(Int(itemTimes.upperBound))]
        }
        if let box { object["bbox"] = .array(box.map { JSONValue($0) }) }
        if hasWideBoxes { object["wide_bbox"] = true }
        if !json.isEmpty { object["json"] = list(json) }
        if !nulls.isEmpty { object["nulls"] = list(nulls) }
        if !times.isEmpty {
            var formats = JSONObject()
            for (format, entries) in Dictionary(grouping: times, by: \.value).sorted(by: { $0.key.name < $1.key.name })
            {
                formats[format.name] = list(entries.map(\.key))
            }
            object["times"] = .object(formats)
        }
        return .object(object)
    }
}

extension ColumnMetadata {
    /// The metadata of a schema's columns.
    public init(_ schema: ItemSchema) {
        for field in schema.top + schema.properties { record(field, []) }
    }

    private mutating func record(_ field: ColumnType.Field, _ parent: Path) {
        let path = parent + [field.name]
        // For a geometry and for elements this is implied.
        if field.meansNull, field.type != .geometry || path != ["geometry"] { nulls.insert(path) }
        recordType(field.type, path)
    }

    private mutating func recordType(_ type: ColumnType, _ path: Path) {
        switch type {
        case .json: json.insert(path)
        case .time(let format): times[path] = format
        case .list(let element): recordType(element, path + ["element"])
        case .structure(let fields): for field in fields { record(field, path) }
        default: break
        }
    }
}

extension TimeFormat {
    /// Name of the format in the metadata.
    var name: String {
        switch self {
        case .digits(let count): String(count)
        case .sixOrNone: "0,6"
        }
    }

    init?(name text: String) {
        if text == "0,6" {
            self = .sixOrNone
        } else {
            guard let count = Int(text), (0...6).contains(count) else { return nil }
            self = .digits(count)
        }
    }
}

extension ColumnMetadata {
    /// Names of fields at the top of the file whose text is JSON.
    package var jsonFields: Set<String> { Set(json.filter { $0.count == 1 }.map { $0[0] }) }
}
