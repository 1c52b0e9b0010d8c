/// The parts of a segment whose checksums are compared as a whole, before a search first uses them. Geometries, and boxes
/// in searches by area, are compared block by block, since most of them are never read; columns by themselves.
enum SegmentPart: Int, CaseIterable {
    /// Sequences and ids.
    case keys
    case times
    /// Boxes of groups of rows.
    case tree
    case boxes
    case places
    case geometryOffsets
    case text
}

extension SegmentLayout {
    /// Where the sections of parts lie in the file, by the part's number; and those of columns, by theirs.
    func ranges(sectionsEnd: Int) -> (parts: [[Range<Int>]], columns: [[Range<Int>]]) {
        let partSections: [[Section?]] = SegmentPart.allCases.map { part in
            switch part {
            case .keys: [sequences, sequenceOrder, idRanks, idOrder, idBlocks, idBytes]
            case .times: [self.starts, ends, times, timeOrder]
            case .tree: treeLevels
            case .boxes: [boxes]
            case .places: [places.columns, places.rows, places.mercatorRows]
            case .geometryOffsets: [geometryOffsets]
            case .text:
                (text.map { [$0.wordBlocks, $0.wordBytes, $0.postingOffsets, $0.postings] + $0.documents.sections }
                    ?? [])
                    + (wordPositions.map { [$0.cellStarts, $0.offsets, $0.positions] } ?? [])
            }
        }
        let columnSections = columns.map { $0.parts.flatMap(\.sections) }
        // A section ends where the next one begins.
        let starts = Set(
            (partSections + columnSections).joined().compactMap { $0?.offset } + [geometries.offset, sectionsEnd]
        ).sorted()
        func range(_ section: Section?) -> Range<Int>? {
            guard let section, section.count > 0, section.offset < sectionsEnd else { return nil }
            var (low, high) = (0, starts.count)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] <= section.offset { low = middle + 1 } else { high = middle }
            }
            return low < starts.count ? section.offset..<min(starts[low], sectionsEnd) : nil
        }
        return (partSections.map { $0.compactMap(range) }, columnSections.map { $0.compactMap(range) })
    }
}

extension SegmentLayout.Part {
    fileprivate var sections: [SegmentLayout.Section?] {
        [presence, values, dictionaryBlocks, dictionaryBytes, dictionaryHashes]
    }
}
