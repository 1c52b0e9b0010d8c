import ArgumentParser
import Catalogue
import CatalogueHosting
import Compression
import DemoCatalogue
import ItemInput
import JSON
import ServiceModule

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill the catalogue with some 20,000 synthetic Items, always the same.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let catalogue = try await common.catalogue(index: .ifFree)
        let demo = DemoCatalogue()
        for (id, document) in demo.collections {
            _ = try catalogue.putCollection(document.serialized(), id: id, .upsert, ifMatch: nil)
            let stream = NDJSONStream(demo.items(of: id), name: id)
            let reader = try ItemInput(paths: ["-"]).makeReader(standardInput: stream)
            let report = try await catalogue.load(reader, into: id)
            Console.print("\(id): \(ConsoleFormat.grouped(report.read)) Items")
        }
    }
}

/// Items as one stream of NDJSON, made as they are read.
private final class NDJSONStream<Items: Collection<[UInt8]>>: ByteStream {
    let name: String
    private(set) var consumed = 0
    private var items: Items.Iterator
    private var rest: ArraySlice<UInt8> = []

    init(_ items: Items, name: String) {
        self.items = items.makeIterator()
        self.name = name
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if rest.isEmpty, let item = items.next() { rest = item + [UInt8(ascii: "\n")] }
        let part = rest.prefix(buffer.count)
        buffer.copyBytes(from: part)
        rest = rest.dropFirst(part.count)
        consumed += part.count
        return part.count
    }
}
