/// Alternative locations of the same files, such as `file:///dss/`, `https://data.example.org/dss/` and `s3://dss/`, so
/// that one catalogue serves users on a cluster and outside.
public struct AssetLocations: Sendable, Hashable {
    struct Location: Sendable, Hashable {
        let name: String
        /// The prefix of hrefs at this location.
        let prefix: String
    }

    /// The locations of each folder.
    private(set) var folders: [[Location]] = []

    /// The value with which clients request Items exactly as they were written.
    static let stored = "stored"

    public init() {}

    /// - Parameter folders: Each with its locations, as in `file=file:///dss/ https=https://data.example.org/dss/`.
    /// - Throws: `InvalidAssetLocation` with the part that is wrong.
    public init(_ folders: [String]) throws(InvalidAssetLocation) {
        for folder in folders {
            var alternatives: [Location] = []
            for part in folder.split(separator: " ") {
                let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2, sides[0] != Self.stored, sides[0].utf8.allSatisfy(isNameByte),
                    sides[1].contains("://"), sides[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !isEscaped($0) }),
                    !alternatives.contains(where: { $0.name == sides[0] })
                else { throw InvalidAssetLocation(text: String(part)) }
                alternatives.append(Location(name: sides[0], prefix: sides[1]))
            }
            guard alternatives.count > 1 else { throw InvalidAssetLocation(text: folder) }
            self.folders.append(alternatives)
        }
    }

    public var names: Set<String> { Set(folders.flatMap { $0.map(\.name) }) }

    /// The folder that an href lies in, and the rest of the href; the longest prefix decides.
    func find(_ href: String) -> (alternatives: [Location], location: Location, rest: Substring)? {
        var found: (alternatives: [Location], location: Location)?
        for alternatives in folders {
            for location in alternatives
            where href.hasPrefix(location.prefix) && location.prefix.utf8.count > found?.location.prefix.utf8.count ?? 0
            {
                found = (alternatives, location)
            }
        }
        return found.map { ($0.alternatives, $0.location, href.dropFirst($0.location.prefix.count)) }
    }
}

public struct InvalidAssetLocation: Error, CustomStringConvertible {
    let text: String
    public var description: String {
        "'\(text)' is invalid: a folder needs two locations or more, as in file=file:///dss/ s3=s3://dss/"
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
