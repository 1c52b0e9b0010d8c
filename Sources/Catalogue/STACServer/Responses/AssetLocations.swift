/// Places where the same files can be had, such as `file:///dss/`, `https://data.example.org/dss/` and `s3://dss/`, so
/// that one catalogue serves a cluster and those outside.
public struct AssetLocations: Sendable, Hashable {
    struct Place: Sendable, Hashable {
        let name: String
        /// What hrefs of files in this place start with.
        let prefix: String
    }

    /// The places of each folder.
    private(set) var folders: [[Place]] = []

    /// What clients ask for to get Items exactly as they were written.
    static let stored = "stored"

    public init() {}

    /// - Parameter folders: Each with its places, as in `file=file:///dss/ https=https://data.example.org/dss/`.
    /// - Throws: `InvalidAssetLocation` with the part that is wrong.
    public init(_ folders: [String]) throws(InvalidAssetLocation) {
        for folder in folders {
            var places: [Place] = []
            for part in folder.split(separator: " ") {
                let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, sides[0] != Self.stored, sides[0].utf8.allSatisfy(isNameByte),
                    sides[1].contains("://"), sides[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !isEscaped($0) }),
                    !places.contains(where: { $0.name == sides[0] })
                else { throw InvalidAssetLocation(text: String(part)) }
                places.append(Place(name: sides[0], prefix: sides[1]))
            }
            guard places.count > 1 else { throw InvalidAssetLocation(text: folder) }
            self.folders.append(places)
        }
    }

    public var names: Set<String> { Set(folders.flatMap { $0.map(\.name) }) }

    /// The folder that an href lies in, and the rest of the href; the longest prefix decides.
    func find(_ href: String) -> (places: [Place], place: Place, rest: Substring)? {
        var found: (places: [Place], place: Place)?
        for places in folders {
            for place in places
            where href.hasPrefix(place.prefix) && place.prefix.utf8.count > found?.place.prefix.utf8.count ?? 0 {
                found = (places, place)
            }
        }
        return found.map { ($0.places, $0.place, href.dropFirst($0.place.prefix.count)) }
    }
}

public struct InvalidAssetLocation: Error, CustomStringConvertible {
    let text: String
    public var description: String {
        "'\(text)' is none: a folder needs two places or more, as in file=file:///dss/ s3=s3://dss/"
    }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
    default: false
    }
}

private func isEscaped(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
