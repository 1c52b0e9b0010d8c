import Geo
import TestKit

extension SeededGenerator {
    /// Mostly on a grid of ten degrees, so that touching and lying in one line are frequent.
    private mutating func coordinate(_ limit: Int) -> Double {
        chance(90) ? Double(integer(-limit / 10...limit / 10) * 10) : Double(integer(-limit * 100...limit * 100)) / 100
    }

    private mutating func position() -> Position { Position(coordinate(180), coordinate(80)) }

    private mutating func box() -> PlanarBox {
        let corner = position()
        let width = Double(integer(chance(10) ? 1...30 : 1...4) * 10)
        let height = Double(integer(1...4) * 10)
        return PlanarBox(
            minX: corner.x, minY: corner.y, maxX: min(180, corner.x + width), maxY: min(90, corner.y + height))
    }

    /// Corners around the middle of a box: a valid ring, convex or not.
    private mutating func star() -> [Position] {
        let box = box()
        let middle = Position((box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2)
        var ring = [
            Position(box.minX, box.minY), Position(middle.x, chance(50) ? box.minY : (box.minY + middle.y) / 2),
            Position(box.maxX, box.minY), Position(box.maxX, box.maxY), Position(middle.x, box.maxY),
            Position(box.minX, box.maxY),
        ]
        if chance(30) { ring.remove(at: integer(0...5)) }
        ring.append(ring[0])
        return ring
    }

    private mutating func holed() -> [[Position]] {
        let box = box()
        guard case .polygon(let outer) = Geometry(box) else { return [star()] }
        let (width, height) = (box.maxX - box.minX, box.maxY - box.minY)
        let hole = Geometry(
            PlanarBox(
                minX: box.minX + width / 4, minY: box.minY + height / 4, maxX: box.maxX - width / 4,
                maxY: box.maxY - height / 4))
        guard case .polygon(let inner) = hole else { return outer }
        return [outer[0], inner[0].reversed()]
    }

    private mutating func crossingAntimeridian() -> Geometry {
        let (west, east) = (Double(integer(15...17) * 10), Double(integer(-17 ... -15) * 10))
        let south = coordinate(80)
        let north = min(90, south + 20)
        func ring(_ west: Double, _ east: Double) -> [Position] {
            [
                Position(west, south), Position(east, south), Position(east, north), Position(west, north),
                Position(west, south),
            ]
        }
        switch integer(0...2) {
        case 0: return .multiPolygon([[ring(west, 180)], [ring(-180, east)]])
        case 1: return .polygon([ring(west, east)])
        default: return .polygon([ring(west, east + 360)])
        }
    }

    private mutating func emptyGeometry() -> Geometry {
        pick([.point(nil), .polygon([]), .multiPolygon([]), .multiPoint([]), .geometryCollection([]), .lineString([])])
    }

    /// Valid, as footprints are expected to be.
    mutating func geometry() -> Geometry {
        while true {
            let geometry = anyGeometry()
            if geometry.normalized().isValid { return geometry }
        }
    }

    /// What a client may ask for: a ring may cross itself.
    mutating func queryGeometry() -> Geometry {
        guard chance(5) else { return geometry() }
        let box = box()
        let start = Position(box.minX, box.minY)
        return .polygon([
            [start, Position(box.maxX, box.maxY), Position(box.maxX, box.minY), Position(box.minX, box.maxY), start]
        ])
    }

    private mutating func anyGeometry() -> Geometry {
        switch integer(0...12) {
        case 0...2: return Geometry(box())
        case 3...5: return .polygon([star()])
        case 6: return .polygon(holed())
        case 7: return .point(position())
        case 8: return .lineString([position(), position(), position()])
        case 9:
            let first = box()
            let second = PlanarBox(minX: first.minX, minY: -90, maxX: first.maxX, maxY: first.minY - 5)
            guard second.minY < second.maxY, case .polygon(let one) = Geometry(first),
                case .polygon(let other) = Geometry(second)
            else { return .point(position()) }
            return .multiPolygon([one, other])
        case 10: return crossingAntimeridian()
        case 11: return chance(50) ? .multiPoint([position(), position()]) : .geometryCollection([Geometry(box())])
        default: return emptyGeometry()
        }
    }

    mutating func boundingBox() -> BoundingBox {
        let south = coordinate(80)
        let numbers = [coordinate(180), south, coordinate(180), min(90, south + Double(integer(0...6) * 10))]
        // The latitudes are in order.
        return (try? BoundingBox(numbers))!
    }
}
