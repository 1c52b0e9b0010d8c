/// Why a file, or a row of it, gives no Items.
public struct ItemFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the file, from 0; `nil` when it is about all.
    public let row: Int?
    /// Names from the top down, joined by dots.
    public let column: String?
    public let reason: String

    init(row: Int? = nil, column: [String]? = nil, _ reason: String) {
        self.row = row
        self.column = column?.joined(separator: ".")
        self.reason = reason
    }

    /// The same error, its row number increased by the number of rows before.
    func located(behind rowCount: Int) -> Self {
        ItemFileError(row: row.map { $0 + rowCount }, column: column.map { [$0] }, reason)
    }

    public var description: String {
        (row.map { "row \($0 + 1): " } ?? "") + (column.map { "column \($0): " } ?? "") + reason
    }
}
