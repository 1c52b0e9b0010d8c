import Crypto
import Synchronization

/// Tokens that were verified, by their SHA-256: it keeps no token that could be used by who reads the memory.
///
/// Those that were not asked for while `byteLimit` bytes of others came in are dropped.
final class VerifiedTokenCache: Sendable {
    private struct Generations {
        var young: [SHA256Digest: Entry] = [:]
        var old: [SHA256Digest: Entry] = [:]
        var youngByteCount = 0
    }

    struct Entry: Sendable {
        let token: VerifiedToken
        /// Of the token.
        let byteCount: Int
    }

    private let generations = Mutex(Generations())
    private let generationByteLimit: Int

    /// - Parameter byteLimit: All tokens together, in bytes. The claims take several times that in memory.
    init(byteLimit: Int) { generationByteLimit = byteLimit / 2 }

    func token(for digest: SHA256Digest) -> VerifiedToken? {
        generations.withLock { generations in
            if let entry = generations.young[digest] { return entry.token }
            guard let entry = generations.old.removeValue(forKey: digest) else { return nil }
            insert(entry, for: digest, into: &generations)
            return entry.token
        }
    }

    func insert(_ entry: Entry, for digest: SHA256Digest) {
        generations.withLock { insert(entry, for: digest, into: &$0) }
    }

    func remove(_ digest: SHA256Digest) {
        generations.withLock { generations in
            if let entry = generations.young.removeValue(forKey: digest) {
                generations.youngByteCount -= entry.byteCount
            }
            generations.old[digest] = nil
        }
    }

    /// Bytes of all tokens that are kept.
    var byteCount: Int {
        generations.withLock { generations in
            generations.youngByteCount + generations.old.values.reduce(0) { $0 + $1.byteCount }
        }
    }

    private func insert(_ entry: Entry, for digest: SHA256Digest, into generations: inout Generations) {
        guard entry.byteCount <= generationByteLimit else { return }
        if generations.youngByteCount + entry.byteCount > generationByteLimit {
            generations.old = generations.young
            generations.young = [:]
            generations.youngByteCount = 0
        }
        generations.old[digest] = nil
        if let replaced = generations.young.updateValue(entry, forKey: digest) {
            generations.youngByteCount -= replaced.byteCount
        }
        generations.youngByteCount += entry.byteCount
    }
}
