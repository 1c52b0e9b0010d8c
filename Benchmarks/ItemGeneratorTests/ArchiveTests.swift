import ItemSimulation
import Temporal
import TestKit
import Testing

@testable import ItemGenerator

@Suite("The archive that Items are chosen from") struct ArchiveTests {
    /// With the focus box complete at 100,000, or in the whole archive at a million.
    private static let archive = Archive(seed: 1, focusShare: TestRounds.isLong ? nil : 0.2, during: testedPeriod)

    /// The totals of the granules within some limits.
    private struct Tally {
        var count = 0, focus = 0
        /// Of the tile that a benchmark query asks for, in 2023.
        var munich = 0
        var keys: Set<Int> = []
        var isInOrder = true
    }

    private func tally(_ count: Int, above skip: Int = 0, keepsKeys: Bool = false) -> Tally {
        let archive = Self.archive
        let year = 1_672_531_200_000_000..<1_704_067_200_000_000 as Range<Int64>
        let munich = archive.world.tiles.firstIndex { $0.name == "32UPU" }
        var tally = Tally()
        var last = Int64.min
        archive.forEachGranule(above: archive.limits(of: skip), upTo: archive.limits(of: count)) {
            datatake, view, processing in
            tally.count += 1
            if view.isFocus { tally.focus += 1 }
            if view.tile == munich, year.contains(datatake.time) { tally.munich += 1 }
            if keepsKeys {
                let pass = (datatake.orbit << 1 | datatake.satellite) << 2 | processing
                tally.keys.insert(pass << 20 | view.tile)
            }
            tally.isInOrder = tally.isInOrder && last <= datatake.time
            last = datatake.time
        }
        return tally
    }

    @Test("has room for 25 million")
    func size() {
        let years = testedPeriod.upperBound.microseconds - testedPeriod.lowerBound.microseconds
        let share =
            Double(years) / Double(Timeline.period.upperBound.microseconds - Timeline.period.lowerBound.microseconds)
        #expect(Double(Self.archive.count) > 25_000_000 * share)
        #expect((100_000 * share...200_000 * share).contains(Double(Self.archive.focusCount)))
    }

    @Test("gives exactly as many as are wanted, in order of time", arguments: [0, 999, 100_000])
    func counts(count: Int) {
        let tally = tally(count, keepsKeys: true)
        #expect(tally.count == count && tally.keys.count == count && tally.isInOrder)
    }

    @Test("gives small sets that are part of larger ones")
    func nested() {
        let small = tally(2_000, keepsKeys: true)
        let large = tally(30_000, keepsKeys: true)
        let rest = tally(30_000, above: 2_000, keepsKeys: true)
        #expect(small.keys.isSubset(of: large.keys))
        #expect(rest.keys == large.keys.subtracting(small.keys))
    }

    @Test(
        "is complete over Central Europe from one million on",
        arguments: TestRounds.isLong ? [1_000_000, 10_000_000, 25_000_000] : [150_000])
    func focus(count: Int) {
        let tally = tally(count)
        #expect(tally.count == count && tally.isInOrder)
        #expect(tally.focus == Self.archive.focusCount)
        // Two relative orbits, each every five days.
        #expect(tally.munich == 146)
    }
}
