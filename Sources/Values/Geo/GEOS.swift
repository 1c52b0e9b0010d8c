internal import CGEOS

/// A GEOS context of its own: one per thread. The only file that speaks to GEOS.
///
/// Source: [GEOS C API](https://libgeos.org/doxygen/geos__c_8h.html).
final class GEOSContext {
    fileprivate let handle: GEOSContextHandle_t
    private let reader: OpaquePointer

    init() {
        // Both return null only when memory is exhausted. Without a message handler, GEOS is silent.
        handle = GEOS_init_r()!
        reader = GEOSWKBReader_create_r(handle)!
        // Rings that are not closed are closed instead of rejected.
        GEOSWKBReader_setFixStructure_r(handle, reader, 1)
    }

    deinit {
        GEOSWKBReader_destroy_r(handle, reader)
        GEOS_finish_r(handle)
    }

    /// - Returns: `nil` for bytes that GEOS cannot make a geometry of.
    func shape(wkb: UnsafeRawBufferPointer) -> GEOSShape? {
        let pointer = GEOSWKBReader_read_r(
            handle, reader, wkb.baseAddress?.assumingMemoryBound(to: UInt8.self), wkb.count)
        return pointer.map { GEOSShape($0, self) }
    }

    /// As `shape(wkb:)`; the empty collection for input that GEOS cannot read.
    func readShape(wkb: [UInt8]) -> GEOSShape {
        wkb.withUnsafeBytes { shape(wkb: $0) }
            ?? GEOSShape(GEOSGeom_createEmptyCollection_r(handle, Int32(GEOS_GEOMETRYCOLLECTION.rawValue))!, self)
    }

    /// 1 when `point` lies to the left of the line from `start` to `end`, -1 to its right, 0 on it.
    func orientation(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ point: SIMD2<Double>) -> Int {
        Int(GEOSOrientationIndex_r(handle, start.x, start.y, end.x, end.y, point.x, point.y))
    }
}

/// A geometry that GEOS holds.
final class GEOSShape {
    fileprivate let pointer: OpaquePointer
    fileprivate let context: GEOSContext

    fileprivate init(_ pointer: OpaquePointer, _ context: GEOSContext) {
        self.pointer = pointer
        self.context = context
    }

    deinit {
        GEOSGeom_destroy_r(context.handle, pointer)
    }

    var isValid: Bool { GEOSisValid_r(context.handle, pointer) == 1 }

    /// The repaired form of an invalid geometry: the area that any of its rings encloses.
    func repaired() -> GEOSShape {
        let parameters = GEOSMakeValidParams_create_r(context.handle)
        defer { GEOSMakeValidParams_destroy_r(context.handle, parameters) }
        // The other method reads parts that overlap as holes.
        _ = GEOSMakeValidParams_setMethod_r(context.handle, parameters, GEOS_MAKE_VALID_STRUCTURE)
        _ = GEOSMakeValidParams_setKeepCollapsed_r(context.handle, parameters, 1)
        return GEOSMakeValidWithParams_r(context.handle, pointer, parameters).map { GEOSShape($0, context) } ?? self
    }

    /// The geometry with its positions moved to a grid of 1e-9 degrees, a tenth of a millimetre.
    func rounded() -> GEOSShape {
        GEOSGeom_setPrecision_r(context.handle, pointer, 1e-9, 0).map { GEOSShape($0, context) } ?? self
    }

    var wkb: [UInt8] {
        let writer = GEOSWKBWriter_create_r(context.handle)
        defer { GEOSWKBWriter_destroy_r(context.handle, writer) }
        GEOSWKBWriter_setOutputDimension_r(context.handle, writer, 2)
        GEOSWKBWriter_setByteOrder_r(context.handle, writer, Int32(GEOS_WKB_NDR.rawValue))
        var count = 0
        guard let bytes = GEOSWKBWriter_write_r(context.handle, writer, pointer, &count) else { return [] }
        defer { GEOSFree_r(context.handle, bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// Whether the relation holds, this geometry on the left; `nil` when GEOS fails, as it may on invalid geometries.
    func satisfies(_ predicate: SpatialPredicate, _ other: GEOSShape) -> Bool? {
        let (handle, left, right) = (context.handle, pointer, other.pointer)
        let result =
            switch predicate {
            case .intersects: GEOSIntersects_r(handle, left, right)
            case .disjoint: GEOSDisjoint_r(handle, left, right)
            case .contains: GEOSContains_r(handle, left, right)
            case .within: GEOSWithin_r(handle, left, right)
            case .equals: GEOSEquals_r(handle, left, right)
            case .touches: GEOSTouches_r(handle, left, right)
            case .crosses: GEOSCrosses_r(handle, left, right)
            case .overlaps: GEOSOverlaps_r(handle, left, right)
            }
        // 0 and 1 are results, 2 is an exception.
        return result == 2 ? nil : result == 1
    }
}

/// A geometry with GEOS's own indexes, for many comparisons; used on one thread at a time.
final class GEOSPreparedShape {
    private let shape: GEOSShape
    private let pointer: OpaquePointer

    init(_ shape: GEOSShape) {
        self.shape = shape
        // Null only when memory is exhausted.
        pointer = GEOSPrepare_r(shape.context.handle, shape.pointer)!
    }

    deinit {
        GEOSPreparedGeom_destroy_r(shape.context.handle, pointer)
    }

    /// As `isSatisfied(_:by:)`, but repairs an item on which GEOS fails.
    ///
    /// GEOS fails on items that are invalid, hence the repair; and now and then on two valid ones with edges that share
    /// an end and almost a direction, where rounding helps.
    func isSatisfiedAtLast(_ predicate: SpatialPredicate, by item: GEOSShape) -> Bool {
        if let result = isSatisfied(predicate, by: item) { return result }
        // Nobody uses the result; what follows would take as long again.
        if Interruption.isRequested { return false }
        let item = item.isValid ? item : item.repaired()
        return isSatisfied(predicate, by: item) ?? item.rounded().satisfies(predicate, shape.rounded())
            ?? (predicate == .disjoint)
    }

    /// Whether the relation holds between `item`, on the left, and this geometry, on the right; `nil` when GEOS fails.
    private func isSatisfied(_ predicate: SpatialPredicate, by item: GEOSShape) -> Bool? {
        let (handle, right, left) = (shape.context.handle, pointer, item.pointer)
        let result: CChar
        switch predicate {
        case .intersects: result = GEOSPreparedIntersects_r(handle, right, left)
        case .disjoint: result = GEOSPreparedDisjoint_r(handle, right, left)
        // GEOS has the prepared geometry on the left: turned round.
        case .contains: result = GEOSPreparedWithin_r(handle, right, left)
        case .within: result = GEOSPreparedContains_r(handle, right, left)
        case .equals: return item.satisfies(.equals, shape)
        // These three are symmetric.
        case .touches: result = GEOSPreparedTouches_r(handle, right, left)
        case .crosses: result = GEOSPreparedCrosses_r(handle, right, left)
        case .overlaps: result = GEOSPreparedOverlaps_r(handle, right, left)
        }
        return result == 2 ? nil : result == 1
    }
}
