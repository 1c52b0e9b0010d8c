import ItemSimulation
import JSON

/// One collection of the demo: a plan of its scenes, and how to write each down.
protocol DemoSeries: Sendable {
    var id: String { get }
    /// The Collection document.
    var document: JSONValue { get }
    var sceneCount: Int { get }
    /// Writes the Item of a scene; scenes are numbered from 0 in order of time.
    func writeItem(_ scene: Int, to text: inout JSONText)
}

/// The Items of a collection of the demo, as JSON texts in UTF-8, in order of time.
///
/// Only their plan is stored; texts are generated on demand.
public struct DemoItems: RandomAccessCollection, Sendable {
    let series: (any DemoSeries)?

    public var startIndex: Int { 0 }
    public var endIndex: Int { series?.sceneCount ?? 0 }

    public subscript(position: Int) -> [UInt8] {
        precondition(indices.contains(position), "no such Item")
        var text = JSONText()
        series?.writeItem(position, to: &text)
        return text.bytes
    }
}

/// Writes the links that a static catalogue would have too, and those added by `more`.
///
/// The Item schema wants a link to the Collection where there is a member `collection`.
func writeLinks(to text: inout JSONText, more: (inout JSONText) -> Void = { _ in }) {
    text.array("links") { text in
        text.object { text in
            text.string("rel", "collection")
            text.string("href", "../collection.json")
            text.string("type", "application/json")
        }
        more(&text)
    }
}
