/// One value (or member name) of a parsed text: its kind and its byte range.
///
/// Nodes are in text order. The nodes of an object's members alternate name, value; the subtree of node `i`
/// ends before node `next`.
struct JSONNode {
    enum Kind: UInt8 {
        case null, `true`, `false`, number, string, array, object
    }

    /// First byte of the token, the quote of a string or the bracket of a container included.
    var start: UInt32
    /// One past the last byte of the token.
    var end: UInt32
    /// Index of the first node after this one's subtree.
    var next: UInt32
    var kind: Kind
    /// For a string: whether it holds a backslash.
    var hasEscapes: Bool
}
