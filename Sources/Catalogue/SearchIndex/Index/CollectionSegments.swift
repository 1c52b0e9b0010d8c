import JSON

/// The segments of one collection.
struct CollectionSegments: Sendable {
    let number: Int64
    let id: String
    var segments: [SegmentState] = []
    /// The sequence of the last change to an Item of the collection, or of a later change.
    var lastChange: Int64 = 0
    /// Files of the manifest that cannot be opened, with their entries there.
    var lost: [(name: String, entry: JSONValue)] = []

    var count: Int { segments.reduce(0) { $0 + $1.liveCount } }

    /// Removes the version of an Item with that sequence.
    mutating func remove(sequence: Int64) {
        for index in segments.indices {
            if let row = segments[index].segment.row(ofSequence: sequence) {
                segments[index].remove(row: row)
                return
            }
        }
    }
}

extension CollectionSegments {
    mutating func markMemory(isBeingWritten: Bool) {
        for index in segments.indices where segments[index].segment.fileName == nil {
            segments[index].isBeingWritten = isBeingWritten
        }
    }

    /// Replaces `inputs` by `outputs`, which hold the current rows of `inputs` at the time of rewriting.
    mutating func replace(_ inputs: [SegmentState], by outputs: [Segment]) {
        var states = outputs.map { SegmentState($0) }
        for input in inputs {
            guard let place = segments.firstIndex(where: { $0.segment === input.segment }) else {
                assertionFailure("a segment went away while it was being rewritten")
                return
            }
            let now = segments.remove(at: place)
            guard now.liveCount != input.liveCount else { continue }
            // Rows that died since the rewriting began die in its result, too.
            for row in input.liveRows where !(now.live?[row] ?? true) {
                let sequence = input.segment.sequences[row]
                for index in states.indices {
                    if let moved = states[index].segment.row(ofSequence: sequence) { states[index].remove(row: moved) }
                }
            }
        }
        segments.append(contentsOf: states)
    }

    /// Merges segments in memory so that each is at least twice as large as the next newer one: a row is copied a
    /// logarithmic number of times, and a search visits few segments.
    mutating func foldMemory() {
        var memory = segments.filter { $0.segment.fileName == nil && !$0.isBeingWritten }
        guard memory.count > 1 else { return }
        memory.sort { $0.liveCount > $1.liveCount }
        var folded = [memory.removeLast()]
        var rows = folded[0].liveCount
        while let smallest = memory.last, smallest.liveCount < 2 * rows {
            folded.append(memory.removeLast())
            rows += smallest.liveCount
        }
        guard folded.count > 1 else { return }
        var batch = ColumnBatch()
        for state in folded { batch.append(state.liveRows, of: state.segment) }
        let gone = Set(folded.map { ObjectIdentifier($0.segment) })
        segments.removeAll { gone.contains(ObjectIdentifier($0.segment)) }
        if batch.count > 0 { segments.append(SegmentState(Segment(batch, rows: Array(0..<batch.count)))) }
    }
}
