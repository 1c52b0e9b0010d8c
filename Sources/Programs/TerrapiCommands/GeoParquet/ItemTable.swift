import ItemFileSearch
import JSON

/// Found Items as rows of texts, with a column for each wanted member or property.
struct ItemTable {
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

    /// For people: columns as wide as their widest value.
    func writeText(_ found: FoundItems, to output: ItemOutput) throws {
        var rows: [[String]] = []
        try forEachRow(found) { rows.append($0) }
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

    /// Values that hold a comma, a quotation mark or the end of a line are in quotation marks. Lines end as Unix's do.
    ///
    /// Source: [RFC 4180, section 2](https://www.rfc-editor.org/rfc/rfc4180#section-2).
    func writeCSV(_ found: FoundItems, to output: ItemOutput) throws {
        try forEachRow(found) { row in try output.write(row.map(Self.quoted).joined(separator: ",") + "\n") }
    }

    private static func quoted(_ value: String) -> String {
        guard value.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return value }
        return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The names of the columns come first.
    private func forEachRow(_ found: FoundItems, _ body: ([String]) throws -> Void) throws {
        try body(columns)
        let json = JSONReader()
        try found.forEachItem(names: Set(columns)) { text in
            let row = try text.withUnsafeBytes { bytes in
                try json.read(bytes) { item in columns.map { value($0, item) } }
            }
            try body(row)
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
