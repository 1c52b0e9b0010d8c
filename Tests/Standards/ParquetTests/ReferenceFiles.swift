import JSON
import TestDocuments

@testable import Parquet

/// Files written by other programs, with the values that pyarrow reads.
enum ReferenceFiles {
    /// Each with what pyarrow found, if it could read it.
    static let expected: [Document: JSONValue] = {
        var expected: [Document: JSONValue] = [:]
        for list in (try? Document.all(in: "geoparquet", endingIn: "/expected-parquet.json")) ?? [] {
            for file in (try? list.json())?["files"]?.object?.members ?? [] {
                expected[Document(folder: list.folder, path: file.name)] = file.value
            }
        }
        return expected
    }()

    static let documents = expected.keys.sorted { $0.file < $1.file }

    /// Those that pyarrow could read.
    static let readable = documents.filter { expected[$0]?["first_rows"] != nil }

    static func open(_ document: Document, verifiesChecksums: Bool? = nil) throws -> ParquetFile {
        try ParquetFile(
            MemoryByteSource(try document.bytes()),
            verifiesChecksums: verifiesChecksums ?? !document.hasDamagedChecksum)
    }
}

extension Document {
    /// On purpose: of a page.
    var hasDamagedChecksum: Bool { path.contains("corrupt-checksum") }
}

extension ParquetValue {
    /// Whether pyarrow, by way of JSON, shows this value as `json`. Times are not compared: they come as text.
    func isShown(as json: JSONValue) -> Bool {
        switch self {
        case .null: return json.isNull
        case .boolean(let value): return json.bool == value
        case .integer(let value): return json.string != nil || json.number?.text == "\(value)"
        case .unsignedInteger(let value): return json.number?.text == "\(value)"
        case .double(let value): return json.double == value || value.isNaN && json.string == "nan"
        case .decimal(let value): return json.string == value.description
        case .string(let value): return json.string == value
        case .bytes(let bytes):
            guard let hex = json["$hex"]?.string else { return json.string != nil }
            let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            // Long ones are cut off.
            return text.hasPrefix(hex) && json["$length"]?.int ?? hex.count / 2 == bytes.count
        case .list(let elements):
            guard let array = json.array, array.count == elements.count else { return false }
            return zip(elements, array).allSatisfy { $0.isShown(as: $1) }
        case .map(let entries):
            guard let array = json.array, array.count == entries.count else { return false }
            return zip(entries, array).allSatisfy { entry, pair in
                pair.array?.count == 2 && pair[0].map { entry.key.isShown(as: $0) } == true
                    && pair[1].map { entry.value.isShown(as: $0) } == true
            }
        case .structure(let fields):
            guard let object = json.object, object.count == fields.count else { return false }
            return fields.allSatisfy { field in object[field.name].map { field.value.isShown(as: $0) } == true }
        }
    }
}
