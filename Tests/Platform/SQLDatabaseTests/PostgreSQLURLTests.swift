import Testing

@testable import SQLDatabase

@Suite("Locations of databases") struct PostgreSQLURLTests {
    @Test(
        "describes a URL without its password",
        arguments: [
            (
                "postgresql://ada:s3cret@db.example.org:5433/terrabyte?sslmode=verify-full",
                "postgresql://ada@db.example.org:5433/terrabyte"
            ),
            ("postgres://db/terrabyte?user=ada&password=s3cret", "postgresql://ada@db/terrabyte"),
            (
                "postgresql://ada:s3cret@one,two:5433/terrabyte?sslpassword=s3cret",
                "postgresql://ada@one,two:,5433/terrabyte"
            ),
            ("postgresql:///terrabyte?host=/run/postgresql&password=s3cret", "postgresql:///run/postgresql/terrabyte"),
        ])
    func hidesPassword(text: String, expected: String) throws {
        let location = try DatabaseLocation(text)
        var dumped = ""
        dump(location, to: &dumped)
        for shown in ["\(location)", String(reflecting: location), dumped] {
            #expect(!shown.contains("s3cret"))
        }
        #expect("\(location)" == expected)
    }

    @Test(
        "refuses an invalid URL without a word of it",
        arguments: [
            "postgresql://ada:s3%cret@db/terrabyte", "postgresql://ada:s3/cret@db/terrabyte",
            "postgresql://ada:s3cret@db/terrabyte?ssl_mode=s3cret", "postgresql://ada:s3@cret@db:x/terrabyte",
            "mysql://ada:s3cret@db", "sqlite:", "", ":memory:", "sqlite://s3cret",
        ])
    func refuses(text: String) throws {
        let error = try #require(throws: DatabaseError.self) { try DatabaseLocation(text) }
        #expect(error.kind == .unavailable)
        #expect(!"\(error)".contains("s3"), "\(error)")
    }

    @Test(
        "takes paths, with and without the scheme",
        arguments: ["sqlite:/data/platform.sqlite", "/data/platform.sqlite"])
    func paths(text: String) throws {
        #expect("\(try DatabaseLocation(text))" == "sqlite:/data/platform.sqlite")
    }
}
