public import ArgumentParser
public import Identity
import JSON
import ServiceModule
import Temporal

extension Account.Kind: ExpressibleByArgument {}
extension Account.Role: ExpressibleByArgument {}
extension Container.Level: ExpressibleByArgument {}
extension AuditAction: ExpressibleByArgument {}

/// A day, at whose begin something ends, or a time: `2027-01-01` or `2027-01-01T12:00:00Z`.
struct EndDate: ExpressibleByArgument {
    let time: Timestamp

    init?(argument: String) {
        guard let time = Timestamp(argument) ?? Timestamp(date: argument) else { return nil }
        self.time = time
    }
}

extension JSONValue {
    /// For people: texts without quotes, lists with commas.
    var plainText: String {
        if isNull { return "-" }
        if let string { return string }
        if let array { return array.isEmpty ? "-" : array.map(\.plainText).joined(separator: ", ") }
        return jsonText
    }
}

extension Console {
    /// Prints columns, each as wide as its widest cell.
    static func print(rows: [[String]]) {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            print(line)
        }
    }
}
