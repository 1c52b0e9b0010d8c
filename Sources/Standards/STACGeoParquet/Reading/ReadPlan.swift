import Parquet

/// The plan for assembling Items from rows: the columns as a tree in the order in which they are written, with the
/// levels of values.
///
/// Nodes lie in memory that is never moved and refer to each other by index: reading them counts no references.
///
/// Source: [Parquet, nested encoding](https://parquet.apache.org/docs/file-format/nestedencoding/).
final class ReadPlan: Sendable {
    struct Node: Sendable {
        enum Kind: Sendable {
            case value, structure
            /// `first` is the element's node.
            case list
            /// `first` is the key's node; the value's, if there is one, comes next.
            case map
            /// A bounding box: four or six members in the order of an Item's.
            case box
        }

        var kind = Kind.value
        /// The least level at which the value is present.
        var definitionLevel: UInt8 = 0
        /// Of a list or map: the least level at which it has an element.
        var entryLevel: UInt8 = 0
        /// Of a list or map: that of its second and later elements.
        var repetitionLevel: UInt8 = 0
        /// Of a member that others would have left out: an object without members.
        var isDroppedWhenEmpty = false
        /// Columns of the node and all below it.
        var leaves = 0..<0
        var first = 0
        /// Of a structure, box or map.
        var memberCount = 0
        /// Among `texts`: the name with quotes and colon.
        var key = 0..<0
        /// Among `texts`: the text written where there is no value; empty: the member is omitted.
        var missing = 0..<0
    }

    /// The parts of an Item, in order.
    enum Step: Sendable {
        case member(Int)
        /// Among `texts`: a whole member.
        case constant(Range<Int>)
        /// The object of these nodes.
        case properties(Range<Int>)
    }

    private let nodeList: [Node]
    let texts: [UInt8]
    let steps: [Step]
    /// By column; `nil` for unread columns.
    let formats: [LeafFormat?]
    /// Columns that are read and have lists around their values.
    let repeatedLeaves: [Int]
    /// The overflow column.
    let overflow: Int?

    init(_ builder: ReadPlanBuilder) {
        nodeList = builder.nodes
        texts = builder.texts
        steps = builder.steps
        formats = builder.formats
        repeatedLeaves = builder.repeatedLeaves
        overflow = builder.overflow
    }

    func withNodes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Node>, UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try nodeList.withUnsafeBufferPointer { (nodes) throws(Failure) in
            try texts.withUnsafeBufferPointer { (texts) throws(Failure) in try body(nodes, texts) }
        }
    }
}
