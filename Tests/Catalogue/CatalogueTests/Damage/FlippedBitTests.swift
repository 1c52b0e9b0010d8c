import CQL2
import Catalogue
import CatalogueSQLite
import Foundation
import Geo
import JSON
import Logging
import STACAPI
import Temporal
import TestKit
import Testing

/// A bit of a file changes between two runs: no response may then differ from before without saying so, and `verify`
/// reports every bit that makes a difference.
@Suite("A flipped bit") struct FlippedBitTests {
    private let folder: TemporaryDirectory
    private let responses: [Response]

    /// A response of the catalogue.
    private enum Response: Equatable {
        case value(String)
        /// The response names what it lacks.
        case lacking(String)
        case error(String)

        var isSilent: Bool {
            if case .value = self { true } else { false }
        }
    }

    init() throws {
        folder = try TemporaryDirectory()
        try DamageSamples.fill(folder.home)
        responses = try Self.responses(of: folder.home)
        let failures = responses.filter { !$0.isSilent }
        #expect(failures.isEmpty)
        #expect(Self.faults(of: folder.home) == [])
    }

    @Test("of the database has no effect, or is reported")
    func store() throws { try flipBits(of: { $0 == "catalogue.sqlite" }, seed: 1) }

    @Test("of the index has no effect, or is reported")
    func index() throws { try flipBits(of: { $0.hasPrefix("index/") }, seed: 2) }

    private func flipBits(of isWanted: (String) -> Bool, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let files = try files().filter { isWanted($0.name) }
        let total = files.reduce(0) { $0 + $1.content.count }
        let rounds = TestRounds.count(200)
        var (reportedCount, differentCount) = (0, 0)
        for round in 0..<rounds {
            // One range of the files after the other, so that none is missed.
            var place = random.integer(
                total * round / rounds...max(total * round / rounds, total * (round + 1) / rounds - 1))
            let file = files.first { file in
                if place < file.content.count { return true }
                place -= file.content.count
                return false
            }
            let (name, content) = try #require(file)
            let bit = UInt8(random.integer(0...7))
            var damaged = content
            damaged[place] ^= 1 << bit
            let copy = try copied(with: name, as: damaged)
            let flip = "bit \(bit) of byte \(place) of \(name)"
            let faults = Self.faults(of: copy.home)
            let now = (try? Self.responses(of: copy.home)) ?? []
            // A catalogue that does not open says so.
            var isDifferent = now.isEmpty
            for (number, (before, after)) in zip(responses, now).enumerated() where before != after {
                isDifferent = true
                if after.isSilent { Issue.record("\(flip): \(Self.difference(before, after)) (request \(number))") }
            }
            #expect(!isDifferent || !faults.isEmpty, "\(flip) is not reported, but makes a difference")
            if !faults.isEmpty { reportedCount += 1 }
            if isDifferent { differentCount += 1 }
        }
        // The test is worth something only if much of the files counts.
        #expect(differentCount * 5 > rounds && reportedCount >= differentCount, "\(differentCount), \(reportedCount)")
    }

    private static func difference(_ before: Response, _ after: Response) -> String {
        let (old, new) = (Array("\(before)".utf8), Array("\(after)".utf8))
        let start = max(0, zip(old, new).prefix { $0 == $1 }.count - 20)
        func part(_ text: [UInt8]) -> String { String(decoding: text.dropFirst(start).prefix(100), as: UTF8.self) }
        return "\(part(old)) became \(part(new))"
    }

    /// The names are relative to the catalogue's directory.
    private func files() throws -> [(name: String, content: [UInt8])] {
        let names =
            try folder.files(in: "home").filter { $0.hasSuffix(".sqlite") }
            + folder.files(in: "home/index").map { "index/" + $0 }
        return try names.sorted().map { name in
            (name, [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path("home/" + name)))))
        }
    }

    /// The same catalogue with another content of one file.
    private func copied(with name: String, as content: [UInt8]) throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for file in try files() { try copy.write(file.name == name ? content : file.content, to: "home/" + file.name) }
        return copy
    }

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What `terrabyte verify` says, which fails when the catalogue does not open.
    private static func faults(of home: String) -> [String] {
        withLogger(quiet) { _ in
            do {
                return try CatalogueEngine(home: home, index: .reading, creating: false).verify()
            } catch {
                return ["\(error)"]
            }
        }
    }

    /// Responses to requests of all kinds.
    private static func responses(of home: String) throws -> [Response] {
        try withLogger(quiet) { _ in
            let catalogue = try CatalogueEngine(home: home, index: .permanent, creating: false)
            return DamageSamples.requests.map { request in
                do {
                    let (text, lacks) = try request(catalogue)
                    return lacks.isEmpty ? .value(text) : .lacking(lacks)
                } catch {
                    return .error("\(error)")
                }
            }
        }
    }
}
