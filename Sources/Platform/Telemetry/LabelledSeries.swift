import Synchronization

/// Values by their labels: a limited number, so that nobody can fill the memory by asking for what nobody asks for.
final class LabelledSeries<Value: Sendable>: Sendable {
    private static var mostSeries: Int { 2_000 }

    private let names: [String]
    private let values: Mutex<[[String]: Value]>

    /// - Parameter initial: Of a series without labels, which is there from the start.
    init(_ names: [String], initial: Value?) {
        self.names = names
        values = Mutex(initial.map { [[]: $0] } ?? [:])
    }

    /// - Parameter labels: As many as there are names.
    func update(_ labels: [String], from initial: @autoclosure () -> Value, _ body: (inout Value) -> Void) {
        precondition(labels.count == names.count)
        values.withLock { values in
            let isKnown = values[labels] != nil || values.count < Self.mostSeries
            let key = isKnown ? labels : Array(repeating: "other", count: labels.count)
            body(&values[key, default: initial()])
        }
    }

    /// In the order of their labels.
    var all: [(labels: [(name: String, value: String)], value: Value)] {
        values.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, value in
            (zip(names, key).map { (name: $0, value: $1) }, value)
        }
    }
}
