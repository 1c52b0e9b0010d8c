import Configuration
import STACServer

extension STACServer.Configuration {
    /// - `id` (string, default `terrabyte`), `title`, `description` (strings): Of the landing page.
    /// - `language` (string, default `en`): In which language title and description are, as a language tag.
    /// - `standardLimit` (int, default 10): Items on a page when the client does not say.
    /// - `maximumLimit` (int, default 10000): Items on a page at most.
    /// - `maximumDocumentsPerSearch` (int, default 200000): Items that one search may look into where the index does
    ///   not decide.
    /// - `slowSearchMilliseconds` (int, default 1000): Searches that take as long are logged with their plan; 0: none.
    mutating func read(_ reader: ConfigReader) throws {
        id = reader.string(forKey: "id", default: id)
        title = reader.string(forKey: "title", default: title)
        description = reader.string(forKey: "description", default: description)
        language = reader.string(forKey: "language", default: language)
        standardLimit = try reader.number(forKey: "standardLimit", in: 1...100_000) ?? standardLimit
        maximumLimit = try reader.number(forKey: "maximumLimit", in: 1...100_000) ?? maximumLimit
        maximumDocumentsPerSearch =
            try reader.number(forKey: "maximumDocumentsPerSearch", in: 0...(1 << 40)) ?? maximumDocumentsPerSearch
        if let milliseconds = try reader.number(forKey: "slowSearchMilliseconds", in: 0...86_400_000) {
            slowSearch = milliseconds == 0 ? nil : .milliseconds(milliseconds)
        }
    }
}
