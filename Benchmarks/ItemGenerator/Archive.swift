import ItemSimulation
import Temporal

/// All granules that there are, and which of them make up the first *n*.
///
/// Each granule of each processing has a position in one fixed order of choice, so that the first 100,000 are among the
/// first million. Bands of latitude of one pass are chosen together, as users find them in a real archive; granules in
/// the focus box come early, so that queries there have the same results on a small set as on a large one.
struct Archive: Sendable {
    let world: World
    let timeline: Timeline
    let seed: UInt64
    /// Granules within and outside the focus box.
    let focusCount, otherCount: Int
    private let focusWeight, otherWeight: Double

    /// How often the granules outside the focus box have been processed. Each processing starts when the one before is
    /// complete; the focus box keeps one, so that its density stays.
    static let processings = 3

    var count: Int { focusCount + Self.processings * otherCount }

    /// - Parameter focusShare: Of the granules chosen, how many lie in the focus box until it is complete. By default
    ///   so many that it is complete with a million granules.
    init(seed: UInt64, focusShare: Double? = nil, during period: Range<Timestamp> = Timeline.period) {
        world = .earth
        timeline = Timeline(world, during: period)
        self.seed = seed
        var counts = (focus: 0, other: 0)
        for datatake in timeline.datatakes {
            let lit = Timeline.sunlit(days: Double(datatake.time) / 86_400_000_000)
            for view in world.views[datatake.relativeOrbit - 1][datatake.views] where lit.contains(view.latitude) {
                if view.isFocus { counts.focus += 1 } else { counts.other += 1 }
            }
        }
        (focusCount, otherCount) = counts
        let share = focusShare ?? min(0.9, Double(counts.focus) / 980_000)
        focusWeight = Double(counts.focus) / share
        otherWeight = Double(counts.other) / (1 - share)
    }

    /// A position in the order of choice: `rank` first, then `number`, the granule's number in order of time.
    struct Position: Comparable, Sendable {
        var rank: Double
        var number: Int

        static func < (left: Position, right: Position) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.number < right.number
        }
    }

    /// The last chosen position of each processing; `nil` where none is chosen.
    typealias Limits = [Position?]

    /// Calls `body` for every granule of one datatake and processing, and counts it.
    @inline(__always)
    private func forEachGranule<Failure: Error>(
        of datatake: Datatake, processing: Int, count: inout Int,
        _ body: (Position, World.View) throws(Failure) -> Void
    ) throws(Failure) {
        let lit = Timeline.sunlit(days: Double(datatake.time) / 86_400_000_000)
        var band = -1
        var uniform = 0.0
        for view in world.views[datatake.relativeOrbit - 1][datatake.views] where lit.contains(view.latitude) {
            guard processing == 0 || !view.isFocus else { continue }
            if view.band != band {
                band = view.band
                uniform = draw(datatake, band, processing)
            }
            let position = Position(rank: uniform * (view.isFocus ? focusWeight : otherWeight), number: count)
            count += 1
            try body(position, view)
        }
    }

    private func draw(_ datatake: Datatake, _ band: Int, _ processing: Int) -> Double {
        // Orbits stay below 2²⁰, bands below 2⁶.
        let key =
            UInt64(datatake.orbit) << 12 | UInt64(band) << 4 | UInt64(processing) << 1 | UInt64(datatake.satellite)
        return Double(SplitMix64.mix(SplitMix64.mix(seed &+ 0x9e37_79b9_7f4a_7c15) ^ SplitMix64.mix(key &+ 1)) >> 11)
            * 0x1p-53
    }

    /// The limits of the first `count` granules.
    func limits(of count: Int) -> Limits {
        precondition(count <= self.count, "more granules than there are")
        var rest = count
        return (0..<Self.processings).map { processing in
            let available = processing == 0 ? focusCount + otherCount : otherCount
            let wanted = min(rest, available)
            rest -= wanted
            if wanted == 0 { return nil }
            if wanted == available { return Position(rank: .infinity, number: .max) }
            return position(ofGranule: wanted, processing: processing)
        }
    }

    /// The position of the `wanted`th granule: first its slice of ranks, then its position in the slice.
    private func position(ofGranule wanted: Int, processing: Int) -> Position {
        let slices = 1 << 18
        let scale = Double(slices) / max(focusWeight, otherWeight)
        var counts = [Int](repeating: 0, count: slices + 1)
        var count = 0
        for datatake in timeline.datatakes {
            forEachGranule(of: datatake, processing: processing, count: &count) { position, _ in
                counts[Int(position.rank * scale)] += 1
            }
        }
        var before = 0
        var slice = 0
        while before + counts[slice] < wanted {
            before += counts[slice]
            slice += 1
        }
        var positions: [Position] = []
        count = 0
        for datatake in timeline.datatakes {
            forEachGranule(of: datatake, processing: processing, count: &count) { position, _ in
                if Int(position.rank * scale) == slice { positions.append(position) }
            }
        }
        positions.sort()
        return positions[wanted - before - 1]
    }

    /// Calls `body` for the granules within `upper` but not within `lower`, in order of time; those of one datatake
    /// by processing, then from north to south.
    func forEachGranule<Failure: Error>(
        above lower: Limits, upTo upper: Limits,
        _ body: (Datatake, World.View, _ processing: Int) throws(Failure) -> Void
    ) throws(Failure) {
        var counts = [Int](repeating: 0, count: Self.processings)
        for datatake in timeline.datatakes {
            for processing in 0..<Self.processings {
                guard let last = upper[processing] else { continue }
                let first = lower[processing]
                try forEachGranule(of: datatake, processing: processing, count: &counts[processing]) {
                    (position, view) throws(Failure) in
                    guard position <= last else { return }
                    if let first, position <= first { return }
                    try body(datatake, view, processing)
                }
            }
        }
    }
}
