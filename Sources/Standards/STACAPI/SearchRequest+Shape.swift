extension SearchRequest {
    /// Which kinds of conditions it has and whether it asks for an order of its own, such as `area+time+filter`,
    /// `ids`, or `all+sorted`: one of a few dozen words, to distinguish slow kinds of searches from fast ones.
    public var shape: String {
        let conditions: [(name: String, exists: Bool)] = [
            ("ids", ids != nil), ("area", area != nil), ("time", datetime != nil), ("filter", filter != nil),
            ("text", text != nil),
        ]
        let names = conditions.filter(\.exists).map(\.name)
        let isSorted = (sortBy.first?.property ?? "datetime") != "datetime"
        return (names.isEmpty ? ["all"] : names).joined(separator: "+") + (isSorted ? "+sorted" : "")
    }
}
