import Access
import HTTPEdge
import ServiceModule

extension STACServer.Configuration {
    /// - `prefix` (string, default `/public/api`): The path that all of the API is below.
    /// - `visibility` (string, default `curated` where the service `identity` runs, else `all`): The Collections that the
    ///   API shows. Not of the private API.
    /// - `includeCurated` (bool, default false): Whether the private API has the curated Collections, too, where a request
    ///   does not say. Not of the public one, and so are the following:
    /// - `quota.collections` (int, default 1000), `quota.items` (int, default 10000000), `quota.bytes` (int, default
    ///   10737418240): What each user and each container may have.
    /// - `id` (string, default `terrabyte`), `title`, `description` (strings): Of the landing page.
    /// - `language` (string, default `en`): In which language title and description are, as a language tag.
    /// - `defaultLimit` (int, default 10): Items on a page when the client gives no `limit`.
    /// - `maximumLimit` (int, default 10000): Items on a page at most.
    /// - `maximumItemsDecodedPerSearch` (int, default 200000): Items that one search may decode where the index does
    ///   not decide.
    /// - `maximumSearchBodyByteCount` (int, default 1048576): Largest accepted body of a search, in bytes.
    /// - `assetLocations` (strings): Folders with their locations, as in
    ///   `file=file:///dss/ https=https://data.example.org/dss/`.
    /// - `assetLocation` (string, default none): Location of hrefs when the client does not choose one.
    /// - `assetNetworks` (strings): The same for clients of some networks, as in `file=10.0.0.0/8`; the first counts.
    /// - `slowSearchMilliseconds` (int, default 1000): Searches that take as long are logged with their plan; 0: none.
    mutating func read(_ settings: Settings) throws {
        prefix = try settings.checked("prefix") {
            let prefix = try settings.string("prefix", default: prefix)
            guard prefix.hasPrefix("/"), !prefix.hasSuffix("/"), !prefix.contains("{") else {
                throw CommandError("'\(prefix)' is no path such as /public/api")
            }
            return prefix
        }
        try visibleCollections == .personal ? readPersonal(settings) : readVisibility(settings)
        id = try settings.string("id", default: id)
        title = try settings.string("title", default: title)
        description = try settings.string("description", default: description)
        language = try settings.string("language", default: language)
        defaultLimit = try settings.int("defaultLimit", in: 1...100_000, default: defaultLimit)
        maximumLimit = try settings.int("maximumLimit", in: 1...100_000, default: maximumLimit)
        maximumItemsDecodedPerSearch =
            try settings.int("maximumItemsDecodedPerSearch", in: 0...(1 << 40), default: maximumItemsDecodedPerSearch)
        maximumSearchBodyByteCount =
            try settings.int("maximumSearchBodyByteCount", in: 1...(1 << 40), default: maximumSearchBodyByteCount)
        if let folders = try settings.strings("assetLocations") {
            assetLocations = try settings.checked("assetLocations") { try AssetLocations(folders) }
        }
        if let name = try settings.string("assetLocation") {
            assetLocation = try settings.checked("assetLocation") { try known(name) }
        }
        assetNetworks += try settings.checked("assetNetworks") {
            try (settings.strings("assetNetworks") ?? []).map { text in
                let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard sides.count == 2 else { throw CommandError("'\(text)' is not as in file=10.0.0.0/8") }
                return (try IPNetworks(sides[1]), try known(sides[0]))
            }
        }
        let milliseconds = try settings.int("slowSearchMilliseconds", in: 0...86_400_000, default: 1_000)
        slowSearch = milliseconds == 0 ? nil : .milliseconds(milliseconds)
    }

    private mutating func readVisibility(_ settings: Settings) throws {
        guard let name = try settings.string("visibility") else { return }
        visibleCollections = try settings.checked("visibility") {
            let choices: [VisibleCollections] = [.all, .curated]
            guard let choice = choices.first(where: { $0.rawValue == name }) else {
                throw CommandError("'\(name)' is neither all nor curated")
            }
            return choice
        }
        isVisibilityChosen = true
    }

    private mutating func readPersonal(_ settings: Settings) throws {
        includesCurated = try settings.bool("includeCurated", default: includesCurated)
        let counts = 0...(1 << 40)
        quota.collections = try settings.int("quota.collections", in: counts, default: quota.collections ?? 0)
        quota.items = try settings.int("quota.items", in: counts, default: quota.items ?? 0)
        quota.bytes = try settings.int("quota.bytes", in: 0...(1 << 60), default: quota.bytes ?? 0)
    }

    private func known(_ name: String) throws -> String {
        guard assetLocations.names.contains(name) else { throw CommandError("'\(name)' is none of assetLocations") }
        return name
    }
}
