import JSON

extension SegmentLayout {
    private static let sections: [any WritableKeyPath<SegmentLayout, Section> & Sendable] = [
        \.sequences, \.sequenceOrder, \.starts, \.ends, \.times, \.timeOrder, \.idRanks, \.idOrder, \.idBlocks,
        \.idBytes, \.boxes, \.geometryOffsets, \.geometries, \.places.columns, \.places.rows, \.places.mercatorRows,
    ]

    private static let bounds: [any WritableKeyPath<SegmentLayout, Int64> & Sendable] = [
        \.firstStart, \.lastEnd, \.firstTime, \.lastTime, \.firstSequence, \.lastSequence,
    ]

    var json: JSONValue {
        [
            "rows": JSONValue(rowCount), "located": JSONValue(locatedCount),
            "ranges": .array(Self.bounds.map { JSONValue(Int(self[keyPath: $0])) }),
            "sections": .array(Self.sections.map { self[keyPath: $0].json }),
            "tree": .array(treeLevels.map(\.json)),
            "columns": .array(columns.map { [.string($0.name), .array($0.parts.map(\.json))] }),
            "text": text?.json ?? .null, "wordPositions": wordPositions?.json ?? .null,
        ]
    }

    init(json: JSONValue) throws(SegmentError) {
        guard let rows = json["rows"]?.int, let located = json["located"]?.int,
            let bounds = json["ranges"]?.array?.compactMap(\.int), bounds.count == Self.bounds.count,
            let sections = json["sections"]?.array, sections.count == Self.sections.count,
            let tree = json["tree"]?.array, let columns = json["columns"]?.array
        else { throw SegmentError(description: "the layout lacks a member") }
        rowCount = rows
        locatedCount = located
        for (path, bound) in zip(Self.bounds, bounds) { self[keyPath: path] = Int64(bound) }
        for (path, section) in zip(Self.sections, sections) { self[keyPath: path] = try Section(json: section) }
        for level in tree { treeLevels.append(try Section(json: level)) }
        for column in columns {
            guard let name = column[0]?.string, let parts = column[1]?.array else {
                throw SegmentError(description: "a column has no name or parts")
            }
            var read: [Part] = []
            for part in parts { read.append(try Part(json: part)) }
            self.columns.append(Column(name: name, parts: read))
        }
        if let text = json["text"], !text.isNull { self.text = try Text(json: text) }
        if let positions = json["wordPositions"], !positions.isNull {
            wordPositions = try WordPositions(json: positions)
        }
    }
}

extension SegmentLayout.Text {
    var json: JSONValue {
        [
            documents.json, JSONValue(wordCount), wordBlocks.json, wordBytes.json, postingOffsets.json, postings.json,
        ]
    }

    init(json: JSONValue) throws(SegmentError) {
        guard let parts = json.array, parts.count == 6, let count = parts[1].int else {
            throw SegmentError(description: "the texts lack a member")
        }
        self.init(
            documents: try SegmentLayout.Part(json: parts[0]), wordCount: count,
            wordBlocks: try SegmentLayout.Section(json: parts[2]), wordBytes: try SegmentLayout.Section(json: parts[3]),
            postingOffsets: try SegmentLayout.Section(json: parts[4]),
            postings: try SegmentLayout.Section(json: parts[5]))
    }
}

extension SegmentLayout.WordPositions {
    var json: JSONValue { [JSONValue(cellCount), cellStarts?.json ?? .null, offsets.json, positions.json] }

    init(json: JSONValue) throws(SegmentError) {
        guard let parts = json.array, parts.count == 4, let count = parts[0].int else {
            throw SegmentError(description: "the positions of words lack a member")
        }
        self.init(
            cellCount: count, cellStarts: parts[1].isNull ? nil : try SegmentLayout.Section(json: parts[1]),
            offsets: try SegmentLayout.Section(json: parts[2]), positions: try SegmentLayout.Section(json: parts[3]))
    }
}

extension SegmentLayout.Section {
    var json: JSONValue { [JSONValue(offset), JSONValue(count)] }

    init(json: JSONValue) throws(SegmentError) {
        guard let offset = json[0]?.int, let count = json[1]?.int, offset >= 0, count >= 0 else {
            throw SegmentError(description: "a section has no offset or count")
        }
        self.init(offset: offset, count: count)
    }
}

extension SegmentLayout.Part {
    var json: JSONValue {
        [
            JSONValue(kind.rawValue), JSONValue(encoding.rawValue), JSONValue(population), presence?.json ?? .null,
            values?.json ?? .null, JSONValue(Int(base)), JSONValue(digits), JSONValue(Int(minimum)),
            JSONValue(Int(maximum)), JSONValue(dictionaryCount), dictionaryBlocks?.json ?? .null,
            dictionaryBytes?.json ?? .null, dictionaryHashes?.json ?? .null,
        ]
    }

    init(json: JSONValue) throws(SegmentError) {
        func section(_ index: Int) throws(SegmentError) -> SegmentLayout.Section? {
            guard let value = json[index], !value.isNull else { return nil }
            return try SegmentLayout.Section(json: value)
        }
        func int(_ index: Int) throws(SegmentError) -> Int {
            guard let value = json[index]?.int else { throw SegmentError(description: "a part lacks a number") }
            return value
        }
        guard let kind = Kind(rawValue: try int(0)), let encoding = Encoding(rawValue: try int(1)) else {
            throw SegmentError(description: "a part of a kind that this version does not know")
        }
        self.init(kind: kind, encoding: encoding)
        population = try int(2)
        presence = try section(3)
        values = try section(4)
        base = Int64(try int(5))
        digits = try int(6)
        minimum = Int64(try int(7))
        maximum = Int64(try int(8))
        dictionaryCount = try int(9)
        dictionaryBlocks = try section(10)
        dictionaryBytes = try section(11)
        dictionaryHashes = try section(12)
    }
}
