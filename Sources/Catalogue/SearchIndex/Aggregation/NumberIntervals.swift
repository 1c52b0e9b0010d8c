/// The intervals between consecutive multiples of a width.
struct NumberIntervals {
    private let width: Double
    /// The width's reciprocal if it is a whole number: 3 / 10 is 0.3, 3 * 0.1 is not.
    private let divisor: Double?

    init(width: Double) {
        self.width = width
        let reciprocal = (1 / width).rounded()
        divisor = width < 1 && 1 / reciprocal == width ? reciprocal : nil
    }

    /// The start of an interval; its number is whole.
    func bound(_ number: Double) -> Double { divisor.map { number / $0 } ?? number * width }

    /// The whole number of the interval that contains a value.
    @inline(__always)
    func number(of value: Double) -> Double {
        let number = (divisor.map { value * $0 } ?? value / width).rounded(.down)
        // The division rounds; comparison with the bounds decides.
        if value < bound(number) { return number - 1 }
        if value >= bound(number + 1) { return number + 1 }
        return number
    }
}
