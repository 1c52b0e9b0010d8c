import JSON

/// The extensions of an Item or a Collection that is being migrated.
struct ExtensionMigration {
    private(set) var object: JSONObject
    private let version: STACVersion
    private let isCollection: Bool
    /// As they were listed.
    private let listed: [String]
    private var extensions: [String]

    init(_ object: JSONObject, _ version: STACVersion, isCollection: Bool) {
        self.object = object
        self.version = version
        self.isCollection = isCollection
        listed = (object["stac_extensions"]?.array ?? []).compactMap(\.string)
        extensions = listed
    }

    mutating func migrate() {
        if isCollection {
            migrateItemAssets()
        } else {
            migrateElectroOptical()
            migrateRadar()
            migrateLabels()
            migrateDatetimeRange()
            migrateClasses()
        }
        migrateChecksums()
        for known in Extension.all where isCollection ? known.isOfCollections : known.isOfItems { update(known) }
        if !isCollection { migrateProjection() }
        extensions.removeAll { name in
            Self.removed.contains(name)
                || isCollection && (Self.removedFromCollections.contains(name) || name == Extension.itemAssets.schema)
        }
        var seen: Set<String> = []
        object["stac_extensions"] = .array(extensions.filter { seen.insert($0).inserted }.map { .string($0) })
    }

    /// Their members have become part of the core, or others have taken their place.
    private static let removed: Set<String> = [
        "collection-assets", "tiled-assets", "single-file-stac", "dtr", "datetime-range", "commons",
    ]
    /// They were about members that Items inherited from their Collection.
    private static let removedFromCollections: Set<String> = [
        "eo", "file", "label", "pointcloud", "projection", "sar", "sat", "timestamps", "view",
    ]

    private mutating func update(_ known: Extension) {
        for index in extensions.indices where known.earlier.contains(extensions[index]) {
            extensions[index] = known.schema
        }
    }

    private mutating func add(_ known: Extension) {
        if !extensions.contains(known.schema) { extensions.append(known.schema) }
    }

    private func isOlder(than text: String) -> Bool { STACVersion(text).map { version < $0 } ?? false }

    // MARK: Members

    private var properties: JSONObject { object["properties"]?.object ?? [:] }

    private mutating func changeProperties(_ change: (inout JSONObject) -> Void) {
        guard var properties = object["properties"]?.object else { return }
        change(&properties)
        object["properties"] = .object(properties)
    }

    private mutating func changeAssets(_ member: String = "assets", _ change: (inout JSONObject) -> Void) {
        guard var assets = object[member]?.object else { return }
        for asset in assets {
            guard var changed = asset.value.object else { continue }
            change(&changed)
            assets[asset.name] = .object(changed)
        }
        object[member] = .object(assets)
    }

    // MARK: Extensions

    private mutating func migrateElectroOptical() {
        if isOlder(than: "0.9") {
            changeProperties { properties in
                properties.rename("eo:platform", "platform")
                properties.rename("eo:instrument", "instruments") { [$0] }
                properties.rename("eo:constellation", "constellation")
            }
            for name in ["off_nadir", "azimuth", "incidence_angle", "sun_azimuth", "sun_elevation"]
            where properties["eo:\(name)"] != nil {
                add(.view)
                changeProperties { $0.rename("eo:\(name)", "view:\(name)") }
            }
            if let code = properties["eo:epsg"], properties["proj:epsg"] == nil, properties["proj:code"] == nil {
                changeProperties { properties in
                    properties["eo:epsg"] = Optional.none
                    properties["proj:epsg"] = code
                }
                if !extensions.contains(where: { Extension.projection.isNamed($0) }) { add(.projection) }
                let hasMembers =
                    properties.contains { $0.name.hasPrefix("eo:") }
                    || object["assets"]?.object?.contains { $0.value["eo:bands"] != nil } ?? false
                if !hasMembers { extensions.removeAll { Extension.electroOptical.isNamed($0) } }
            }
        }
        guard isOlder(than: "1.0.0-beta.1") else { return }
        changeProperties { properties in
            guard let distance = properties["eo:gsd"] else { return }
            properties["eo:gsd"] = Optional.none
            properties["gsd"] = distance
        }
        guard let bands = properties["eo:bands"]?.array else { return }
        // Assets named bands by their positions in that list.
        changeAssets { asset in
            guard let indices = asset["eo:bands"]?.array else { return }
            asset["eo:bands"] = .array(
                indices.map { index in
                    guard let position = index.int, bands.indices.contains(position) else { return index }
                    return bands[position]
                })
        }
    }

    private mutating func migrateRadar() {
        guard isOlder(than: "0.9") else { return }
        changeProperties { properties in
            properties.rename("sar:platform", "platform")
            properties.rename("sar:instrument", "instruments") { [$0] }
            properties.rename("sar:constellation", "constellation")
            properties.rename("sar:type", "sar:product_type")
            properties.rename("sar:polarization", "sar:polarizations") { [$0] }
        }
    }

    private mutating func migrateLabels() {
        changeProperties { properties in
            for (singular, plural) in [
                ("label:property", "label:properties"), ("label:task", "label:tasks"),
                ("label:overview", "label:overviews"), ("label:method", "label:methods"),
            ] { properties.rename(singular, plural) }
        }
    }

    private mutating func migrateDatetimeRange() {
        guard isOlder(than: "0.9"), extensions.contains("dtr") || extensions.contains("datetime-range") else { return }
        changeProperties { properties in
            properties.rename("dtr:start_datetime", "start_datetime")
            properties.rename("dtr:end_datetime", "end_datetime")
        }
    }

    private mutating func migrateClasses() {
        guard listed.contains(Extension.address("classification", "1.0.0")) else { return }
        changeAssets { asset in
            guard let classes = asset["classification:classes"]?.array else { return }
            asset["classification:classes"] = .array(
                classes.map { entry in
                    guard var entry = entry.object else { return entry }
                    entry.rename("color-hint", "color_hint")
                    return .object(entry)
                })
        }
    }

    private mutating func migrateChecksums() {
        guard extensions.contains("checksum") else { return }
        extensions.removeAll { $0 == "checksum" }
        var isUsed = false
        func copy(_ members: inout JSONObject) {
            guard let checksum = members["checksum:multihash"], !checksum.isNull else { return }
            members["file:checksum"] = checksum
            isUsed = true
        }
        changeProperties(copy)
        changeAssets(change: copy)
        if isUsed { add(.file) }
    }

    /// The extension's version 2 has codes of any authority.
    private mutating func migrateProjection() {
        guard extensions.contains(Extension.projection.schema) else { return }
        func change(_ members: inout JSONObject) {
            guard let code = members["proj:epsg"] else { return }
            members["proj:epsg"] = Optional.none
            if !code.isNull, members["proj:code"] ?? .null == .null {
                members["proj:code"] = .string("EPSG:\(code.string ?? code.jsonText)")
            }
        }
        changeProperties(change)
        changeAssets(change: change)
        changeAssets("item_assets", change)
    }

    /// The extension was named as the member that it had before others took that name.
    private mutating func migrateItemAssets() {
        guard isOlder(than: "1.0.0-beta.1"), listed.contains("asset"), let assets = object["assets"] else { return }
        object["assets"] = Optional.none
        object["item_assets"] = assets
    }
}

extension ExtensionMigration {
    private mutating func changeAssets(change: (inout JSONObject) -> Void) { changeAssets("assets", change) }
}

extension JSONObject {
    /// Moves a member to another name, unless that is taken.
    fileprivate mutating func rename(
        _ name: String, _ newName: String, _ change: (JSONValue) -> JSONValue = { $0 }
    ) {
        guard let value = self[name], self[newName] == nil else { return }
        self[name] = Optional.none
        self[newName] = change(value)
    }
}
