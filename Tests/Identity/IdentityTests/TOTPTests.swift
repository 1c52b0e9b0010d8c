import Testing

@testable import Identity

@Suite("TOTP") struct TOTPTests {
    private let totp = TOTP(secret: Array("12345678901234567890".utf8))

    /// RFC 6238, appendix B.
    @Test(
        "computes the vectors of RFC 6238",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func vectors(second: Int64, code: String) {
        #expect(totp.code(step: TOTP.step(at: second), digitCount: 8) == code)
        #expect(totp.code(step: TOTP.step(at: second)) == code.suffix(6))
    }

    @Test(
        "accepts a clock that is one step off",
        arguments: [(-61, false), (-30, true), (0, true), (30, true), (61, false)])
    func window(difference: Int64, isAccepted: Bool) {
        let now: Int64 = 1_234_567_890
        let code = totp.code(step: TOTP.step(at: now + difference))
        #expect(totp.step(of: code, at: now) == (isAccepted ? TOTP.step(at: now + difference) : nil))
    }

    @Test("reads codes with blanks, and no others", arguments: ["", "1", "005 92", "0059245", "abcdef", "００５９２４"])
    func format(wrong: String) {
        #expect(totp.step(of: "005 924", at: 1_234_567_890) != nil)
        #expect(totp.step(of: wrong, at: 1_234_567_890) == nil)
    }

    @Test("describes itself to telephones")
    func uri() {
        #expect(
            totp.uri(account: "di99abc", issuer: "terrabyte at home")
                == "otpauth://totp/terrabyte%20at%20home:di99abc?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=terrabyte%20at%20home&algorithm=SHA1&digits=6&period=30")
        #expect(TOTP().secret.count == 20)
        #expect(TOTP() != TOTP())
    }

    /// RFC 4648, section 10, without padding.
    @Test(
        "writes secrets as RFC 4648 has it",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func base32(text: String, encoded: String) {
        #expect(Base32.text(Array(text.utf8)) == encoded)
    }

    @Test("has recovery codes of 80 bits, typed as one likes")
    func recoveryCodes() {
        let codes = (0..<100).map { _ in RecoveryCode.random() }
        #expect(Set(codes).count == 100)
        for code in codes {
            #expect(code.count == 19)
            #expect(RecoveryCode.hash(code) == RecoveryCode.hash(" " + code.uppercased().filter { $0 != "-" }))
        }
    }
}
