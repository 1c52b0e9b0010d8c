extension ColumnBatch {
    /// Appends rows of a segment, for merging.
    mutating func append(_ rows: [Int], of segment: Segment) {
        let base = count
        let (sequencesOfRows, startsOfRows) = (segment.sequences, segment.starts)
        let (endsOfRows, timesOfRows) = (segment.ends, segment.times)
        for row in rows {
            sequences.append(sequencesOfRows[row])
            starts.append(startsOfRows[row])
            ends.append(endsOfRows[row])
            times.append(timesOfRows[row])
            boxes.append(segment.box(row))
            geometries.append(contentsOf: segment.geometry(row))
            geometryEnds.append(geometries.count)
            finishRow()
        }
        appendIDs(rows, of: segment)
        // Maps rows of the segment to rows of the batch, so that each dictionary is traversed once.
        for name in segment.columns.values.map(\.name).sorted() {
            guard let column = segment.column(named: ColumnName(name)) else { continue }
            let number = columnNumber(named: column.name)
            columns[number].pad(to: base)
            var kinds = [CellKind](repeating: .missing, count: rows.count)
            var payload = [UInt64](repeating: 0, count: rows.count)
            if let part = column.number {
                for (index, row) in rows.enumerated() where part.presence[row] {
                    kinds[index] = .number
                    payload[index] = part[row].bitPattern
                }
            }
            if let part = column.timestamp {
                for (index, row) in rows.enumerated() where part.presence[row] {
                    kinds[index] = .timestamp
                    payload[index] = UInt64(bitPattern: part[row])
                }
            }
            if let part = column.string { appendStrings(part, rows, &kinds, &payload) }
            if let part = column.bool {
                for (index, row) in rows.enumerated() where part.presence[row] {
                    kinds[index] = part[row] ? .true : .false
                }
            }
            if let presence = column.complex {
                for (index, row) in rows.enumerated() where presence[row] { kinds[index] = .complex }
            }
            columns[number].kinds.append(contentsOf: kinds)
            columns[number].payload.append(contentsOf: payload)
        }
        if let part = segment.text?.documents {
            documents.pad(to: base)
            var kinds = [CellKind](repeating: .missing, count: rows.count)
            var payload = [UInt64](repeating: 0, count: rows.count)
            appendStrings(part, rows, &kinds, &payload)
            documents.kinds.append(contentsOf: kinds)
            documents.payload.append(contentsOf: payload)
        }
    }

    private mutating func appendStrings(
        _ part: StringPart, _ rows: [Int], _ kinds: inout [CellKind], _ payload: inout [UInt64]
    ) {
        let places = appendText(
            of: part.dictionary, ranks: rows.lazy.map { part.presence[$0] ? part.rank($0) : nil })
        for (index, row) in rows.enumerated() where part.presence[row] {
            kinds[index] = .string
            payload[index] = places[part.rank(row)] ?? 0
        }
    }

    private mutating func appendIDs(_ rows: [Int], of segment: Segment) {
        let places = appendText(of: segment.ids, ranks: rows.lazy.map { Int(segment.idRanks[$0]) })
        for row in rows { ids.append(places[Int(segment.idRanks[row])] ?? 0) }
    }

    /// Copies the strings of some ranks into `text`.
    ///
    /// - Returns: The location of each string in `text`, by rank.
    private mutating func appendText(
        of dictionary: StringDictionary, ranks: some Sequence<Int?>
    ) -> [UInt64?] {
        var wanted = Bitmap(count: dictionary.count)
        for case let rank? in ranks { wanted[rank] = true }
        var places = [UInt64?](repeating: nil, count: dictionary.count)
        dictionary.forEach { rank, bytes in
            if wanted[rank] { places[rank] = appendText(bytes) }
            return true
        }
        return places
    }
}
