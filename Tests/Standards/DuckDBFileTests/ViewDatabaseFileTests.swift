import DuckDBFile
import Foundation
import Testing

@Suite("The file of a database of views") struct ViewDatabaseFileTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "views-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test("replaces the one before, and leaves nothing else behind")
    func replaces() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "catalogue.duckdb").path
        let first = try ViewDatabase([DuckDBView("a", paths: ["/a"])])
        let second = try ViewDatabase([DuckDBView("b", paths: ["/b"])])
        try first.write(to: path)
        let open = try FileHandle(forReadingFrom: URL(filePath: path))
        try second.write(to: path)
        #expect(try FileManager.default.contents(atPath: path).map(Array.init) == second.bytes())
        #expect(try open.readToEnd().map(Array.init) == first.bytes())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["catalogue.duckdb"])
    }

    @Test("says where it cannot be written")
    func noFolder() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try ViewDatabase([])
        let error = #expect(throws: DuckDBFileError.self) {
            try database.write(to: folder.appending(path: "none/c.duckdb").path)
        }
        #expect("\(error!)".contains("none/c.duckdb"))
        #expect("\(error!)".hasPrefix("cannot create"))
    }

    @Test("leaves what is in its place when it cannot be renamed")
    func isFolder() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "taken").path
        try FileManager.default.createDirectory(atPath: path + "/x", withIntermediateDirectories: true)
        #expect(throws: DuckDBFileError.self) { try ViewDatabase([]).write(to: path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken"])
    }
}
