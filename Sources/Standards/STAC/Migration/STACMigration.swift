public import JSON

/// Brings Items and Collections of STAC 0.8.0 to 1.0.0-rc.4 to version 1.1.0, as pystac does when it reads them: renamed
/// members, extensions by their schemas' addresses instead of short names, bands in assets instead of indices.
///
/// The result is not validated. Members that have no successor stay.
///
/// Source: [pystac.serialization.migrate](https://github.com/stac-utils/pystac/blob/v1.15.2/pystac/serialization/migrate.py)
/// and the hooks of its extensions.
public enum STACMigration {
    static let target = "1.1.0"

    /// - Returns: `nil` for an Item that is of no such version.
    public static func migrated(item: JSONObject) -> JSONObject? {
        guard let version = oldVersion(of: item), let properties = item["properties"]?.object else { return nil }
        var item = item
        item["stac_version"] = .string(target)
        item["properties"] = .object(withLicense(properties))
        var extensions = ExtensionMigration(item, version, isCollection: false)
        extensions.migrate()
        return extensions.object
    }

    /// - Returns: `nil` for what is no Collection of such a version. One from before 1.0.0-rc.1 has no `type`.
    public static func migrated(collection: JSONObject) -> JSONObject? {
        guard let version = oldVersion(of: collection), collection["type"] == nil || collection["type"] == "Collection",
            collection["extent"] != nil || collection["license"] != nil
        else { return nil }
        var collection = withLicense(collection)
        collection = collection["type"] == nil ? withType(collection) : collection
        collection["stac_version"] = .string(target)
        if version < STACVersion("1.0.0-rc.1")!, let summaries = collection["summaries"]?.object {
            collection["summaries"] = .object(withRanges(summaries))
        }
        var extensions = ExtensionMigration(collection, version, isCollection: true)
        extensions.migrate()
        return extensions.object
    }

    private static func oldVersion(of object: JSONObject) -> STACVersion? {
        guard let version = object["stac_version"]?.string.flatMap({ STACVersion($0) }),
            version >= STACVersion("0.8.0-rc1")!, version < STACVersion("1.0.0")!
        else { return nil }
        return version
    }

    /// The type first, where readers look for it.
    private static func withType(_ collection: JSONObject) -> JSONObject {
        var typed: JSONObject = ["type": "Collection"]
        for member in collection { typed[member.name] = member.value }
        return typed
    }

    private static func withLicense(_ object: JSONObject) -> JSONObject {
        var object = object
        if object["license"] == "various" || object["license"] == "proprietary" { object["license"] = "other" }
        return object
    }

    private static func withRanges(_ summaries: JSONObject) -> JSONObject {
        var summaries = summaries
        for summary in summaries {
            guard let minimum = summary.value["min"], let maximum = summary.value["max"] else { continue }
            summaries[summary.name] = ["minimum": minimum, "maximum": maximum]
        }
        return summaries
    }
}
