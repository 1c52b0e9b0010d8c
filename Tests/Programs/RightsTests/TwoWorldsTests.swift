import Access
import Catalogue
import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import TestKit
import Testing

@Suite("Two worlds, with and without hidden Collections") struct TwoWorldsTests {
    @Test("give the same bytes to the same requests, whatever is hidden and whatever happens to it")
    func sameBytes() async throws {
        let count = TestRounds.count(500)
        let requests = { (random: inout SeededGenerator) in (0..<count).map { _ in RandomRequest(&random) } }
        var random = SeededGenerator()
        let all = requests(&random)
        let seed = "\(random)"
        let collector = Exchanges()
        for hasHidden in [false, true] {
            try await World.run(hasHidden: hasHidden) { world in
                for (number, request) in all.enumerated() {
                    if hasHidden, number % 7 == 0 { try Self.disturb(world.catalogue, number) }
                    let response = try await request.send(to: world)
                    await collector.add(Exchange(request, response), isOfHidden: hasHidden)
                }
            }
        }
        let (without, with) = await (collector.without, collector.with)
        #expect(without.count == count && with.count == count)
        for (number, (left, right)) in zip(without, with).enumerated() where left != right {
            Issue.record(
                "\(seed), number \(number): \(left.request)\n\(left.difference(from: right))")
        }
        // They are of some use: most are answered, and some are refused.
        let statuses = Dictionary(grouping: without, by: \.status).mapValues(\.count)
        #expect(statuses[200, default: 0] > count / 3, "\(statuses)")
        #expect(statuses.count > 5, "\(statuses)")
    }

    /// Somebody writes what nobody here may see.
    private static func disturb(_ catalogue: CatalogueEngine, _ number: Int) throws {
        let id = Catalogues.hidden[number % Catalogues.hidden.count]
        let item = Catalogues.item(number % 10, id: "\(Catalogues.mark)-\(number % 10)", of: id, isHidden: true)
        _ = try catalogue.putItem(item.serialized(), id: nil, in: id, .upsert, ifMatch: nil)
    }
}

/// What came of the requests.
private actor Exchanges {
    private(set) var without: [Exchange] = []
    private(set) var with: [Exchange] = []

    func add(_ exchange: Exchange, isOfHidden: Bool) {
        if isOfHidden { with.append(exchange) } else { without.append(exchange) }
    }
}

/// A request and the bytes of its response that do not differ by time.
private struct Exchange: Equatable {
    let request: String
    let status: Int
    let headers: [String]
    let body: [UInt8]

    init(_ request: RandomRequest, _ response: TestResponse) {
        self.request =
            "\(request.person) \(request.method) \(request.path) \(request.body.map { $0.jsonText } ?? "") \(request.headers)"
        status = response.status.code
        headers = response.headers.filter { !["date", "x-request-id"].contains($0.name.canonicalName) }
            .map { "\($0.name.canonicalName): \($0.value)" }.sorted()
        body = Array(response.body.readableBytesView)
    }

    func difference(from other: Exchange) -> String {
        if status != other.status { return "\(status) and \(other.status): \(other.text)" }
        if headers != other.headers { return "\(headers)\n\(other.headers)" }
        return "\(text)\n\(other.text)"
    }

    private var text: String { String(decoding: body.prefix(2_000), as: UTF8.self) }
}
