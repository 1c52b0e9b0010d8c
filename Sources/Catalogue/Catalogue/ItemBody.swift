/// The text of a version of an Item, as `EncodedItem` has it.
///
/// A sequence stands for one version of one Item for ever: what is kept under it never goes stale.
struct ItemBody: Sendable {
    let json: [UInt8]
    let linksOffset: Int
}
