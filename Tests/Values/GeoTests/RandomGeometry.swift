import Foundation
import Geo
import TestKit

/// Makes geometries among which touching, sharing and lying in one line are frequent.
struct RandomGeometry {
    var random: SeededGenerator
    /// Coordinates are multiples of this, when there is one.
    var step: Double?

    init(seed: UInt64, step: Double? = nil) {
        random = SeededGenerator(seed: seed)
        self.step = step
    }

    mutating func number(_ range: ClosedRange<Double>) -> Double { snapped(.random(in: range, using: &random)) }
    mutating func integer(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

    private func snapped(_ value: Double) -> Double { step.map { (value / $0).rounded() * $0 } ?? value }

    mutating func position(_ centre: Position, _ size: Double) -> Position {
        Position(snapped(centre.x + number(-size...size)), snapped(centre.y + number(-size...size)))
    }

    /// Star-shaped round its centre.
    mutating func ring(_ centre: Position, _ size: Double, corners: Int) -> [Position] {
        var ring = (0..<corners).map { index in
            let angle = (Double(index) + .random(in: 0...0.8, using: &random)) / Double(corners) * 2 * .pi
            let radius = size * .random(in: 0.4...1, using: &random)
            return Position(snapped(centre.x + radius * cos(angle)), snapped(centre.y + radius * sin(angle)))
        }
        ring.append(ring[0])
        return ring
    }

    mutating func box(_ centre: Position, _ size: Double) -> [Position] {
        let (west, south) = (snapped(centre.x - number(0...size)), snapped(centre.y - number(0...size)))
        let (east, north) = (
            west + (step ?? size * 0.1) + number(0...size), south + (step ?? size * 0.1) + number(0...size)
        )
        return [
            Position(west, south), Position(east, south), Position(east, north), Position(west, north),
            Position(west, south),
        ]
    }

    mutating func polygon(_ centre: Position, _ size: Double, corners: ClosedRange<Int>) -> [[Position]] {
        switch integer(0...4) {
        case 0: [box(centre, size)]
        case 1: [ring(centre, size, corners: integer(corners)), ring(centre, size * 0.3, corners: integer(3...5))]
        default: [ring(centre, size, corners: integer(corners))]
        }
    }

    mutating func area(_ centre: Position, _ size: Double, corners: ClosedRange<Int> = 3...24) -> Geometry {
        switch integer(0...3) {
        case 0:
            .multiPolygon(
                (0..<integer(2...7)).map { index in
                    let place = Position(
                        centre.x + Double(index % 3 - 1) * size * 2, centre.y + Double(index / 3) * size * 2)
                    return polygon(place, size, corners: corners)
                })
        default: .polygon(polygon(centre, size, corners: corners))
        }
    }

    mutating func any(_ centre: Position, _ size: Double) -> Geometry {
        switch integer(0...6) {
        case 0: .point(position(centre, size))
        case 1: .lineString((0..<integer(2...6)).map { _ in position(centre, size) })
        case 2: .multiPoint((0..<integer(1...4)).map { _ in position(centre, size) })
        case 3: .multiLineString((0..<2).map { _ in (0..<integer(2...4)).map { _ in position(centre, size) } })
        default: area(centre, size)
        }
    }
}
