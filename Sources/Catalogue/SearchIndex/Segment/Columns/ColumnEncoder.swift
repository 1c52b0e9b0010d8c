/// Splits one column into parts by type and chooses for each the smallest lossless encoding.
struct ColumnEncoder {
    private let rows: [Int]
    private let text: [UInt8]
    private let kinds: [CellKind]
    private let payload: [UInt64]
    /// Locations of the distinct strings by rank, once they have been encoded.
    private(set) var strings: [UInt64] = []
    private let isHashed: Bool

    /// - Parameter isHashed: Whether the strings' hash values are written, too.
    init(column: ColumnBatch.Column, rows: [Int], text: [UInt8], isHashed: Bool = true) {
        self.rows = rows
        self.text = text
        self.isHashed = isHashed
        kinds = rows.map { $0 < column.kinds.count ? column.kinds[$0] : .missing }
        payload = rows.map { $0 < column.kinds.count ? column.payload[$0] : 0 }
    }

    mutating func encode(into writer: inout SegmentWriter) -> [SegmentLayout.Part] {
        var counts = [Int](repeating: 0, count: 7)
        for kind in kinds { counts[Int(kind.rawValue)] += 1 }
        var parts: [SegmentLayout.Part] = []
        func count(_ kind: CellKind) -> Int { counts[Int(kind.rawValue)] }
        if count(.number) > 0 { parts.append(numbers(&writer)) }
        if count(.timestamp) > 0 { parts.append(timestamps(&writer)) }
        if count(.string) > 0 { parts.append(strings(&writer)) }
        if count(.true) + count(.false) > 0 { parts.append(bools(&writer)) }
        if count(.complex) > 0 { parts.append(part(.complex, .constant, &writer) { $0 == .complex }) }
        return parts
    }

    /// A part with its presence.
    private func part(
        _ kind: SegmentLayout.Part.Kind, _ encoding: SegmentLayout.Part.Encoding, _ writer: inout SegmentWriter,
        _ isPresent: (CellKind) -> Bool
    ) -> SegmentLayout.Part {
        var part = SegmentLayout.Part(kind: kind, encoding: encoding)
        var presence = Bitmap(count: kinds.count)
        for row in kinds.indices where isPresent(kinds[row]) { presence[row] = true }
        part.population = presence.population
        if part.population < kinds.count { part.presence = writer.append(presence.words) }
        return part
    }

    // MARK: Numbers

    private func numbers(_ writer: inout SegmentWriter) -> SegmentLayout.Part {
        var part = part(.number, .double, &writer) { $0 == .number }
        let values = kinds.indices.map { kinds[$0] == .number ? Double(bitPattern: payload[$0]) : nil }
        var low = Double.infinity
        var high = -Double.infinity
        for case let value? in values {
            low = min(low, value)
            high = max(high, value)
        }
        part.minimum = Int64(bitPattern: low.bitPattern)
        part.maximum = Int64(bitPattern: high.bitPattern)
        if let scaled = Self.scaled(values) {
            part.digits = scaled.digits
            appendOffsets(scaled.integers, to: &part, &writer)
        } else {
            part.values = writer.append(values.map { $0 ?? 0 })
        }
        return part
    }

    /// The values as integers over a power of ten, if that is exact for all of them.
    private static func scaled(_ values: [Double?]) -> (digits: Int, integers: [Int64?])? {
        attempt: for digits in 0...6 {
            let power = powersOfTen[digits]
            var integers: [Int64?] = []
            integers.reserveCapacity(values.count)
            var low = Int64.max
            var high = Int64.min
            for value in values {
                guard let value else {
                    integers.append(nil)
                    continue
                }
                let integer = (value * power).rounded()
                guard abs(integer) < 1e15, integer / power == value, value != 0 || value.sign == .plus else {
                    continue attempt
                }
                integers.append(Int64(integer))
                low = min(low, Int64(integer))
                high = max(high, Int64(integer))
            }
            return high - low <= Int64(UInt32.max) ? (digits, integers) : nil
        }
        return nil
    }

    static let powersOfTen: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

    /// Writes integers as offsets from the smallest, in the narrowest width.
    private func appendOffsets(_ integers: [Int64?], to part: inout SegmentLayout.Part, _ writer: inout SegmentWriter) {
        var low = Int64.max
        var high = Int64.min
        for case let integer? in integers {
            low = min(low, integer)
            high = max(high, integer)
        }
        part.base = low
        func offsets<Width: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ width: Width.Type) -> [Width] {
            integers.map { Width(truncatingIfNeeded: ($0 ?? low) - low) }
        }
        switch high - low {
        case 0: part.encoding = .constant
        case ...Int64(UInt8.max): (part.encoding, part.values) = (.unsigned8, writer.append(offsets(UInt8.self)))
        case ...Int64(UInt16.max): (part.encoding, part.values) = (.unsigned16, writer.append(offsets(UInt16.self)))
        default: (part.encoding, part.values) = (.unsigned32, writer.append(offsets(UInt32.self)))
        }
    }

    // MARK: Other types

    private func timestamps(_ writer: inout SegmentWriter) -> SegmentLayout.Part {
        var part = part(.timestamp, .signed64, &writer) { $0 == .timestamp }
        let values = kinds.indices.map { kinds[$0] == .timestamp ? Int64(bitPattern: payload[$0]) : nil }
        part.minimum = values.lazy.compactMap { $0 }.min() ?? 0
        part.maximum = values.lazy.compactMap { $0 }.max() ?? 0
        if part.minimum == part.maximum {
            part.encoding = .constant
            part.base = part.minimum
        } else {
            part.values = writer.append(values.map { $0 ?? 0 })
        }
        return part
    }

    private func bools(_ writer: inout SegmentWriter) -> SegmentLayout.Part {
        var part = part(.bool, .bits, &writer) { $0 == .true || $0 == .false }
        var values = Bitmap(count: kinds.count)
        for row in kinds.indices where kinds[row] == .true { values[row] = true }
        part.values = writer.append(values.words)
        return part
    }

    /// Minimum number of strings for which hash values are written: reading fewer strings is as fast.
    private static let leastHashedCount = 1_024

    private mutating func strings(_ writer: inout SegmentWriter) -> SegmentLayout.Part {
        var part = part(.string, .constant, &writer) { $0 == .string }
        var distinct: [UInt64] = []
        var codes = [Int64?](repeating: nil, count: kinds.count)
        text.withUnsafeBytes { text in
            var table = StringTable(text: text)
            for row in kinds.indices where kinds[row] == .string { codes[row] = Int64(table.number(of: payload[row])) }
            distinct = table.places
            let sorted = distinct.indices.sorted { compareBytes(text.at(distinct[$0]), text.at(distinct[$1])) < 0 }
            var ranks = [Int64](repeating: 0, count: distinct.count)
            var dictionary = StringDictionaryEncoder()
            for (rank, number) in sorted.enumerated() {
                ranks[number] = Int64(rank)
                dictionary.append(text.at(distinct[number]))
            }
            for row in codes.indices { codes[row] = codes[row].map { ranks[Int($0)] } }
            distinct = sorted.map { distinct[$0] }
            part.dictionaryCount = distinct.count
            part.dictionaryBlocks = writer.append(dictionary.blockOffsets)
            part.dictionaryBytes = writer.append(dictionary.bytes)
            if isHashed, distinct.count >= Self.leastHashedCount {
                part.dictionaryHashes = writer.append(distinct.map { StringHash.hash(text.at($0)) })
            }
        }
        appendOffsets(codes, to: &part, &writer)
        strings = distinct
        return part
    }
}
