import DatabaseTestKit
import SQLDatabase
import Testing

@Suite("Notes") struct NotesTests {
    @Test("are stored, by each author once", arguments: DatabaseKind.tested)
    func stores(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let notes = Notes(database: database)
            try await notes.run()
            _ = try await notes.add("clouds over Łódź", by: "ada")
            let error = await #expect(throws: DatabaseError.self) {
                try await notes.add("clouds over Łódź", by: "ada")
            }
            #expect(error?.constraint == "notes_author_content")
            let contents = try await notes.all(by: "ada").map(\.content)
            #expect(contents == ["clouds over Łódź"])
        }
    }
}
