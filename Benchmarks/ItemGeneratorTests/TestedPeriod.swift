import Temporal
import TestKit

@testable import ItemGenerator

/// A year of the archive, or in the long tests all of it: without optimisation one iteration takes seconds.
let testedPeriod =
    TestRounds.isLong
    ? Timeline.period : Timestamp("2023-01-01T00:00:00Z")!..<Timestamp("2024-01-01T00:00:00Z")!
