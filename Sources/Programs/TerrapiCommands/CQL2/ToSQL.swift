public import ArgumentParser
import CQL2
public import CQL2SQL
import JSON

/// `terrapi cql2 to-sql`.
struct ToSQL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "to-sql", abstract: "Translate a CQL2 filter into SQL, as a condition for WHERE.",
        discussion: """
            The meaning is that of the API; a filter that has no exact translation is rejected. Columns whose type is not \
            given have the type of the other side of their comparison.
            """)

    enum Layout: String, ExpressibleByArgument, CaseIterable {
        case geoparquet
        case textAssets = "text-assets"
        case document
    }

    @OptionGroup var filter: FilterArgument
    @Option(help: "The database.") var dialect: SQLDialect = .duckdb
    @Option(
        help: """
            Where the members of Items are: in columns as in stac-geoparquet, in such columns with assets as JSON text, \
            or in a document, the whole Item as JSON. By default columns for duckdb, a document for others.
            """)
    var layout: Layout?
    @Flag(help: "Print placeholders, and below them the values as a JSON array.") var parameters = false
    @Option(help: ArgumentHelp("The type of a column, such as 'eo:cloud_cover=number'.", valueName: "name=type"))
    var column: [String] = []
    @Flag(help: "Only the given columns exist; other properties are null.") var onlyTheseColumns = false
    @Option(
        help: ArgumentHelp(
            "A GeoParquet file, folder or pattern with the columns and their types; properties that it has no columns for "
                + "are null.", valueName: "path"))
    var columnsFrom: String?
    @Option(help: ArgumentHelp("The column of documents.", valueName: "name")) var document = "body"
    @Flag(help: "The geometry is of the database's own type, not well-known binary.") var nativeGeometry = false
    @Option(help: ArgumentHelp("Column of geometries beside documents (PostGIS).", valueName: "name"))
    var geometryColumn: String?
    @Flag(inversion: .prefixedNo, help: "Whether the database has spatial functions: DuckDB's extension, PostGIS.")
    var spatial = true
    @Flag(help: "Test S_INTERSECTS with a box by the Items' boxes: too many Items match.") var approximateBoxes = false
    @Flag(help: "No box in the column bbox crosses the antimeridian, so that rows can be skipped by longitude.")
    var planarBoxes = false
    @Flag(help: "SQLite has the functions cql2_casei and cql2_accenti.") var foldingFunctions = false

    func validate() throws {
        guard columnsFrom == nil || layout != .document else {
            throw ValidationError("--columns-from has columns, and the layout is document.")
        }
    }

    func run() throws {
        let translation = SQLTranslation(
            dialect: dialect, layout: try sqlLayout(), features: features,
            parameters: parameters ? .placeholders : .literals)
        let condition = try translation.condition(for: try filter.read().expression)
        print(condition.text)
        if parameters {
            let values = condition.parameters.map(\.json)
            print(String(decoding: JSONValue.array(values).serialized(), as: UTF8.self))
        }
    }

    private func sqlLayout() throws -> SQLLayout {
        let file = try columnsFrom.map { try FileColumns(of: $0) }
        var types = file?.types ?? [:]
        for entry in column {
            guard let sign = entry.lastIndex(of: "="),
                let type = SQLColumnType(rawValue: String(entry[entry.index(after: sign)...]))
            else {
                let known = SQLColumnType.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("'\(entry)' is not NAME=TYPE with one of the types \(known).")
            }
            types[String(entry[..<sign])] = type
        }
        let geometry: SQLLayout.GeometryForm = nativeGeometry ? .native : .wkb
        let hasBoxes = dialect == .duckdb && file?.hasBoxes ?? true
        let covering = hasBoxes ? SQLLayout.Covering(mayCross: !planarBoxes) : nil
        if let file {
            var layout =
                file.hasTextAssets
                ? SQLLayout.geoparquetWithTextAssets(
                    types: types, isComplete: true, geometry: geometry, covering: covering)
                : .geoparquet(types: types, isComplete: true, geometry: geometry, covering: covering)
            layout.fields = file.fields
            if !file.fields.contains("collection") { layout.collectionColumn = nil }
            return layout
        }
        switch layout ?? (dialect == .duckdb ? .geoparquet : .document) {
        case .geoparquet:
            return .geoparquet(types: types, isComplete: onlyTheseColumns, geometry: geometry, covering: covering)
        case .textAssets:
            return .geoparquetWithTextAssets(
                types: types, isComplete: onlyTheseColumns, geometry: geometry, covering: covering)
        case .document: return .document(column: document, geometryColumn: geometryColumn)
        }
    }

    private var features: SQLFeatures {
        var features: SQLFeatures = []
        if spatial, dialect != .sqlite, !approximateBoxes { features.insert(.spatial) }
        if approximateBoxes { features.insert(.approximateBoxes) }
        if foldingFunctions { features.insert(.foldingFunctions) }
        return features
    }
}

extension SQLDialect: ExpressibleByArgument {}

extension SQLValue {
    fileprivate var json: JSONValue {
        switch self {
        case .integer(let value): JSONValue(Int(value))
        case .number(let value): JSONNumber(value).map(JSONValue.number) ?? .null
        case .text(let text): .string(text)
        case .boolean(let value): .bool(value)
        }
    }
}
