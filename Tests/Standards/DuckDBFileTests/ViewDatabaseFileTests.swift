import DuckDBFile
import Foundation
import TestKit
import Testing

@Suite("The file of a database of views") struct ViewDatabaseFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("replaces the one before, and leaves nothing else behind")
    func replaces() throws {
        let path = directory.path("catalogue.duckdb")
        let first = try ViewDatabase([DuckDBView("a", paths: ["/a"])])
        let second = try ViewDatabase([DuckDBView("b", paths: ["/b"])])
        try first.write(to: path)
        let open = try FileHandle(forReadingFrom: URL(filePath: path))
        try second.write(to: path)
        #expect(try FileManager.default.contents(atPath: path).map(Array.init) == second.bytes())
        #expect(try open.readToEnd().map(Array.init) == first.bytes())
        #expect(try directory.files() == ["catalogue.duckdb"])
    }

    @Test("says where it cannot be written")
    func noFolder() throws {
        let database = try ViewDatabase([])
        let error = #expect(throws: DuckDBFileError.self) {
            try database.write(to: directory.path("none/c.duckdb"))
        }
        #expect("\(error!)".contains("none/c.duckdb"))
        #expect("\(error!)".hasPrefix("cannot create"))
    }

    @Test("leaves the old file when it cannot be renamed")
    func isFolder() throws {
        let path = directory.path("taken")
        try FileManager.default.createDirectory(atPath: path + "/x", withIntermediateDirectories: true)
        #expect(throws: DuckDBFileError.self) { try ViewDatabase([]).write(to: path) }
        #expect(try directory.files() == ["taken"])
    }
}
