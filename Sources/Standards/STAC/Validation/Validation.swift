import JSON

/// One run over a document. Collects issues by element; their paths are worked out only when there are any.
struct Validation {
    /// The minor version decides which schemas hold; pre-releases count as the release.
    enum Version { case oneZero, oneOne }

    let root: JSONElement
    let limit: Int
    private(set) var version = Version.oneOne
    private(set) var isPrerelease = false
    private(set) var issues: [ValidationIssue] = []

    init(root: JSONElement, limit: Int) {
        self.root = root
        self.limit = limit
    }

    mutating func report(_ element: JSONElement, _ reason: @autoclosure () -> String) {
        guard issues.count < limit else { return }
        issues.append(ValidationIssue(path: root.path(toByteAt: element.byteRange.lowerBound), reason: reason()))
    }

    /// An issue with a member that is not there.
    mutating func report(_ parent: JSONElement, _ member: StaticString, _ reason: @autoclosure () -> String) {
        guard issues.count < limit else { return }
        let path = root.path(toByteAt: parent.byteRange.lowerBound)
        issues.append(ValidationIssue(path: path.isEmpty ? "\(member)" : "\(path).\(member)", reason: reason()))
    }

    // MARK: Members of Items and Collections

    mutating func type(_ type: JSONElement?, _ expected: StaticString) {
        guard let type else { return report(root, "type", "must be present, as \"\(expected)\"") }
        if !type.equals(expected) { report(type, "must be \"\(expected)\"; is \(shown(type))") }
    }

    mutating func version(_ element: JSONElement?) {
        guard let element else { return report(root, "stac_version", "must be present") }
        guard let text = element.plainStringBytes else {
            return report(element, "must be the string 1.0.0 or 1.1.0; is \(shown(element))")
        }
        if text.starts(with: "1.1.0") {
            version = .oneOne
        } else if text.starts(with: "1.0.0") {
            version = .oneZero
        } else if text.starts(with: "0.") {
            return report(
                element, "must be 1.0.0 or 1.1.0; is \(shown(element)), which has to be migrated first (--migrate)")
        } else {
            return report(element, "must be 1.0.0 or 1.1.0; is \(shown(element))")
        }
        // A pre-release: 1.0.0-rc.4, 1.1.0-beta.1.
        let rest = UnsafeRawBufferPointer(rebasing: text.dropFirst(5))
        isPrerelease = !rest.isEmpty
        guard rest.isEmpty || rest.starts(with: "-beta.") || rest.starts(with: "-rc.") else {
            return report(element, "must be 1.0.0, 1.1.0 or a pre-release of them; is \(shown(element))")
        }
    }

    mutating func identifier(_ id: JSONElement?) {
        guard let id else { return report(root, "id", "must be present") }
        guard text(id, allowsEmpty: false) else { return }
        if let plain = id.plainStringBytes, plain.count <= 1_024, !plain.contains(0x7f), plain.count > 6 { return }
        guard let text = id.string else { return }
        if Self.isDotSegment(text) {
            report(id, "must not be \(shown(id)): clients drop such a segment from URLs (RFC 3986, section 5.2.4)")
        }
        if text.utf8.count > 1_024 { report(id, "must be no longer than 1,024 bytes; has \(text.utf8.count)") }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            report(id, "must not hold control characters; is \(shown(id))")
        }
    }

    /// Whether a URL with this segment means another one once it has been normalized: `.`, `..`, also percent-encoded.
    private static func isDotSegment(_ id: String) -> Bool {
        guard id.utf8.count <= 6 else { return false }
        let decoded = id.lowercased().replacing("%2e", with: ".")
        return decoded == "." || decoded == ".."
    }

    /// An array of 4 or 6 numbers.
    @discardableResult
    mutating func boundingBox(_ bbox: JSONElement) -> Bool {
        guard bbox.kind == .array else {
            report(bbox, "must be an array of 4 or 6 numbers; is \(shown(bbox))")
            return false
        }
        var count = 0
        for number in bbox.elements {
            count += 1
            guard let value = number.double, value.isFinite else {
                report(number, "must be a number; is \(shown(number))")
                return false
            }
        }
        guard count == 4 || count == 6 else {
            report(bbox, "must have 4 or 6 numbers; has \(count)")
            return false
        }
        return true
    }

    // MARK: Values

    @discardableResult
    mutating func text(_ element: JSONElement, allowsEmpty: Bool = true) -> Bool {
        guard element.kind == .string else {
            report(element, "must be a string; is \(shown(element))")
            return false
        }
        // Empty: nothing between the two quotes.
        guard allowsEmpty || element.byteRange.count > 2 else {
            report(element, "must not be empty")
            return false
        }
        return true
    }

    mutating func strings(_ array: JSONElement, unique: Bool = false) {
        guard array.kind == .array else { return report(array, "must be an array of strings; is \(shown(array))") }
        for element in array.elements { text(element) }
        if unique, let repeated = firstDuplicate(among: array) {
            report(repeated, "must not occur twice; \(shown(repeated)) does")
        }
    }

    mutating func number(_ element: JSONElement, _ range: ClosedRange<Double> = -Double.infinity...Double.infinity) {
        guard let value = element.double else { return report(element, "must be a number; is \(shown(element))") }
        if !range.contains(value) {
            report(element, "must lie between \(range.lowerBound) and \(range.upperBound); is \(shown(element))")
        }
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    func starts(with prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount
            && UnsafeRawBufferPointer(rebasing: self[..<prefix.utf8CodeUnitCount]).equals(prefix)
    }

    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        // In bounds: both have `count` bytes.
        for index in 0..<count where self[index] != text.utf8Start[index] { return false }
        return true
    }
}

/// The value for a message: short scalars as they are written, others by kind and shortened.
func shown(_ element: JSONElement) -> String {
    let limit = 60
    switch element.kind {
    case .object: return "an object"
    case .array where element.byteRange.count > limit: return "an array"
    default:
        let raw = element.rawBytes
        let text = String(decoding: raw.prefix(limit), as: UTF8.self)
        return raw.count > limit ? text + "…" : text
    }
}
