/// A fault in a segment's file, which must then be rebuilt from the store.
struct SegmentError: Error, CustomStringConvertible {
    let description: String
}
