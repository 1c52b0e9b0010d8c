public import JSON

extension ItemSchema {
    /// The schema as stored in an export's manifest.
    public var json: JSONValue {
        [
            "links": top[Self.linksIndex].type.json, "assets": top[Self.assetsIndex].type.json,
            "properties": .array(properties.map(\.json)), "heights": .bool(hasHeights),
            "overflow": .bool(hasOverflow), "open": .bool(isOpen),
        ]
    }

    public init?(_ json: JSONValue) {
        guard let links = json["links"].flatMap({ ColumnType($0) }),
            let assets = json["assets"].flatMap({ ColumnType($0) }), let fields = json["properties"]?.array,
            let hasHeights = json["heights"]?.bool, let hasOverflow = json["overflow"]?.bool
        else { return nil }
        let properties = fields.compactMap { ColumnType.Field($0) }
        guard properties.count == fields.count else { return nil }
        self.init(
            links: links, assets: assets, properties: properties, hasHeights: hasHeights, hasOverflow: hasOverflow,
            isOpen: json["open"]?.bool ?? false)
    }
}

extension ColumnType.Field {
    fileprivate var json: JSONValue {
        meansNull ? [.string(name), type.json, true] : [.string(name), type.json]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let name = json[0]?.string, let type = json[1].flatMap({ ColumnType($0) }) else { return nil }
        self.init(name: name, type: type, meansNull: json[2]?.bool ?? false)
    }
}

extension ColumnType {
    fileprivate var json: JSONValue {
        switch self {
        case .bool: "boolean"
        case .integer: "integer"
        case .double: "double"
        case .string: "string"
        case .json: "json"
        case .geometry: "geometry"
        case .time(let format): ["time": .string(format.name)]
        case .list(let element): ["list": element.json]
        case .structure(let fields): ["structure": .array(fields.map(\.json))]
        }
    }

    fileprivate init?(_ json: JSONValue) {
        switch json.string {
        case "boolean": self = .bool
        case "integer": self = .integer
        case "double": self = .double
        case "string": self = .string
        case "json": self = .json
        case "geometry": self = .geometry
        default:
            if let format = json["time"]?.string.flatMap({ TimeFormat(name: $0) }) {
                self = .time(format)
            } else if let element = json["list"].flatMap({ ColumnType($0) }) {
                self = .list(element)
            } else if let values = json["structure"]?.array {
                let fields = values.compactMap { Field($0) }
                guard fields.count == values.count, !fields.isEmpty else { return nil }
                self = .structure(fields)
            } else {
                return nil
            }
        }
    }
}
