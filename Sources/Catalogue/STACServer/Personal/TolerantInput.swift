import JSON

/// Repairs what clients of the platform's earlier catalogue send, which did not check it: users' programs go on working,
/// and what is stored is valid.
enum TolerantInput {
    /// An Item with the `bbox` of its geometry, where it has none; pystac writes an empty list then.
    static func item(_ text: [UInt8]) -> [UInt8] {
        // What is no Item, or none that is valid, is refused when it is written.
        guard lacksBox(text), var item = try? JSONValue(parsing: text).object, let geometry = item["geometry"],
            let box = Box(of: geometry)
        else { return text }
        item["bbox"] = .array(box.numbers.map { JSONValue($0) })
        return JSONValue.object(item).serialized()
    }

    private static func lacksBox(_ text: [UInt8]) -> Bool {
        let lacks = try? JSONReader().read(text) { item in
            item.member("bbox").map { $0.isNull || $0.kind == .array && $0.count == 0 } ?? true
        }
        return lacks ?? false
    }

    /// A Collection with the whole world in the place of spatial extents that have not 4 or 6 numbers.
    static func collection(_ text: [UInt8]) -> [UInt8] {
        guard var collection = try? JSONValue(parsing: text).object, var extent = collection["extent"]?.object,
            var spatial = extent["spatial"]?.object, let boxes = spatial["bbox"]?.array
        else { return text }
        let repaired = boxes.map { box in
            guard let numbers = box.array, ![4, 6].contains(numbers.count), numbers.allSatisfy({ $0.double != nil })
            else { return box }
            return [-180, -90, 180, 90] as JSONValue
        }
        guard repaired != boxes else { return text }
        spatial["bbox"] = .array(repaired)
        extent["spatial"] = .object(spatial)
        collection["extent"] = .object(extent)
        return JSONValue.object(collection).serialized()
    }

    /// The id in a path: `<Collection id=ID>`, which terrapi-client's own example sends, means `ID`. No id has such
    /// characters.
    static func collectionID(_ text: String) -> String {
        let (prefix, suffix) = ("<Collection id=", ">")
        guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return text }
        return String(text.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// West, south, east, north.
    private struct Box {
        var numbers = [Double.infinity, .infinity, -.infinity, -.infinity]

        /// - Returns: `nil` for what has no coordinates.
        init?(of geometry: JSONValue) {
            if let parts = geometry["geometries"]?.array {
                for part in parts { add(part["coordinates"] ?? .null) }
            } else {
                add(geometry["coordinates"] ?? .null)
            }
            guard numbers.allSatisfy(\.isFinite) else { return nil }
        }

        /// As deep as the reader lets texts be.
        private mutating func add(_ coordinates: JSONValue) {
            guard let elements = coordinates.array else { return }
            guard elements.count >= 2, let x = elements[0].double, let y = elements[1].double else {
                for element in elements { add(element) }
                return
            }
            numbers = [min(numbers[0], x), min(numbers[1], y), max(numbers[2], x), max(numbers[3], y)]
        }
    }
}
