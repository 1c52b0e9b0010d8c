/// The locations of a segment's parts in its bytes. Written at the end of a segment's file as JSON.
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
            /// No values: presence alone is the information, or `base` is the value of each row.
            case constant
            /// `base` + an unsigned integer, for numbers divided by 10 to the power of `digits`; strings: the rank.
            case unsigned8, unsigned16, unsigned32
            case double
            case signed64
            /// One bit per row.
            case bits
        }

        var kind: Kind
        var encoding: Encoding
        /// Rows that have a value of this type.
        var population = 0
        /// One bit per row; `nil` when all rows have one.
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
        /// `StringHash`es of the strings by rank; `nil` where there are few.
        var dictionaryHashes: Section?
    }

    /// `MapPlace`s of the centres of rows with a geometry: one number of each kind per row.
    struct Places {
        var columns = Section(offset: 0, count: 0)
        var rows = Section(offset: 0, count: 0)
        var mercatorRows = Section(offset: 0, count: 0)
    }

    /// The texts of the rows and the words in them.
    struct Text {
        /// `FreeTextDocument`s as strings.
        var documents: Part
        var wordCount = 0
        var wordBlocks = Section(offset: 0, count: 0)
        var wordBytes = Section(offset: 0, count: 0)
        /// `wordCount` + 1 offsets into `postings`.
        var postingOffsets = Section(offset: 0, count: 0)
        /// For each word the ranks of the documents that contain it, ascending, each as the difference from the one
        /// before: LEB128, seven bits per byte, lowest first, the eighth bit set in all but the last.
        var postings = Section(offset: 0, count: 0)
    }

    /// The positions of the words in the documents.
    ///
    /// Positions count the words of a document from 1; one position is skipped between two of its texts.
    struct WordPositions {
        /// Cells of 64 positions of all documents; each document has as many as it needs.
        var cellCount = 0
        /// The first cell of each document, and one more; `nil` when each has one.
        var cellStarts: Section?
        /// An offset into `positions` for each word, and one more.
        var offsets = Section(offset: 0, count: 0)
        /// For each word and each of its documents, in the order of `postings`, its positions there, ascending: twice
        /// the position, plus 1 for the first one in a document, encoded like `postings`. One byte per position where
        /// each document has one cell.
        var positions = Section(offset: 0, count: 0)
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
    /// Four doubles per row: see `IndexBox`.
    var boxes = Section(offset: 0, count: 0)
    /// Rows with a geometry: these come first.
    var locatedCount = 0
    /// Boxes of groups of 16 rows, of groups of 16 groups, and so on up to one box.
    var treeLevels: [Section] = []
    var places = Places()
    /// `rowCount` + 1 offsets into `geometries`.
    var geometryOffsets = Section(offset: 0, count: 0)
    var geometries = Section(offset: 0, count: 0)
    var columns: [Column] = []
    /// `nil` when no row has a text.
    var text: Text?
    /// `nil` where few rows have a text.
    var wordPositions: WordPositions?
}
