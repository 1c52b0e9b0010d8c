import ItemSimulation
import JSON

/// The members `links` and `assets` of an Item, cut where something differs from Item to Item.
struct AssetTemplate: Sendable {
    /// The placeholders.
    enum Slot: Int, CaseIterable, Sendable {
        /// The product's name.
        case product
        /// Its folder, with a slash at the end.
        case folder
        /// The folder of its granule, likewise.
        case granule
        /// The prefix of its image files.
        case image
        /// The folder of its datastrip.
        case datastrip
        /// Four numbers with commas.
        case box
        case west, north
    }

    private var literals: [UInt8] = []
    /// Each part is some literal text and the slot that follows.
    private var parts: [(literal: Range<Int>, slot: Slot)] = []
    private var tail: [UInt8] = []

    /// Between these in the text that is cut stands a slot's number.
    private static let mark: Character = "\u{1}"

    init() {
        let text = Self.text()
        for (index, part) in text.split(separator: Self.mark, omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 0 {
                tail = Array(part.utf8)
            } else if let number = Int(part), let slot = Slot(rawValue: number) {
                parts.append((literals.count..<literals.count + tail.count, slot))
                literals.append(contentsOf: tail)
            }
        }
    }

    /// - Parameter values: The slots' texts, one after another.
    /// - Parameter ranges: Where in `values` each slot's text lies, in the order of `Slot.allCases`.
    func append(values: [UInt8], ranges: [Range<Int>], to bytes: inout [UInt8]) {
        // Slices of arrays would be retained and released three hundred times an Item.
        literals.withUnsafeBufferPointer { literals in
            values.withUnsafeBufferPointer { values in
                for (literal, slot) in parts {
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: literals[literal]))
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: values[ranges[slot.rawValue]]))
                }
            }
        }
        bytes.append(contentsOf: tail)
    }

    // MARK: The text

    private static func marked(_ slot: Slot) -> String { "\(mark)\(slot.rawValue)\(mark)" }

    private static func text() -> String {
        let api = "https://stac.terrabyte.lrz.de/public/api"
        let collection = "\(api)/collections/\(Sentinel2Collection.id)"
        let links = [
            link("collection", collection), link("parent", collection), link("root", api),
            link("self", "\(collection)/items/\(marked(.product))", "application/geo+json"),
        ]
        let assets = Sentinel2Collection.images.map(image) + files()
        return "\"links\":[\(links.joined(separator: ","))],\"assets\":{\(assets.joined(separator: ","))}"
    }

    private static func link(_ relation: String, _ href: String, _ type: String = "application/json") -> String {
        "{\"href\":\"\(href)\",\"rel\":\"\(relation)\",\"type\":\"\(type)\"}"
    }

    private static func image(_ band: Sentinel2Band) -> String {
        let metres = band.resolution
        let file = "IMG_DATA/R\(metres)m/\(marked(.image))_\(band.key)_\(metres)m.jp2"
        let transform = "[\(metres).0,0.0,\(marked(.west)),0.0,-\(metres).0,\(marked(.north))]"
        var text = "\"\(band.key)\":{\"href\":\"\(marked(.granule))\(file)\",\"proj:bbox\":[\(marked(.box))],"
        text += "\"proj:shape\":[\(band.pixels),\(band.pixels)],\"proj:transform\":\(transform)"
        for (name, value) in Sentinel2Collection.metadata(band).members.map({ ($0.name, $0.value) }) {
            text += ",\"\(name)\":\(value.jsonText)"
        }
        return text + "}"
    }

    private static func files() -> [String] {
        let metadata = "\"type\":\"application/xml\",\"roles\":[\"metadata\"]}"
        let (folder, granule) = (marked(.folder), marked(.granule))
        let preview = "\(granule)QI_DATA/\(marked(.image))_PVI.jp2"
        let datastrip = "\(folder)DATASTRIP/\(marked(.datastrip))/MTD_DS.xml"
        return [
            "\"preview\":{\"href\":\"\(preview)\",\"type\":\"image/jp2\",\"roles\":[\"thumbnail\"]}",
            "\"safe_manifest\":{\"href\":\"\(folder)manifest.safe\",\(metadata)",
            "\"granule_metadata\":{\"href\":\"\(granule)MTD_TL.xml\",\(metadata)",
            "\"inspire_metadata\":{\"href\":\"\(folder)INSPIRE.xml\",\(metadata)",
            "\"product_metadata\":{\"href\":\"\(folder)MTD_MSIL2A.xml\",\(metadata)",
            "\"datastrip_metadata\":{\"href\":\"\(datastrip)\",\(metadata)",
        ]
    }
}
