import Catalogue
import HTTPEdge
import JSON

/// Takes out of Items what `AssetRewriting` puts into them, so that a client may change and return what it has got:
/// nothing that the server generates is stored.
struct AssetRestoring {
    let locations: AssetLocations

    /// The Item, or a merge patch of it, as it is to be stored.
    ///
    /// An href to the same file as the stored one's, at whatever location, becomes the stored one again. Entries of
    /// `alternate` that say where else the same file is are taken out, and so is the extension if nothing of it is left.
    ///
    /// - Parameter stored: The version that is replaced, if any.
    func apply(to item: JSONObject, stored: JSONObject?) -> JSONObject {
        guard let assets = item["assets"]?.object else { return item }
        var item = item
        var changed = assets
        var hasTakenOut = false
        for (name, value) in assets.members.map({ ($0.name, $0.value) }) {
            guard let asset = value.object else { continue }
            let (restored, isTakenOut) = restored(asset, stored: stored?["assets"]?[name]?.object)
            changed[name] = .object(restored)
            if isTakenOut { hasTakenOut = true }
        }
        item["assets"] = .object(changed)
        // The author's where it was there before, or where a new Item has alternates of its own.
        let isAuthors =
            stored.map { $0["stac_extensions"]?.array?.contains(.string(AssetRewriting.schema)) ?? false }
            ?? changed.contains { $0.value["alternate"] != nil }
        if hasTakenOut, !isAuthors, let extensions = item["stac_extensions"]?.array {
            let others = extensions.filter { $0 != .string(AssetRewriting.schema) }
            // Where there is no list the server puts one.
            let isGenerated = others.isEmpty && stored?["stac_extensions"] == nil
            item["stac_extensions"] = isGenerated ? Optional.none : .array(others)
        }
        return item
    }

    private func restored(_ asset: JSONObject, stored: JSONObject?) -> (JSONObject, isTakenOut: Bool) {
        guard let href = (asset["href"] ?? stored?["href"])?.string, let (alternatives, _, rest) = locations.find(href)
        else { return (asset, false) }
        var asset = asset
        func isSameFile(_ other: String) -> Bool {
            guard let (others, _, otherRest) = locations.find(other) else { return false }
            return others == alternatives && otherRest == rest
        }
        if asset["href"] != nil, let storedHref = stored?["href"], let text = storedHref.string, isSameFile(text) {
            asset["href"] = storedHref
        }
        guard let alternate = asset["alternate"]?.object else { return (asset, false) }
        var left = alternate
        for location in alternatives where stored?["alternate"]?[location.name] == nil {
            if alternate[location.name] == ["href": .string(location.prefix + rest)] {
                left[location.name] = Optional.none
            }
        }
        guard left.count < alternate.count else { return (asset, false) }
        let isGenerated = left.isEmpty && stored?["alternate"] == nil
        asset["alternate"] = isGenerated ? Optional.none : .object(left)
        return (asset, true)
    }
}

extension STACServer {
    /// The body of a write as it is to be stored, where the server rewrites hrefs of assets.
    ///
    /// - Parameter id: Of the Item that is replaced; `nil`: none is.
    func stored(_ body: [UInt8], _ request: STACRequest, id: String?, in collection: String) throws -> [UInt8] {
        let body = request.isTolerant ? TolerantInput.item(body) : body
        guard restoresAssets(of: request) else { return body }
        // What is no Item is refused when it is written.
        guard let item = try? JSONValue(parsing: body).object else { return body }
        return JSONValue.object(try stored(item, request, id: id, in: collection)).serialized()
    }

    func stored(
        _ item: JSONObject, _ request: STACRequest, id: String?, in collection: String
    ) throws -> JSONObject {
        guard restoresAssets(of: request) else { return item }
        let current = try id.flatMap { id -> JSONObject? in
            do {
                let current = try request.catalogue.item(id: id, in: collection)
                return try JSONValue(parsing: current.json, by: .rfc8259).object
            } catch let error as CatalogueError where error.code == .noSuchItem || error.code == .noSuchCollection {
                return nil
            }
        }
        return AssetRestoring(locations: configuration.assetLocations).apply(to: item, stored: current)
    }

    /// Whether responses to such a request have rewritten hrefs; those to `asset-location=stored` have not, so that with
    /// it another location can be stored.
    private func restoresAssets(of request: STACRequest) -> Bool { request.assets != nil }
}
