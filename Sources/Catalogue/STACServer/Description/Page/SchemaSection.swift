import HTTPEdge
import JSON

/// A schema with its members, on the page for people.
struct SchemaSection {
    private let name: APISchema.Name
    private let schema: JSONValue

    init(_ name: APISchema.Name) {
        self.name = name
        schema = APISchema.all[name] ?? [:]
    }

    var html: HTML {
        let description: HTML = (schema["description"]?.string).map { "<p>\($0)</p>\n" } ?? ""
        return """
            <article id="schema-\(name.rawValue)">
            <h3><a href="#schema-\(name.rawValue)">\(name.rawValue)</a></h3>
            \(description)\(members)</article>

            """
    }

    private var members: HTML {
        guard let properties = schema["properties"]?.object else { return "<p>\(SchemaText(schema).html)</p>\n" }
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        let rows = properties.map { member -> HTML in
            let mark: HTML = required.contains(member.name) ? "<span class=\"required\">*</span>" : ""
            let meaning = member.value["description"]?.string ?? ""
            return """
                <tr><td><code>\(member.name)</code>\(mark)</td><td>\(SchemaText(member.value).html)</td>\
                <td>\(meaning)</td></tr>

                """
        }
        return """
            <table>
            <thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>

            """
    }
}
