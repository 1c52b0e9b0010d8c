import HTTPEdge

/// An input with its label, hint and error.
struct FormField: Sendable {
    let id: String
    let label: String
    var type = "text"
    var value = ""
    var hint: String?
    var autocomplete = "off"
    var isRequired = true
    /// Of a code: shown as such, with the digits of a telephone.
    var isCode = false
    var inputMode: String?
    var maximumLength: Int?
    var isFocused = false

    init(_ id: String, _ label: String) {
        self.id = id
        self.label = label
    }

    /// - Parameter errors: Those of the page, of which the field shows its own.
    func html(_ errors: [PageError]) -> HTML {
        let error = errors.first { $0.field == id }?.message
        var descriptions: [String] = []
        if hint != nil { descriptions.append("\(id)-hint") }
        if error != nil { descriptions.append("\(id)-error") }
        var attributes: HTML = ""
        if !descriptions.isEmpty { attributes += " aria-describedby=\"\(descriptions.joined(separator: " "))\"" }
        if error != nil { attributes += " aria-invalid=\"true\"" }
        if isRequired { attributes += " required" }
        if isFocused && errors.isEmpty { attributes += " autofocus" }
        if let inputMode { attributes += " inputmode=\"\(inputMode)\"" }
        if let maximumLength { attributes += " maxlength=\"\(maximumLength)\"" }
        if type == "text" { attributes += " autocapitalize=\"none\" autocorrect=\"off\" spellcheck=\"false\"" }
        if !value.isEmpty { attributes += " value=\"\(value)\"" }
        let hintLine: HTML = hint.map { "<p class=\"hint\" id=\"\(id)-hint\">\($0)</p>\n" } ?? ""
        let errorLine: HTML = error.map { "<p class=\"error\" id=\"\(id)-error\">\($0)</p>\n" } ?? ""
        return """
            <div class="field\(isCode ? " code" : "")">
            <label for="\(id)">\(label)</label>
            \(hintLine)\(errorLine)<input id="\(id)" name="\(id)" type="\(type)" autocomplete="\(autocomplete)"\(attributes)>
            </div>

            """
    }

    // MARK: Frequent ones

    static func password(_ id: String, _ label: String, isNew: Bool, hint: String? = nil) -> FormField {
        var field = FormField(id, label)
        field.type = "password"
        field.autocomplete = isNew ? "new-password" : "current-password"
        field.hint = hint
        return field
    }

    /// A code of an authenticator app.
    static func oneTimeCode(_ id: String, _ label: String, hint: String? = nil) -> FormField {
        var field = FormField(id, label)
        (field.autocomplete, field.inputMode, field.isCode) = ("one-time-code", "numeric", true)
        (field.hint, field.maximumLength) = (hint, 10)
        return field
    }

    /// A box to tick.
    static func checkbox(
        _ id: String, _ label: HTML, value: String = "on", isTicked: Bool = false, isRequired: Bool = false
    )
        -> HTML
    {
        """
        <div class="check">
        <input id="\(id)" name="\(id)" type="checkbox" value="\(value)"\(isTicked ? " checked" : "")\(isRequired ? " required" : "")>
        <label for="\(id)">\(label)</label>
        </div>

        """
    }
}
