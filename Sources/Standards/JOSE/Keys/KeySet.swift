public import JSON

/// Public keys, found by what the header of a token says.
///
/// Source: [RFC 7517, section 5](https://www.rfc-editor.org/rfc/rfc7517#section-5).
public struct KeySet: Sendable, Hashable {
    public let keys: [VerificationKey]
    /// Why members of the set that was read are not among the keys, in their order.
    public let ignored: [KeyError]

    /// - Parameter keys: No two of them with the same id and algorithm.
    public init(_ keys: [VerificationKey]) {
        self.keys = keys
        ignored = []
    }

    /// The keys of a set of JSON that are for signatures with one of the `algorithms`. Keys that we cannot use are
    /// ignored, as RFC 7517 demands; of two with the same id and algorithm both are.
    ///
    /// - Throws: `KeyError.notAKey` when there is no array `keys`.
    public init(
        jwks: JSONValue, algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases)
    ) throws(KeyError) {
        guard let elements = jwks.object?["keys"]?.array else { throw .notAKey }
        var found: [VerificationKey] = []
        var faults: [KeyError] = []
        for element in elements {
            do throws(KeyError) {
                guard let jwk = element.object else { throw .notAKey }
                let key = try VerificationKey(jwk: jwk)
                guard algorithms.contains(key.algorithm) else { throw .unsupportedAlgorithm(key.algorithm.rawValue) }
                found.append(key)
            } catch {
                faults.append(error)
            }
        }
        let counts = Dictionary(found.map { ($0.name, 1) }, uniquingKeysWith: +)
        keys = found.filter { counts[$0.name] == 1 }
        ignored = faults + found.compactMap { counts[$0.name] == 1 ? nil : .duplicateID($0.id ?? "") }
    }

    /// The set as it is published.
    public var jwks: JSONValue { ["keys": .array(keys.map { .object($0.jwk) })] }

    /// The key with the id. Without one, the only key for the algorithm: of several, none can be meant.
    public func key(id: String?, algorithm: SignatureAlgorithm) -> VerificationKey? {
        let candidates = keys.filter { $0.algorithm == algorithm && (id == nil || $0.id == id) }
        return candidates.count == 1 ? candidates[0] : nil
    }

    /// Whether some key has the id, whatever it is for.
    public func contains(id: String) -> Bool { keys.contains { $0.id == id } }
}

extension VerificationKey {
    fileprivate struct Name: Hashable {
        let id: String?
        let algorithm: SignatureAlgorithm
    }

    /// What headers of tokens know of the key. Keys without id may be several: then no token can mean one of them.
    fileprivate var name: Name { Name(id: id, algorithm: algorithm) }
}
