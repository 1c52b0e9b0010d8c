import Configuration
import STACServer

extension STACServer.Configuration {
    /// - `id` (string, default `terrabyte`), `title`, `description` (strings): Of the landing page.
    /// - `language` (string, default `en`): In which language title and description are, as a language tag.
    /// - `standardLimit` (int, default 10): Items on a page when the client does not say.
    /// - `maximumLimit` (int, default 10000): Items on a page at most.
    mutating func read(_ reader: ConfigReader) throws {
        id = reader.string(forKey: "id", default: id)
        title = reader.string(forKey: "title", default: title)
        description = reader.string(forKey: "description", default: description)
        language = reader.string(forKey: "language", default: language)
        standardLimit = try reader.number(forKey: "standardLimit", in: 1...100_000) ?? standardLimit
        maximumLimit = try reader.number(forKey: "maximumLimit", in: 1...100_000) ?? maximumLimit
    }
}
