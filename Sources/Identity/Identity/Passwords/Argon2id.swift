import CArgon2

/// The function argon2id of libargon2, with its PHC string: `$argon2id$v=19$m=47104,t=1,p=1$SALT$HASH`.
///
/// Source: [RFC 9106](https://www.rfc-editor.org/rfc/rfc9106).
enum Argon2id {
    /// - Throws: `Argon2Failure`, such as for lack of memory.
    static func encoded(_ password: [UInt8], salt: [UInt8], _ cost: PasswordCost) throws(Argon2Failure) -> String {
        let length = argon2_encodedlen(
            cost.passCount, cost.memoryKibibytes, cost.laneCount, UInt32(salt.count), UInt32(hashByteCount), Argon2_id)
        var text = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            cost.passCount, cost.memoryKibibytes, cost.laneCount, password, password.count, salt, salt.count,
            hashByteCount, &text, length)
        guard code == ARGON2_OK.rawValue else { throw Argon2Failure(code) }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Takes as long for a wrong password as for the right one: all bytes of the hashes are compared.
    ///
    /// - Throws: `Argon2Failure` for a text that is no PHC string of argon2id, and for lack of memory.
    static func verify(_ password: [UInt8], _ encoded: String) throws(Argon2Failure) -> Bool {
        let code = argon2id_verify(encoded, password, password.count)
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw Argon2Failure(code)
        }
    }

    private static let hashByteCount = 32
}

struct Argon2Failure: Error, CustomStringConvertible {
    let code: Int32

    init(_ code: Int32) {
        self.code = code
    }

    var description: String { "argon2id has failed: \(String(cString: argon2_error_message(code)))" }
}
