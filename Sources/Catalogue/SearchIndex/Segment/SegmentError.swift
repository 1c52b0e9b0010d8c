/// A fault in a segment's file, which is then to be rebuilt from the store.
struct SegmentError: Error, CustomStringConvertible {
    let description: String
}
