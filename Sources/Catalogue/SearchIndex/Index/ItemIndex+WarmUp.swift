import Synchronization

extension ItemIndex {
    /// Reads the parts of the index's files that most searches use, unless already done, into the system's page cache.
    ///
    /// Sequential reads are tens of times as fast as the page faults of searches. Newer segments come first.
    ///
    /// - Parameters:
    ///   - byteCount: Limit of the cached bytes, including earlier reads of the same files.
    ///   - isStopping: Polled for cancellation.
    /// - Returns: Number of bytes read.
    @discardableResult
    public func warmUp(byteCount: Int, isStopping: () -> Bool = { false }) -> Int {
        let segments = snapshot.collections.values.flatMap(\.segments).map(\.segment)
            .filter { $0.fileName != nil }
            .sorted { $0.lastTime > $1.lastTime }
        var left = byteCount
        var readCount = 0
        for part in Segment.WarmPart.allCases {
            for segment in segments {
                guard left > 0, !isStopping() else { return readCount }
                let (kept, isNew) = segment.warmUp(part, byteCount: left)
                left -= kept
                if isNew { readCount += kept }
            }
        }
        return readCount
    }
}

extension Segment {
    /// Parts of a segment, in descending order of their value per byte of memory.
    enum WarmPart: Int, CaseIterable {
        /// Boxes of rows and of groups of rows, and the offsets of geometries.
        case boxes
        /// Times, and rows in time order.
        case times
        /// Ids and sequences: they identify Items of equal time, and Items in the store.
        case keys
    }

    /// - Returns: Bytes of the part, at most `byteCount`, and whether they were read now.
    fileprivate func warmUp(_ part: WarmPart, byteCount: Int) -> (kept: Int, isNew: Bool) {
        let sections: [(SegmentLayout.Section, stride: Int)] =
            switch part {
            case .boxes: (layout.treeLevels + [layout.boxes]).map { ($0, 32) } + [(layout.geometryOffsets, 4)]
            case .times:
                [
                    (layout.times, 8), (layout.timeOrder, 4), (layout.starts, 8), (layout.ends, 8),
                ]
            case .keys: [(layout.sequences, 8), (layout.idRanks, 4)]
            }
        // Also set for a truncated part: tracking its rest is not worth a separate state.
        let bit = 1 << part.rawValue
        let isNew = warmParts.bitwiseOr(bit, ordering: .relaxed).oldValue & bit == 0
        var asked: [SegmentLayout.Section] = []
        var total = 0
        // Sections may be identical, such as times and starts.
        for (section, stride) in sections where !asked.contains(section) {
            let wanted = min(section.count * stride, byteCount - total)
            guard wanted > 0 else { break }
            if isNew {
                keepInMemory(section.offset, wanted)
                // Compares checksums now, so that the first search need not.
                verify(section.offset, wanted)
            }
            asked.append(section)
            total += wanted
        }
        return (total, isNew)
    }
}
