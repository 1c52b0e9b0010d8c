public import Identity
public import ServiceModule

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the pages say, and how long browsers stay signed in.
public struct PageConfiguration: Sendable {
    /// Terms of use, of which a new version is to be accepted again.
    public struct Terms: Sendable, Hashable {
        public let version: String
        /// Paragraphs with empty lines between them; one that begins with `# ` is a heading.
        public let text: String

        public init(version: String, text: String) {
            self.version = version
            self.text = text
        }
    }

    /// The platform's name.
    public var title = "terrabyte"
    public var terms: Terms?
    public var sessions = SessionLimits()

    public init() {}
}

extension PageConfiguration {
    /// - `title` (string, default `terrabyte`): Name of the platform on the pages, and in programs that show codes.
    /// - `terms` (string, default none): Path of a text file with the terms of use, which users have to accept.
    /// - `termsVersion` (string, default `1`): Their version; users accept another one again.
    /// - `sessionIdleSeconds` (int, default 3600): How long a browser stays signed in without being used.
    /// - `sessionSeconds` (int, default 43200): How long it stays signed in at most.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(_ settings: Settings) throws {
        self.init()
        title = try settings.string("title", default: title)
        let path = try settings.string("terms")
        let version = try settings.string("termsVersion", default: "1")
        if let path {
            let text = try settings.checked("terms") {
                guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                    throw CommandError("'\(path)' cannot be read as a text in UTF-8")
                }
                return text
            }
            terms = Terms(version: version, text: text)
        }
        sessions.idleSeconds = Int64(
            try settings.int("sessionIdleSeconds", in: 60...31_536_000, default: Int(sessions.idleSeconds)))
        sessions.longestSeconds = Int64(
            try settings.int("sessionSeconds", in: 60...31_536_000, default: Int(sessions.longestSeconds)))
    }
}
