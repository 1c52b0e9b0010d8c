import CatalogueSQLite
import Synchronization
import TestKit
import Testing

@testable import Catalogue

@Suite("Loading a sequence of Items") struct EngineSequenceLoadTests {
    let folder: TemporaryDirectory
    let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    private struct OutOfItems: Error {}

    @Test("takes all of them, lazily made")
    func sequence() async throws {
        let items = (0..<3000).lazy.map { Samples.bytes("item-\($0)") }
        let report = try await catalogue.load(items, into: "a")
        #expect(report.read == 3000 && report.created == 3000 && report.totalBytes == nil)
        #expect(report.consumedBytes == items.reduce(0) { $0 + $1.count })
        #expect(try catalogue.ids().count == 3000)
        #expect(try await catalogue.load(items, into: "a").unchanged == 3000)
        #expect(try catalogue.verify() == [])
    }

    @Test("names those that it leaves out by their position")
    func rejects() async throws {
        let items = [
            Array("{".utf8), Samples.bytes("a"), [], Array("  \n".utf8), Array("\(Samples.item("b"))\n".utf8),
            Array("\(Samples.item("c")) {}".utf8),
        ]
        var rejects: [LoadReject] = []
        let report = try await catalogue.load(items, named: "provider", into: "a", onReject: { rejects.append($0) })
        #expect(report.read == 6 && report.created == 2 && report.rejected == 4)
        #expect(rejects.map(\.location) == [1, 3, 4, 6].map { "provider:\($0)" })
        #expect(rejects[1].reason == "the text is empty")
        #expect(try catalogue.ids() == ["a", "b"])
    }

    @Test("ends by policy, as with files")
    func conflict() async throws {
        try catalogue.put(Samples.bytes("a"))
        let items = [Samples.bytes("b"), Samples.bytes("a", day: 2), Samples.bytes("c")]
        let error = await #expect(throws: CatalogueError.self) {
            try await catalogue.load(items, into: "a", onConflict: .fail)
        }
        #expect(error?.code == .itemExists && error?.message.hasPrefix("input:2: ") == true)
        #expect(try catalogue.ids() == ["a", "b"])
    }

    @Test("of none does nothing, and needs a Collection all the same")
    func empty() async throws {
        #expect(try await catalogue.load(EmptyCollection<[UInt8]>(), into: "a").read == 0)
        let error = await #expect(throws: CatalogueError.self) {
            try await catalogue.load(EmptyCollection<[UInt8]>(), into: "b")
        }
        #expect(error?.code == .noSuchCollection)
    }

    @Test("takes Items that arrive one after the other")
    func asyncSequence() async throws {
        let (items, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        async let report = catalogue.load(items, into: "a")
        for index in 0..<600 {
            continuation.yield(Samples.bytes("item-\(index)"))
            if index % 100 == 0 { await Task.yield() }
        }
        continuation.finish()
        #expect(try await report.created == 600)
        #expect(try catalogue.ids().count == 600)
    }

    @Test("ends with the error of a sequence that fails, and keeps what it has written")
    func failure() async throws {
        let items = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for index in 0..<9000 { continuation.yield(Samples.bytes("item-\(index)")) }
            continuation.finish(throwing: OutOfItems())
        }
        var written = 0
        await #expect(throws: OutOfItems.self) {
            try await catalogue.load(items, into: "a", onProgress: { written = $0.created })
        }
        #expect(try catalogue.ids().count == written)
        #expect(try catalogue.verify() == [])
    }

    @Test("takes no more of an endless sequence than it can handle, until it is cancelled")
    func endless() async throws {
        let taken = TakenCount()
        let task = Task { [catalogue] in
            let items = (0...).lazy.map { index in
                taken.value.store(index + 1, ordering: .relaxed)
                return Samples.bytes("item-\(index)")
            }
            var written = 0
            await #expect(throws: CancellationError.self) {
                try await catalogue.load(
                    items, into: "a",
                    onProgress: { report in
                        written = report.created
                        withUnsafeCurrentTask { $0?.cancel() }
                    })
            }
            return written
        }
        let written = await task.value
        #expect(written > 0)
        #expect(try catalogue.ids().count == written)
        #expect(taken.value.load(ordering: .relaxed) < 100_000)
    }

    @Test("does not take a cancelled stream for one that has ended")
    func cancelledStream() async throws {
        let (items, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        continuation.yield(Samples.bytes("item"))
        let task = Task { [catalogue] in try await catalogue.load(items, into: "a") }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// Items that a load has asked for.
private final class TakenCount: Sendable {
    let value = Atomic(0)
}
