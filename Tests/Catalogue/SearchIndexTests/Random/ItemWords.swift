import CQL2
import JSON
import STACAPI
import Temporal

/// The words of an Item's texts as the reference sees them: a list for each text.
struct ItemWords {
    private var texts: [[String]] = []

    init(_ item: Item) {
        guard let properties = item.json["properties"] else { return }
        for (name, value) in properties.members {
            let name = name.string ?? ""
            guard !name.contains(":") || name == "x:title" else { continue }
            if let text = value.string, Timestamp(text, .lenient) == nil { texts.append(Self.words(text)) }
            if value.kind == .array { texts += value.elements.compactMap(\.string).map(Self.words) }
        }
    }

    func meet(_ expression: FreeTextExpression) -> Bool {
        expression.isTrue { phrase in texts.contains { $0.contains(phrase.words) } }
    }

    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        func end() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for scalar in TextFolding.withoutAccents(TextFolding.caseFolded(text)).unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            let isSyllable = scalar.properties.isIdeographic || (0x3040...0x30ff).contains(scalar.value)
            if !isLetter || isSyllable { end() }
            if isLetter { word.unicodeScalars.append(scalar) }
            if isSyllable { end() }
        }
        end()
        return words
    }
}
