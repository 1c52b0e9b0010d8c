import Catalogue
import JSON

/// Rewrites hrefs of assets to the location that a client can reach, and lists under `alternate` where else the files
/// are.
///
/// Source: [Alternate Assets 1.2.0](https://github.com/stac-extensions/alternate-assets).
struct AssetRewriting: Sendable, Hashable {
    let locations: AssetLocations
    /// The location for `href`; `nil`: as it was written.
    let name: String?

    static let schema = "https://stac-extensions.github.io/alternate-assets/v1.2.0/schema.json"

    /// The Item with other hrefs; the same when none of its assets lies in a folder with several locations.
    func apply(to item: EncodedItem) -> EncodedItem {
        // Stored texts are JSON.
        let edits = (try? JSONReader(.rfc8259).read(item.json) { self.edits(in: $0) }) ?? []
        guard !edits.isEmpty else { return item }
        var json: [UInt8] = []
        json.reserveCapacity(item.json.count + edits.reduce(0) { $0 + $1.text.utf8.count })
        var (position, linksOffset) = (0, item.linksOffset)
        for edit in edits {
            json += item.json[position..<edit.range.lowerBound]
            json += edit.text.utf8
            position = edit.range.upperBound
            if position <= item.linksOffset { linksOffset += edit.text.utf8.count - edit.range.count }
        }
        json += item.json[position...]
        return EncodedItem(
            collection: item.collection, id: item.id, sequence: item.sequence, json: json, linksOffset: linksOffset)
    }

    private struct Edit {
        let range: Range<Int>
        let text: String
    }

    /// In the order of their positions in the text.
    private func edits(in item: JSONElement) -> [Edit] {
        guard let assets = item.member("assets"), assets.kind == .object else { return [] }
        var edits: [Edit] = []
        for member in assets.members { edits += self.edits(inAsset: member.value) }
        let addsAlternates = edits.contains { $0.range.isEmpty }
        if addsAlternates, let edit = extensionEdit(item) { edits.append(edit) }
        return edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func edits(inAsset asset: JSONElement) -> [Edit] {
        guard asset.kind == .object, let href = asset.member("href"), let text = href.string,
            let (alternatives, location, rest) = locations.find(text)
        else { return [] }
        let chosen = alternatives.first { $0.name == name } ?? location
        var edits: [Edit] = []
        if chosen != location {
            edits.append(Edit(range: href.byteRange, text: json(chosen.prefix + rest)))
        }
        let alternate = asset.member("alternate")
        let others = alternatives.filter { other in
            other != chosen && alternate?.members.contains { $0.name.string == other.name } != true
        }
        guard !others.isEmpty else { return edits }
        let members = others.map { "\(json($0.name)):{\"href\":\(json($0.prefix + rest))}" }.joined(separator: ",")
        if let alternate, alternate.kind == .object {
            let end = alternate.byteRange.upperBound - 1
            edits.append(Edit(range: end..<end, text: (alternate.count > 0 ? "," : "") + members))
        } else if alternate == nil {
            let end = href.byteRange.upperBound
            edits.append(Edit(range: end..<end, text: ",\"alternate\":{\(members)}"))
        }
        return edits
    }

    private func extensionEdit(_ item: JSONElement) -> Edit? {
        guard let extensions = item.member("stac_extensions") else {
            let start = item.byteRange.lowerBound + 1
            return Edit(range: start..<start, text: "\"stac_extensions\":[\(json(Self.schema))],")
        }
        guard extensions.kind == .array,
            !extensions.elements.contains(where: { $0.string?.contains("/alternate-assets/") == true })
        else { return nil }
        let end = extensions.byteRange.upperBound - 1
        return Edit(range: end..<end, text: (extensions.count > 0 ? "," : "") + json(Self.schema))
    }

    private func json(_ text: some StringProtocol) -> String {
        String(decoding: JSONValue.string(String(text)).serialized(), as: UTF8.self)
    }
}
