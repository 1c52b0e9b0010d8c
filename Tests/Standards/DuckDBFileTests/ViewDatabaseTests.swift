import Testing

@testable import DuckDBFile

@Suite("A database of views") struct ViewDatabaseTests {
    static let items = DuckDBView("items", paths: ["/data/*.parquet"])

    @Test("is three headers and whole blocks, each with its checksum", arguments: [0, 1, 40, 3_000])
    func structure(count: Int) throws {
        let views = (0..<count).map { DuckDBView("view \($0)", paths: ["/data/\($0)/*.parquet"]) }
        let bytes = try ViewDatabase(views).bytes()
        let blocks = (bytes.count - 3 * 4_096) / 262_144
        #expect(bytes.count == 3 * 4_096 + blocks * 262_144)
        #expect(blocks == (count < 600 ? 1 : 6))
        var start = 0
        for size in [4_096, 4_096, 4_096] + Array(repeating: 262_144, count: blocks) {
            let sum = bytes.word(at: start)
            #expect(sum == wordChecksum(Array(bytes[(start + 8)..<(start + size)])))
            start += size
        }
        #expect(bytes[8..<12].elementsEqual("DUCK".utf8))
        #expect(bytes.word(at: 12) == 64)
        // Of the two headers the current one, with the higher number, is the first.
        #expect(bytes.word(at: 4_096 + 8) == 1)
        #expect(bytes.word(at: 2 * 4_096 + 8) == 0)
        #expect(bytes.word(at: 4_096 + 32) == UInt64(blocks))
    }

    @Test("has a chain of parts that ends, and names the free parts behind it", arguments: [1, 100, 3_000])
    func chain(count: Int) throws {
        let views = (0..<count).map { DuckDBView("v\($0)", paths: ["/data/\($0)"]) }
        let bytes = try ViewDatabase(views).bytes()
        var writer = ObjectWriter()
        writer.catalogue(views)

        let (catalogue, used) = bytes.chain(from: bytes.word(at: 4_096 + 16))
        #expect(catalogue.starts(with: writer.bytes))
        #expect(catalogue.dropFirst(writer.bytes.count).allSatisfy { $0 == 0 })
        let (list, usedByList) = bytes.chain(from: bytes.word(at: 4_096 + 24))
        #expect(list.word(at: 0) == 0)
        #expect(list.word(at: 8) == 0)
        var usedParts = Set(used + usedByList)
        #expect(usedParts.count == used.count + usedByList.count)
        for entry in 0..<Int(list.word(at: 16)) {
            let block = list.word(at: 24 + entry * 16)
            let free = list.word(at: 32 + entry * 16)
            for part in 0..<UInt64(64) {
                let isUsed = usedParts.remove(block | part << 56) != nil
                #expect(isUsed == (free & 1 << part == 0))
            }
        }
        #expect(usedParts.isEmpty)
    }

    @Test("is the same each time")
    func sameBytes() throws {
        #expect(try ViewDatabase([Self.items]).bytes() == ViewDatabase([Self.items]).bytes())
    }

    @Test("rejects names that differ in case only, and names that are none")
    func names() {
        #expect(throws: DuckDBFileError.nameTaken("ITEMS")) {
            try ViewDatabase([Self.items, DuckDBView("ITEMS", paths: ["/x"])])
        }
        for name in ["", "a\0b", String(repeating: "x", count: 1_025)] {
            #expect(throws: DuckDBFileError.invalidName(name)) { try ViewDatabase([DuckDBView(name, paths: ["/x"])]) }
        }
    }

    @Test("rejects views of no file", arguments: [[], [""], ["/a", "b\0"]])
    func paths(paths: [String]) {
        #expect(throws: DuckDBFileError.invalidPath(view: "v")) { try ViewDatabase([DuckDBView("v", paths: paths)]) }
    }

    @Test("rejects types nested too deep, and takes those that are not")
    func depth() throws {
        var type = DuckDBType.integer
        for _ in 1..<DuckDBType.depthLimit { type = .list(type) }
        _ = try ViewDatabase([DuckDBView("v", paths: ["/x"], columns: [DuckDBColumn("c", type)])]).bytes()
        let deeper = DuckDBView("v", paths: ["/x"], columns: [DuckDBColumn("c", .list(type))])
        #expect(throws: DuckDBFileError.tooDeep(view: "v", limit: DuckDBType.depthLimit)) {
            try ViewDatabase([deeper])
        }
    }

    @Test("rejects more than its blocks can name")
    func size() throws {
        let path = String(repeating: "x", count: 1 << 20)
        let views = (0..<34).map { DuckDBView("v\($0)", paths: [path]) }
        // The path is in the statement and in its tree.
        let database = try ViewDatabase(views)
        let error = #expect(throws: DuckDBFileError.self) { try database.bytes() }
        #expect("\(error!)".hasPrefix("the views need more than 6"))
    }
}

@Suite("A view") struct DuckDBViewTests {
    @Test("is a statement with names and paths in quotes")
    func statement() {
        let view = DuckDBView("a \"b\"", paths: ["/it's/x.parquet"])
        #expect(
            view.statement == #"CREATE VIEW "a ""b""" AS "#
                + "SELECT * FROM read_parquet('/it''s/x.parquet', union_by_name = false, hive_partitioning = false);")
        let several = DuckDBView("c", paths: ["/a", "/b"], unionByName: true, hivePartitioning: true)
        #expect(
            several.query
                == "SELECT * FROM read_parquet(['/a', '/b'], union_by_name = true, hive_partitioning = true)")
    }

    @Test("of a path that is no pattern escapes what would make it one")
    func literalPattern() {
        #expect(DuckDBView.literalPattern("/a [1]/b*?.parquet") == "/a [[]1]/b[*][?].parquet")
    }

    /// The bytes that DuckDB 1.0.0 wrote for `SELECT {'a': 1, 'b b': ['x']}` as the type.
    @Test("records types as DuckDB does")
    func types() {
        var writer = ObjectWriter()
        let column = DuckDBType.structure([DuckDBColumn("a", .integer), DuckDBColumn("b b", .list(.varchar))])
        writer.object { $0.type(column) }
        #expect(
            writer.bytes == [
                0x64, 0, 0x64, 0x65, 0, 1, 0x64, 0, 5, 0xC8, 0, 2, 0, 0, 1, 0x61, 1, 0, 0x64, 0, 0x0D, 0xFF, 0xFF,
                0xFF, 0xFF, 0, 0, 3, 0x62, 0x20, 0x62, 1, 0, 0x64, 0, 0x65, 0x65, 0, 1, 0x64, 0, 4, 0xC8, 0, 0x64, 0,
                0x19, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            ])
    }
}

extension [UInt8] {
    fileprivate func word(at offset: Int) -> UInt64 {
        withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }

    /// The content of a chain of parts, and the parts.
    fileprivate func chain(from first: UInt64) -> (content: [UInt8], parts: [UInt64]) {
        var (content, parts, position) = ([UInt8](), [UInt64](), first)
        while position != .max, parts.count < 10_000 {
            parts.append(position)
            let start = 3 * 4_096 + Int(position & 0xFF_FFFF) * 262_144 + 8 + Int(position >> 56) * 4_088
            content += self[(start + 8)..<(start + 4_088)]
            position = word(at: start)
        }
        return (content, parts)
    }
}
