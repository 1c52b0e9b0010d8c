import ItemFileSearch
import JSON

/// Items as a table for people: columns as wide as their widest value.
struct ItemTableText {
    private let columns: [String]

    /// - Parameters:
    ///   - fields: `nil`: the time.
    ///   - sortKeys: Properties of the sort order, which get columns as well.
    init(_ fields: [String]?, _ sortKeys: [String]) {
        var columns = ["id", "collection"]
        for name in (fields ?? ["datetime"]) + sortKeys {
            let name = name.hasPrefix("properties.") ? String(name.dropFirst("properties.".count)) : name
            if !columns.contains(name) { columns.append(name) }
        }
        self.columns = columns
    }

    func write(_ found: FoundItems, to output: ItemOutput) throws {
        var rows = [columns]
        let json = JSONReader()
        try found.forEachItem(names: Set(columns)) { text in
            try text.withUnsafeBytes { bytes in
                try json.read(bytes) { item in rows.append(columns.map { value($0, item) }) }
            }
        }
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            var line = ""
            for (column, value) in row.enumerated() {
                line += value
                if column + 1 < row.count { line += String(repeating: " ", count: widths[column] - value.count + 2) }
            }
            try output.write(line + "\n")
        }
    }

    private func value(_ name: String, _ item: JSONElement) -> String {
        guard let value = item.member("properties")?[name] ?? item[name], !value.isNull else { return "" }
        if let text = value.string { return text }
        var bytes: [UInt8] = []
        value.writeMinified(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
