import CArgon2
import Testing

@testable import Identity

@Suite("Passwords") struct Argon2idTests {
    /// Cheap: what it costs is not what is tested.
    static let cost = PasswordCost(memoryKibibytes: 32, passCount: 1, laneCount: 1)

    /// RFC 9106, section 5.3.
    @Test("are hashed by a library that computes RFC 9106's vector")
    func vector() {
        var tag = [UInt8](repeating: 0, count: 32)
        var password = [UInt8](repeating: 1, count: 32)
        var salt = [UInt8](repeating: 2, count: 16)
        var secret = [UInt8](repeating: 3, count: 8)
        var data = [UInt8](repeating: 4, count: 12)
        let code = tag.withUnsafeMutableBufferPointer { tag in
            password.withUnsafeMutableBufferPointer { password in
                salt.withUnsafeMutableBufferPointer { salt in
                    secret.withUnsafeMutableBufferPointer { secret in
                        data.withUnsafeMutableBufferPointer { data in
                            var context = Argon2_Context()
                            (context.out, context.outlen) = (tag.baseAddress, 32)
                            (context.pwd, context.pwdlen) = (password.baseAddress, 32)
                            (context.salt, context.saltlen) = (salt.baseAddress, 16)
                            (context.secret, context.secretlen) = (secret.baseAddress, 8)
                            (context.ad, context.adlen) = (data.baseAddress, 12)
                            (context.t_cost, context.m_cost, context.lanes, context.threads) = (3, 32, 4, 4)
                            context.version = ARGON2_VERSION_13.rawValue
                            return argon2id_ctx(&context)
                        }
                    }
                }
            }
        }
        #expect(code == ARGON2_OK.rawValue)
        #expect(
            tag == [
                0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0,
                0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
            ])
    }

    /// Of the reference implementation's own tests.
    @Test("are compared with PHC strings of others")
    func foreignHash() throws {
        let hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        #expect(try Argon2id.verify(Array("password".utf8), hash))
        #expect(try !Argon2id.verify(Array("Password".utf8), hash))
    }

    @Test("have hashes of their own, which begin with their cost")
    func hashes() async throws {
        let hasher = try PasswordHasher(Self.cost)
        let first = try await hasher.hash("correct horse")
        let second = try await hasher.hash("correct horse")
        #expect(first != second)
        #expect(first.hasPrefix("$argon2id$v=19$m=32,t=1,p=1$"))
        #expect(try await hasher.verify("correct horse", first))
        #expect(try await !hasher.verify("correct horsf", first))
        #expect(try await !hasher.verify("correct horse", nil))
        #expect(!hasher.isOutdated(first))
        let dearer = try PasswordHasher(PasswordCost(memoryKibibytes: 64, passCount: 1, laneCount: 1))
        #expect(dearer.isOutdated(first))
        #expect(try await dearer.verify("correct horse", first))
    }

    @Test("cost at least what OWASP asks for")
    func minimum() {
        #expect(PasswordCost.standard.memoryKibibytes >= 46 << 10)
        #expect(PasswordCost.standard.passCount >= 1)
    }

    @Test(
        "have 8 to 1,024 bytes",
        arguments: [
            ("", false), ("1234567", false), ("12345678", true), ("ééé", false), ("éééé", true),
            (String(repeating: "a", count: 1_024), true), (String(repeating: "a", count: 1_025), false),
        ])
    func lengths(password: String, isAllowed: Bool) {
        var code: IdentityError.Code?
        do { try PasswordHasher.check(password) } catch { code = error.code }
        #expect(code == (isAllowed ? nil : .invalidPassword))
    }

    @Test("are compared as they were typed, and in full")
    func bytes() async throws {
        let hasher = try PasswordHasher(Self.cost)
        let composed = try await hasher.hash("caf\u{e9} au lait")
        #expect(try await !hasher.verify("cafe\u{301} au lait", composed))
        let long = String(repeating: "a", count: 1_024)
        let hash = try await hasher.hash(long)
        #expect(try await hasher.verify(long, hash))
        #expect(try await !hasher.verify(long + "a", hash))
        let withNUL = try await hasher.hash("12345678\u{0}a")
        #expect(try await !hasher.verify("12345678\u{0}b", withNUL))
    }
}
