import Synchronization

extension ItemIndex {
    /// Reads the parts of the index's files that most searches look at, as far as that has not been done, so that the
    /// system keeps them in memory.
    ///
    /// In long stretches it reads tens of times as fast as page by page, as searches come upon them. Newer segments come
    /// first.
    ///
    /// - Parameters:
    ///   - byteCount: At most so many are kept, with those of the same files that have been read before.
    ///   - isStopping: Asked again and again whether to come to an end.
    /// - Returns: How many bytes were read.
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
    /// Parts of a segment in the order in which they are worth the memory.
    enum WarmPart: Int, CaseIterable {
        /// Boxes of rows and of groups of rows, and where outlines stand.
        case boxes
        /// Times, and rows in their order.
        case times
        /// What identifies Items among those of one time and towards the store.
        case keys
    }

    /// - Returns: Bytes of the part, not more than `byteCount`, and whether they were read now.
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
        // Also of a part that is cut: reading the rest when others have gone is not worth a state of its own.
        let bit = 1 << part.rawValue
        let isNew = warmParts.bitwiseOr(bit, ordering: .relaxed).oldValue & bit == 0
        var asked: [SegmentLayout.Section] = []
        var total = 0
        // Sections may be one and the same, as times and starts are.
        for (section, stride) in sections where !asked.contains(section) {
            let wanted = min(section.count * stride, byteCount - total)
            guard wanted > 0 else { break }
            if isNew { keepInMemory(section.offset, wanted) }
            asked.append(section)
            total += wanted
        }
        return (total, isNew)
    }
}
