/// The text of a version of an Item, as `EncodedItem` has it.
///
/// A sequence identifies one version of one Item permanently: a cache entry under it never becomes stale.
struct ItemBody: Sendable {
    let json: [UInt8]
    let linksOffset: Int
}
