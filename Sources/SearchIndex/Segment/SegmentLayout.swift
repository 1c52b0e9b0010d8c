/// Where the parts of a segment lie in its bytes. Written at the end of a segment's file as JSON.
struct SegmentLayout {
    /// Elements from a byte offset on, which is a multiple of 64.
    struct Section: Equatable {
        var offset: Int
        var count: Int

        /// Outside every file.
        static let none = Section(offset: .max & ~63, count: 0)
    }

    /// The values of one type in one column.
    struct Part {
        enum Kind: Int {
            case number, timestamp, string, bool, complex
        }

        enum Encoding: Int {
            /// No values: which rows have the part says it all, or `base` is the value of each.
            case constant
            /// `base` + an unsigned integer, for numbers divided by 10 to the power of `digits`; strings: the rank.
            case unsigned8, unsigned16, unsigned32
            case double
            case signed64
            /// One bit a row.
            case bits
        }

        var kind: Kind
        var encoding: Encoding
        /// Rows that have a value of this type.
        var population = 0
        /// One bit a row; `nil` when all rows have one.
        var presence: Section?
        var values: Section?
        var base: Int64 = 0
        var digits = 0
        /// Smallest and largest value: bits of a double, or microseconds.
        var minimum: Int64 = 0
        var maximum: Int64 = 0
        var dictionaryCount = 0
        var dictionaryBlocks: Section?
        var dictionaryBytes: Section?
    }

    /// The texts of the rows and the words in them.
    struct Text {
        /// `FreeTextDocument`s as strings.
        var documents: Part
        var wordCount = 0
        var wordBlocks = Section(offset: 0, count: 0)
        var wordBytes = Section(offset: 0, count: 0)
        /// `wordCount` + 1 places in `postings`.
        var postingOffsets = Section(offset: 0, count: 0)
        /// For each word the ranks of the documents that hold it, ascending, each as its distance from the one before:
        /// seven bits a byte, the lowest first, the eighth set in all but the last.
        var postings = Section(offset: 0, count: 0)
    }

    /// Which documents hold which two words one behind the other.
    struct WordPairs {
        /// Only of words that so many documents hold at least: a phrase with a rarer one is looked for in few.
        var leastFrequency = 1
        var pairCount = 0
        /// Rank of the first word << 32 | rank of the second one, ascending.
        var words = Section(offset: 0, count: 0)
        /// `pairCount` + 1 places in `postings`.
        var postingOffsets = Section(offset: 0, count: 0)
        /// As those of words.
        var postings = Section(offset: 0, count: 0)
    }

    struct Column {
        var name: String
        var parts: [Part]
    }

    var rowCount = 0
    /// Microseconds: the smallest start and the largest end.
    var firstStart: Int64 = 0
    var lastEnd: Int64 = 0
    /// Microseconds: the range of the times that Items are sorted by.
    var firstTime: Int64 = 0
    var lastTime: Int64 = 0
    var firstSequence: Int64 = 0
    var lastSequence: Int64 = 0
    var sequences = Section(offset: 0, count: 0)
    /// Rows in the order of their sequences.
    var sequenceOrder = Section(offset: 0, count: 0)
    var starts = Section(offset: 0, count: 0)
    var ends = Section(offset: 0, count: 0)
    var times = Section(offset: 0, count: 0)
    /// Rows in the order of (time, id).
    var timeOrder = Section(offset: 0, count: 0)
    /// Rank of each row's id.
    var idRanks = Section(offset: 0, count: 0)
    /// Row of each rank.
    var idOrder = Section(offset: 0, count: 0)
    var idBlocks = Section(offset: 0, count: 0)
    var idBytes = Section(offset: 0, count: 0)
    /// Four doubles a row: see `IndexBox`.
    var boxes = Section(offset: 0, count: 0)
    /// Rows with a geometry: these come first.
    var locatedCount = 0
    /// Boxes of groups of 16 rows, of groups of 16 groups, and so on up to one box.
    var treeLevels: [Section] = []
    /// `rowCount` + 1 places in `geometries`.
    var geometryOffsets = Section(offset: 0, count: 0)
    var geometries = Section(offset: 0, count: 0)
    var columns: [Column] = []
    /// `nil` when no row has a text.
    var text: Text?
    /// `nil` where few rows have a text, and in files that were written before there were pairs.
    var wordPairs: WordPairs?
}
