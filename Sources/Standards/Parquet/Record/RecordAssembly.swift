/// Reads values that are made of several columns.
///
/// Source: [Dremel, record assembly](https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets-2/).
struct RecordAssembly {
    private var cursors: [ColumnCursor?]

    /// - Parameter cursors: By the column's index in the file.
    init(cursors: [Int: ColumnCursor]) {
        self.cursors = Array(repeating: nil, count: (cursors.keys.max() ?? -1) + 1)
        for (index, cursor) in cursors { self.cursors[index] = cursor }
    }

    func isBetweenRows(_ columns: Range<Int>) -> Bool {
        columns.allSatisfy { cursors[$0]?.repetitionLevel == 0 }
    }

    /// Reads the next value of a field.
    mutating func read(_ shape: RecordShape) throws(ParquetError) -> ParquetValue {
        switch shape {
        case .leaf(let column, _): return try cursors[column]?.take() ?? .null
        case .optional(let shape, let level, let columns):
            guard try definitionLevel(columns) >= level else {
                try skip(columns)
                return .null
            }
            return try read(shape)
        case .structure(let members, let columns):
            var fields: [ParquetValue.Field] = []
            fields.reserveCapacity(members.count)
            for member in members {
                fields.append(ParquetValue.Field(name: member.name, value: try read(member.shape)))
            }
            // A group without fields has no column that distinguishes it from null.
            return members.isEmpty && columns.isEmpty ? .structure([]) : .structure(fields)
        case .list(let element, let definitionLevel, let repetitionLevel, let columns):
            var elements: [ParquetValue] = []
            try forEach(definitionLevel, repetitionLevel, columns) { (assembly) throws(ParquetError) in
                elements.append(try assembly.read(element))
            }
            return .list(elements)
        case .map(let key, let value, let definitionLevel, let repetitionLevel, let columns):
            var entries: [ParquetValue.Entry] = []
            try forEach(definitionLevel, repetitionLevel, columns) { (assembly) throws(ParquetError) in
                let entryKey = try assembly.read(key)
                var entryValue = ParquetValue.null
                if let value { entryValue = try assembly.read(value) }
                entries.append(ParquetValue.Entry(key: entryKey, value: entryValue))
            }
            return .map(entries)
        }
    }

    /// Calls `body` for each element of a repeated field.
    private mutating func forEach(
        _ definitionLevel: UInt8, _ repetitionLevel: UInt8, _ columns: Range<Int>,
        _ body: (inout Self) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard try self.definitionLevel(columns) >= definitionLevel else { return try skip(columns) }
        guard let first = columns.first else { return }
        repeat { try body(&self) } while cursors[first]?.repetitionLevel == repetitionLevel
    }

    private func definitionLevel(_ columns: Range<Int>) throws(ParquetError) -> UInt8 {
        guard let first = columns.first else { return 0 }
        return try cursors[first]?.definitionLevel() ?? 0
    }

    private mutating func skip(_ columns: Range<Int>) throws(ParquetError) {
        for column in columns { try cursors[column]?.skip() }
    }
}
