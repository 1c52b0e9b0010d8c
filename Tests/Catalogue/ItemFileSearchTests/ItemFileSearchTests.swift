import CQL2
import Geo
import ItemFileSearch
import ItemFilter
import JSON
import Parquet
import STACAPI
import STACGeoParquet
import Temporal
import TestKit
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct ItemFileSearchTests {
    @Test(arguments: [(UInt64(1), false), (2, true), (3, true)])
    func findsWhatALookAtEveryItemFinds(seed: UInt64, isMixed: Bool) throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: seed, isMixed: isMixed)
        let items = random.items(400)
        // The first file has the earlier half, as the order of an export would have it.
        try folder.write(Array(items[..<200]), to: "a.parquet")
        try folder.write(Array(items[200...]), to: "b.parquet")
        var requests = RandomRequests(seed: seed)
        var counts: Set<Int> = []
        for _ in 0..<TestRounds.count(20) {
            let request = try requests.request()
            let expected = try Self.matches(request, items)
            let found = try ItemFileSearch(request, files: ItemFilePaths.files(of: [folder.path])).run()
            var ids: [String] = []
            try found.forEachID { ids.append($0) }
            #expect(ids.sorted() == expected.sorted(), "\(String(describing: request))")
            counts.insert(ids.count)
            let unordered = try ItemFileSearch(request, files: ItemFilePaths.files(of: [folder.path])).run(
                isOrdered: false)
            #expect(unordered.count == expected.count)
        }
        #expect(counts.count > 5)
    }

    @Test func givesItemsAsTheyWere() throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: 5, isMixed: true)
        let items = random.items(100)
        try folder.write(items, to: "a.parquet")
        let found = try ItemFileSearch(SearchRequest(), files: ItemFilePaths.files(of: [folder.path])).run()
        var count = 0
        try found.forEachItem { text in
            let item = try JSONValue(parsing: String(decoding: text, as: UTF8.self))
            #expect(items.contains { Self.isEqual($0, item) })
            count += 1
        }
        #expect(count == 100)
    }

    @Test func sortsAndLimits() throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: 6, isMixed: false)
        try folder.write(random.items(100), to: "a.parquet")
        let request = SearchRequest(sortBy: [SortKey("n:whole", .descending)])
        let found = try ItemFileSearch(request, files: ItemFilePaths.files(of: [folder.path]), limit: 30).run()
        var values: [Int] = []
        try found.forEachItem { text in
            let item = try JSONValue(parsing: String(decoding: text, as: UTF8.self))
            values.append(item["properties"]?["n:whole"]?.int ?? -100)
        }
        #expect(values.count == 30)
        #expect(values == values.sorted(by: >))
    }

    @Test func passesOverWhatCannotMatch() throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: 7, isMixed: false)
        // Times with odd fractions of a second are kept beside the columns, and such rows are looked at one by one.
        let plain = random.items(100).filter { item in
            !["updated", "datetime", "end_datetime"].contains {
                item["properties"]?[$0]?.string?.contains(".") ?? false
            }
        }
        try folder.write(plain, to: "a.parquet")
        let request = SearchRequest(filter: try Expression(text: "\"n:number\" > 1e7"))
        let found = try ItemFileSearch(request, files: ItemFilePaths.files(of: [folder.path])).run()
        #expect(found.count == 0)
        #expect(found.statistics.readRowGroupCount == 0)
    }

    @Test func aDamagedFileAmongOthersIsAnError() throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: 8, isMixed: false)
        try folder.write(random.items(100), to: "a.parquet")
        try folder.cut("a.parquet", to: "b.parquet")
        #expect {
            try ItemFileSearch(SearchRequest(), files: ItemFilePaths.files(of: [folder.path])).run()
        } throws: { error in
            (error as? ItemFileSearchError)?.path.hasSuffix("b.parquet") ?? false
        }
    }

    @Test func pathsThatMeanNoFileAreErrors() throws {
        let folder = try TemporaryDirectory()
        for path in [folder.path, folder.path + "/*.parquet", folder.path + "/none.parquet"] {
            #expect(throws: ItemFileSearchError.self) { try ItemFilePaths.files(of: [path]) }
        }
    }

    @Test func aSwappedFolderIsSeenAsAWhole() throws {
        let folder = try TemporaryDirectory()
        var random = RandomItems(seed: 9, isMixed: false)
        mkdir(folder.path + "/v1", 0o755)
        try folder.write(random.items(10), to: "v1/a.parquet")
        symlink("v1", folder.path + "/current")
        for path in [folder.path + "/current", folder.path + "/current/*.parquet", folder.path + "/c*t/a.parquet"] {
            #expect(try ItemFilePaths.files(of: [path]).count == 1)
        }
        let files = try ItemFilePaths.files(of: [folder.path + "/current"])
        #expect(files[0].hasSuffix("/v1/a.parquet"))
    }

    /// The ids of the Items that match, by a look at each.
    private static func matches(_ request: SearchRequest, _ items: [JSONValue]) throws -> [String] {
        let reader = JSONReader()
        return try items.compactMap { item in
            try item.serialized().withUnsafeBytes { bytes in
                try reader.read(bytes) { element in try isWanted(element, item, request) ? item["id"]?.string : nil }
            }
        }
    }

    private static func isWanted(_ item: JSONElement, _ value: JSONValue, _ request: SearchRequest) throws -> Bool {
        if let ids = request.ids, !ids.contains(value["id"]?.string ?? "") { return false }
        if let names = request.collections, !names.contains(value["collection"]?.string ?? "") { return false }
        if let filter = request.filter, try filter.evaluate(ItemPropertyLookup(item)) != true { return false }
        if let area = request.area {
            guard let json = value["geometry"], !json.isNull else { return false }
            if !(try Geometry(geoJSON: json)).satisfies(.intersects, area) { return false }
        }
        guard let interval = request.datetime else { return true }
        func instant(_ name: String) -> Timestamp? {
            value["properties"]?[name]?.string.flatMap { Timestamp($0, .lenient) }
        }
        let own = try DateTimeInterval(
            start: instant("start_datetime") ?? instant("datetime"), end: instant("end_datetime") ?? instant("datetime")
        )
        return own.intersects(interval)
    }

    /// Equality but for the order of members.
    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in right[member.name].map { isEqual(member.value, $0) } ?? false }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
        case (.number(let left), .number(let right)): left.double == right.double
        default: left == right
        }
    }
}
