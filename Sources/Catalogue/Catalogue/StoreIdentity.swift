/// A store's identity.
package enum StoreIdentity {
    /// A new one, as 32 hexadecimal digits.
    package static func random() -> String {
        (0..<4).map { _ in
            let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}
