import ServiceModule

/// Progress on standard error: one line that is overwritten on a terminal, else one every ten seconds.
struct ProgressLine {
    private var last = ContinuousClock.now
    private var isOpen = false

    /// Shows the line if it is time for one.
    mutating func show(_ line: @autoclosure () -> String) {
        let isTerminal = Console.current.isTerminal
        let now = ContinuousClock.now
        guard now - last >= (isTerminal ? .milliseconds(200) : .seconds(10)) else { return }
        last = now
        guard isTerminal else { return Console.status(line()) }
        // Returns to the start of the line and clears it.
        Console.current.errors("\r" + line() + "\u{1b}[K")
        isOpen = true
    }

    /// Makes room for other output.
    mutating func end() {
        if isOpen { Console.current.errors("\r\u{1b}[K") }
        isOpen = false
    }
}
