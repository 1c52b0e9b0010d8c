/// The first rows of an order among those offered.
struct TopRows {
    private let capacity: Int
    /// A heap with the last of the order at its root.
    private var heap: [RowCandidate] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isFull: Bool { heap.count >= capacity }

    /// The last of the rows kept so far.
    var last: RowCandidate? { heap.first }

    /// - Returns: Whether the row is among the first so far.
    mutating func offer(_ candidate: RowCandidate, _ order: RowOrder) -> Bool {
        if heap.count < capacity {
            heap.append(candidate)
            var child = heap.count - 1
            while child > 0, order.precedes(heap[(child - 1) / 2], heap[child]) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
            return true
        }
        guard let last = heap.first, order.precedes(candidate, last) else { return false }
        heap[0] = candidate
        var parent = 0
        while true {
            var largest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && order.precedes(heap[largest], heap[child]) {
                largest = child
            }
            if largest == parent { return true }
            heap.swapAt(parent, largest)
            parent = largest
        }
    }

    func sorted(_ order: RowOrder) -> [RowCandidate] { heap.sorted { order.precedes($0, $1) } }
}
