import SQLDatabase
import Temporal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How often something may happen in 10 minutes, from one address and from all together.
struct GuessLimit {
    static let windowSeconds: Int64 = 600

    /// Distinguishes what is counted.
    let name: String
    let perAddress: Int
    let total: Int

    /// Wrong user codes. With all of them used, and a thousand codes that are waiting, the chance to hit one is below
    /// 1 in 10,000.
    static let userCodes = GuessLimit(name: "user-code", perAddress: 20, total: 2_000)
    /// Device requests, which fill a table.
    static let deviceRequests = GuessLimit(name: "device-request", perAddress: 200, total: 20_000)

    /// What an address counts as: of IPv6 the 64-bit network, which one customer has.
    static func network(of address: String?) -> String {
        guard let address else { return "unknown" }
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let octets = withUnsafeBytes(of: bytes) { Array($0) }
        // An IPv4 address in IPv6's clothes.
        if octets.prefix(10).allSatisfy({ $0 == 0 }), octets[10] == 0xff, octets[11] == 0xff {
            return octets.suffix(4).map(String.init).joined(separator: ".")
        }
        return octets.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
}

extension WriteTransaction {
    /// Counts one. The transaction must be `readCommitted`, so that those at the same time wait for each other.
    ///
    /// - Returns: When there will be room again, and whether this is the first one for which there is none; `nil`: there is.
    func count(_ limit: GuessLimit, _ address: String?) throws -> (end: Timestamp, isFirst: Bool)? {
        let window = try currentTime().microseconds / 1_000_000 / GuessLimit.windowSeconds
        let keys = [("\(limit.name) \(GuessLimit.network(of: address))", limit.perAddress), (limit.name, limit.total)]
        // In this order, so that one address cannot use up what all have together.
        for (key, most) in keys {
            let count: Int = try value(
                """
                INSERT INTO identity_guesses (name, window_number, guess_count) VALUES (?, ?, 1)
                ON CONFLICT (name) DO UPDATE SET
                    guess_count = CASE WHEN identity_guesses.window_number = excluded.window_number
                        THEN identity_guesses.guess_count + 1 ELSE 1 END,
                    window_number = excluded.window_number
                RETURNING guess_count
                """, key, window)
            if count > most {
                let end = Timestamp(microseconds: (window + 1) * GuessLimit.windowSeconds * 1_000_000)
                return (end, count == most + 1)
            }
        }
        return nil
    }

    /// Takes one back that was right: others stay counted.
    func takeBack(_ limit: GuessLimit, _ address: String?) throws {
        for key in ["\(limit.name) \(GuessLimit.network(of: address))", limit.name] {
            try execute(
                "UPDATE identity_guesses SET guess_count = guess_count - 1 WHERE name = ? AND guess_count > 0", key)
        }
    }
}
