/// Which JSON texts a reader accepts.
public enum JSONRules: Sendable, Hashable {
    /// I-JSON: texts that every reader understands, and understands alike. Objects have each name once, also when one is
    /// written with escapes; strings have no lone surrogates and no noncharacters; numbers lie in the range of doubles.
    ///
    /// For everything that comes in. More precise numbers than a double's are accepted, and keep their digits.
    ///
    /// Source: [RFC 7493, section 2](https://www.rfc-editor.org/rfc/rfc7493#section-2).
    case iJSON
    /// All of RFC 8259: for texts that were stored before the rules of I-JSON were checked. Of members with one name
    /// the first counts.
    case rfc8259
}
