import JSON

extension CatalogueEngine {
    /// The Collections and Items that are not I-JSON, which only catalogues from before that was checked have: other
    /// programs read them differently, or not at all.
    ///
    /// - Returns: Sentences with advice; of many only the first.
    func interoperabilityFaults() throws -> [String] {
        var faults: [String] = []
        var count = 0
        func record(_ subject: String, _ fault: JSONError) {
            count += 1
            guard faults.count < Self.namedFaults else { return }
            faults.append("\(subject) is not I-JSON (RFC 7493), so that other programs cannot read it: \(fault).")
        }
        let reader = JSONReader(.rfc8259)
        for collection in try store.collections() {
            let subject = "Collection \"\(collection.id)\""
            try? reader.read(collection.body) { body in
                if let fault = reader.interoperabilityFault(of: body) { record(subject, fault) }
            }
            var sequences: [SequenceNumber] = []
            try store.forEachItem(in: collection.number) { _, sequence in sequences.append(sequence) }
            try codec.withUnpacker { unpacker in
                for start in stride(from: 0, to: sequences.count, by: Self.bodiesAtOnce) {
                    let batch = Array(sequences[start..<min(start + Self.bodiesAtOnce, sequences.count)])
                    try store.withBodies(batch) { _, stored in
                        // Bodies that cannot be read at all are no matter of this check.
                        try? unpacker.withItem(of: stored) { item in
                            guard let fault = unpacker.interoperabilityFault(of: item) else { return }
                            record("\(subject): the Item \"\(item.member("id")?.string ?? "")\"", fault)
                        }
                    }
                }
            }
        }
        guard count > 0 else { return [] }
        if count > faults.count { faults.append("\(count - faults.count) more are not I-JSON either.") }
        faults.append(
            "Write what is not I-JSON again without that fault, or delete it; until then exports leave such Items out.")
        return faults
    }

    private static let namedFaults = 20
    private static let bodiesAtOnce = 256
}
