/// What values a property of several Items has. Only scalars have an order.
///
/// Source: [STAC API - Sort](https://github.com/stac-api-extensions/sort#readme).
public enum PropertyValues: Sendable, Hashable {
    /// No Item has the property, or `null` in each.
    case absent
    /// Arrays and objects only.
    case structured
    /// Numbers, strings, timestamps or booleans among them.
    case scalar
}
