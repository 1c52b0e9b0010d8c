import CQL2
import JSON
import STACAPI
import Temporal

extension SearchPlan {
    /// The steps for each segment in order, and the data that decides each of them.
    var explanation: JSONValue {
        var steps: [JSONValue] = []
        func add(_ step: String, by means: String, _ members: JSONObject = [:]) {
            var object: JSONObject = ["step": .string(step), "by": .string(means)]
            for member in members { object[member.name] = member.value }
            steps.append(.object(object))
        }
        if let datetime = request.datetime {
            var members: JSONObject = [:]
            members["start"] = datetime.start.map { .string($0.description) }
            members["end"] = datetime.end.map { .string($0.description) }
            add("time", by: "earliest and latest of the segment, then start and end of each row", members)
        }
        if let ids = request.ids { add("ids", by: "sorted ids", ["count": JSONValue(ids.count)]) }
        if request.text != nil { add("text", by: "words of the segment's texts") }
        for area in areas {
            add(
                "area", by: "tree of boxes, then outlines that boxes do not decide",
                ["bytes": JSONValue(area.key.byteCount)])
        }
        if let filter { add("filter", by: "columns", ["conditions": filter.explanation]) }
        if request.elevation != nil { add("elevation", by: "documents of Items") }
        let keys = SortKey.effective(request.sortBy).map { ($0.direction == .descending ? "-" : "+") + $0.property }
        add("order", by: "the first \(request.limit) rows", ["keys": .array(keys.map { .string($0) })])
        return .array(steps)
    }
}

extension FilterPlan.Node {
    fileprivate var explanation: JSONValue {
        switch self {
        case .all(let parts): ["all": .array(parts.map(\.explanation))]
        case .any(let parts): ["any": .array(parts.map(\.explanation))]
        case .leaf(let leaf): leaf.explanation
        }
    }
}

extension FilterLeaf {
    fileprivate var explanation: JSONValue {
        let text = isNegated ? "NOT (\(expression.text))" : expression.text
        let means =
            switch shape {
            case .property(_, .some): "summaries of blocks, then the column"
            case .property: "the column, or documents where it has objects or arrays"
            case .area: "boxes, then outlines"
            case .several: "columns, or documents where they have objects or arrays"
            case .constant: "once"
            }
        return ["condition": .string(text), "by": .string(means)]
    }
}
