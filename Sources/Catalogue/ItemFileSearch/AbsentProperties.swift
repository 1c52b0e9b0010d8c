import CQL2
import ItemFilter
import Parquet
import STACAPI
import STACGeoParquet

extension SearchConditions {
    /// Properties in the conditions and the order that no file has a column for, with the names of those that are there.
    ///
    /// None where files were not opened, or may have properties without a column.
    func absentProperties(in files: [SearchedFile]) -> (names: [String], known: [String]) {
        var known: Set<String> = []
        for file in files {
            let columns = file.file.schema.children
            guard !columns.contains(where: { $0.name == ItemShape.overflowName }) else { return ([], []) }
            known.formUnion(columns.map(\.name))
            if let properties = columns.first(where: { $0.name == "properties" }) {
                guard !properties.children.isEmpty else { return ([], []) }
                known.formUnion(properties.children.map(\.name))
            }
        }
        guard !files.isEmpty else { return ([], []) }
        var names: Set<String> = []
        for condition in conditions {
            switch condition {
            case .ranges(_, _, let expression), .expression(let expression): names.formUnion(expression.properties)
            default: break
            }
        }
        names.formUnion(order.map(\.property))
        let absent = names.map { PropertyName.normalized($0) }.filter { name in
            !Self.always.contains(name) && !known.contains(name)
                && PropertyName.prefixes(name).allSatisfy { !known.contains($0) }
        }
        return (absent.sorted(), known.sorted())
    }

    private static let always: Set<String> = ["id", "collection", "geometry", "datetime"]
}
