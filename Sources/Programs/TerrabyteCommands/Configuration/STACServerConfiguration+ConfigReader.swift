import Configuration
import HTTPEdge
import STACServer

extension STACServer.Configuration {
    /// - `id` (string, default `terrabyte`), `title`, `description` (strings): Of the landing page.
    /// - `language` (string, default `en`): In which language title and description are, as a language tag.
    /// - `defaultLimit` (int, default 10): Items on a page when the client does not say.
    /// - `maximumLimit` (int, default 10000): Items on a page at most.
    /// - `maximumItemsDecodedPerSearch` (int, default 200000): Items that one search may look into where the index does
    ///   not decide.
    /// - `assetLocations` (strings): Folders with the places where they can be had, as in
    ///   `file=file:///dss/ https=https://data.example.org/dss/`.
    /// - `assetLocation` (string, default none): Where hrefs point when the client does not say.
    /// - `assetNetworks` (strings): The same for clients of some networks, as in `file=10.0.0.0/8`; the first counts.
    /// - `slowSearchMilliseconds` (int, default 1000): Searches that take as long are logged with their plan; 0: none.
    mutating func read(_ reader: ConfigReader) throws {
        id = reader.string(forKey: "id", default: id)
        title = reader.string(forKey: "title", default: title)
        description = reader.string(forKey: "description", default: description)
        language = reader.string(forKey: "language", default: language)
        defaultLimit = try reader.number(forKey: "defaultLimit", in: 1...100_000) ?? defaultLimit
        maximumLimit = try reader.number(forKey: "maximumLimit", in: 1...100_000) ?? maximumLimit
        maximumItemsDecodedPerSearch =
            try reader.number(forKey: "maximumItemsDecodedPerSearch", in: 0...(1 << 40)) ?? maximumItemsDecodedPerSearch
        if let folders = reader.stringArray(forKey: "assetLocations") {
            do { assetLocations = try AssetLocations(folders) } catch { throw CommandError("assetLocations: \(error)") }
        }
        if let name = reader.string(forKey: "assetLocation"), !name.isEmpty {
            assetLocation = try known(name, "assetLocation")
        }
        for text in reader.stringArray(forKey: "assetNetworks") ?? [] {
            let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw CommandError("assetNetworks: '\(text)' is not as in file=10.0.0.0/8") }
            do {
                assetNetworks.append((try IPNetworks(sides[1]), try known(sides[0], "assetNetworks")))
            } catch let error as IPNetworks.InvalidNetwork {
                throw CommandError("assetNetworks: \(error)")
            }
        }
        if let milliseconds = try reader.number(forKey: "slowSearchMilliseconds", in: 0...86_400_000) {
            slowSearch = milliseconds == 0 ? nil : .milliseconds(milliseconds)
        }
    }

    private func known(_ name: String, _ key: String) throws -> String {
        guard assetLocations.names.contains(name) else {
            throw CommandError("\(key): '\(name)' is none of assetLocations")
        }
        return name
    }
}
