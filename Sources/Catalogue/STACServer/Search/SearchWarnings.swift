import CQL2
import Catalogue
import HTTPTypes
import JSON
import STACAPI
import Spelling

extension STACServer {
    /// What is probably a mistake in a search, though the standards give it a meaning: parameters that are none, and
    /// names that no Collection and no Item has. Each with the nearest one that exists.
    ///
    /// - Parameter known: Names of further parameters.
    /// - Throws: `InvalidParameter` for a sort key whose values are arrays or objects: see
    ///   [STAC API - Sort](https://github.com/stac-api-extensions/sort#readme).
    func warnings(
        about search: SearchRequest, _ parameters: SearchParameters, _ request: STACRequest, known: [String] = []
    ) throws -> [String] {
        var names = SearchParameters.Name.allCases.map(\.rawValue) + known + [Self.assetLocationParameter]
        if configuration.visibleCollections == .personal { names.append(Self.curatedParameter) }
        var warnings = parameters.otherNames.filter { !names.contains($0) }.prefix(Self.maximumWarningCount).map {
            [names] in
            "There is no parameter '\(excerpt($0, byteCount: 100))'\(suggestion(for: $0, among: names))."
        }
        for id in (search.collections ?? []).prefix(Self.maximumCheckedCollectionCount)
        where try !request.catalogue.hasCollection(id: id) {
            guard warnings.count < Self.maximumWarningCount else { break }
            let ids = try request.catalogue.collections().map(\.id)
            warnings.append(
                "There is no Collection '\(excerpt(id, byteCount: 100))'\(suggestion(for: id, among: ids)).")
        }
        return try warnings + self.warnings(aboutPropertiesOf: search, request, after: warnings.count)
    }

    private func warnings(
        aboutPropertiesOf search: SearchRequest, _ request: STACRequest, after count: Int
    ) throws -> [String] {
        let filtered = (search.filter?.properties ?? []).sorted().prefix(Self.maximumCheckedCount)
        let names = (filtered + search.sortBy.map(\.property))
            .map { $0.hasPrefix("properties.") ? String($0.dropFirst("properties.".count)) : $0 }
            .filter { !Self.itemMembers.contains(Self.outerName($0)) }
        guard !names.isEmpty,
            let values = try request.catalogue.values(
                ofProperties: names + names.map(Self.outerName), in: search.collections)
        else { return [] }
        var warnings: [String] = []
        var suggested: [String]?
        for (position, name) in names.enumerated() {
            switch (values[position], values[names.count + position]) {
            // The index does not know of what kind the values inside objects are.
            case (.scalar, _), (.absent, .structured), (.absent, .scalar): continue
            case (.structured, _):
                guard search.sortBy.contains(where: { $0.property == name }) else { continue }
                throw InvalidParameter("sortby", "cannot be '\(name)', whose values have no order")
            case (.absent, .absent):
                guard count + warnings.count < Self.maximumWarningCount else { return warnings }
                let known = try suggested ?? request.catalogue.queryables(collection: nil).map(\.name)
                suggested = known
                warnings.append(
                    "No Item has the property '\(excerpt(name, byteCount: 100))'\(suggestion(for: name, among: known))."
                )
            }
        }
        return warnings
    }

    /// Of a value inside of objects, the name of the outermost.
    private static func outerName(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private static let maximumWarningCount = 5
    /// Names that are looked up for one search.
    private static let maximumCheckedCount = 100
    /// Those without Items are looked up in the store.
    private static let maximumCheckedCollectionCount = 20
    /// Members of Items that are no properties.
    private static let itemMembers: Set<String> = [
        "id", "collection", "geometry", "bbox", "datetime", "type", "stac_version", "stac_extensions", "links",
        "assets",
    ]
}

extension HTTPFields {
    /// Appends a header for each warning.
    ///
    /// Source: [RFC 7234, section 5.5](https://www.rfc-editor.org/rfc/rfc7234#section-5.5), code 299.
    mutating func append(_ warnings: [String]) {
        for warning in warnings {
            let text = warning.unicodeScalars.map { scalar in
                let isPlain =
                    scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" && scalar.value != 0x7f
                return isPlain ? String(scalar) : "?"
            }
            append(HTTPField(name: Self.warning, value: "299 - \"\(text.joined().prefix(400))\""))
        }
    }

    private static let warning = HTTPField.Name("Warning")!
}
