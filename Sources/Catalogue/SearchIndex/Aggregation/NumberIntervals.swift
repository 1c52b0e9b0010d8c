/// The stretches of numbers from one multiple of a width to the next.
struct NumberIntervals {
    private let width: Double
    /// The width's reciprocal where that is a whole number: 3 tenths are 0.3, 3 times 0.1 are not.
    private let divisor: Double?

    init(width: Double) {
        self.width = width
        let reciprocal = (1 / width).rounded()
        divisor = width < 1 && 1 / reciprocal == width ? reciprocal : nil
    }

    /// Where a stretch begins; its number is whole.
    func bound(_ number: Double) -> Double { divisor.map { number / $0 } ?? number * width }

    /// The whole number of the stretch that holds a value.
    @inline(__always)
    func number(of value: Double) -> Double {
        let number = (divisor.map { value * $0 } ?? value / width).rounded(.down)
        // The division rounds; the bounds decide.
        if value < bound(number) { return number - 1 }
        if value >= bound(number + 1) { return number + 1 }
        return number
    }
}
