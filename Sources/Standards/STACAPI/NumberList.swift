public import JSON

/// The numbers of a list such as `10.9,48,11.9,48.5`, each as JSON writes numbers: no hexadecimal ones, no infinity, and
/// neither spaces nor plus signs, which Swift and C would take.
///
/// - Returns: `nil` when a part is no number, or beyond the range of a double.
public func numbers(inList text: String) -> [Double]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { JSONNumber(String($0))?.double }
    return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
}

extension JSONNumber {
    /// Whether the number is whole, however it is written: `1.0` and `1e3` are.
    public var isWhole: Bool { int != nil || (double.isFinite && double == double.rounded()) }
}
