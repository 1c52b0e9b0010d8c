import CBOR
import TestKit
import Testing

@Suite("CBOR") struct CBORTests {
    static func bytes(_ hexadecimal: String) -> [UInt8] {
        var digits = hexadecimal[...]
        var bytes: [UInt8] = []
        while !digits.isEmpty {
            bytes.append(UInt8(digits.prefix(2), radix: 16)!)
            digits = digits.dropFirst(2)
        }
        return bytes
    }

    /// Source: [RFC 8949, appendix A](https://www.rfc-editor.org/rfc/rfc8949#section-appendix.a).
    @Test(
        "reads the examples of the standard",
        arguments: [
            ("00", .unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
            ("1818", .unsigned(24)), ("1819", .unsigned(25)), ("1864", .unsigned(100)), ("1903e8", .unsigned(1000)),
            ("1a000f4240", .unsigned(1_000_000)), ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
            ("1bffffffffffffffff", .unsigned(.max)), ("3bffffffffffffffff", .negative(.max)), ("20", .negative(0)),
            ("29", .negative(9)), ("3863", .negative(99)), ("3903e7", .negative(999)), ("f90000", .float(0)),
            ("f93c00", .float(1)), ("fb3ff199999999999a", .float(1.1)), ("f93e00", .float(1.5)),
            ("f97bff", .float(65504)), ("fa47c35000", .float(100_000)),
            ("fa7f7fffff", .float(3.402_823_466_385_288_6e+38)), ("fb7e37e43c8800759c", .float(1.0e+300)),
            ("f90001", .float(5.960464477539063e-8)), ("f90400", .float(0.00006103515625)), ("f9c400", .float(-4)),
            ("fbc010666666666666", .float(-4.1)), ("f97c00", .float(.infinity)), ("f9fc00", .float(-.infinity)),
            ("fa7f800000", .float(.infinity)), ("faff800000", .float(-.infinity)),
            ("fb7ff0000000000000", .float(.infinity)), ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null),
            ("f7", .undefined), ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])), ("60", .text("")),
            ("6161", .text("a")), ("6449455446", .text("IETF")), ("62225c", .text("\"\\")), ("62c3bc", .text("ü")),
            ("63e6b0b4", .text("水")), ("64f0908591", .text("𐅑")), ("80", .array([])),
            ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
            (
                "8301820203820405",
                .array([
                    .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
                ])
            ),
            (
                "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
                .array((1...25).map { CBORValue.unsigned($0) })
            ), ("a0", .map([:])),
            ("a201020304", .map([.unsigned(1): .unsigned(2), .unsigned(3): .unsigned(4)])),
            (
                "a26161016162820203",
                .map([.text("a"): .unsigned(1), .text("b"): .array([.unsigned(2), .unsigned(3)])])
            ), ("826161a161626163", .array([.text("a"), .map([.text("b"): .text("c")])])),
            (
                "a56161614161626142616361436164614461656145",
                .map([
                    .text("a"): .text("A"), .text("b"): .text("B"), .text("c"): .text("C"), .text("d"): .text("D"),
                    .text("e"): .text("E"),
                ])
            ),
        ] as [(String, CBORValue)])
    func examples(hexadecimal: String, value: CBORValue) throws {
        #expect(try CBORReader.read(Self.bytes(hexadecimal)) == value)
    }

    @Test("reads what is no number, in each size", arguments: ["f97e00", "fa7fc00000", "fb7ff8000000000000"])
    func notANumber(hexadecimal: String) throws {
        guard case .float(let value) = try CBORReader.read(Self.bytes(hexadecimal)) else {
            Issue.record("no floating-point number")
            return
        }
        #expect(value.isNaN)
    }

    @Test("tells a negative zero from zero")
    func negativeZero() throws {
        guard case .float(let value) = try CBORReader.read([0xf9, 0x80, 0]) else {
            Issue.record("no floating-point number")
            return
        }
        #expect(value.sign == .minus)
    }

    /// Those examples of appendix A that are not in the canonical form of CTAP2, and what else lies outside.
    @Test(
        "refuses what is not canonical",
        arguments: [
            ("c249010000000000000000", .tag(at: 0)), ("c349010000000000000000", .tag(at: 0)),
            ("c11a514b67b0", .tag(at: 0)),
            ("d74401020304", .tag(at: 0)), ("d818456449455446", .tag(at: 0)), ("f0", .simpleValue(at: 0)),
            ("f8ff", .simpleValue(at: 0)), ("e0", .simpleValue(at: 0)),
            ("5f42010243030405ff", .indefiniteLength(at: 0)),
            ("7f657374726561646d696e67ff", .indefiniteLength(at: 0)), ("9fff", .indefiniteLength(at: 0)),
            ("83018202039f0405ff", .indefiniteLength(at: 5)), ("bf61610161629f0203ffff", .indefiniteLength(at: 0)),
            ("1f", .reserved(at: 0)), ("3f", .reserved(at: 0)), ("1c", .reserved(at: 0)), ("5d", .reserved(at: 0)),
            ("ff", .reserved(at: 0)), ("fc", .reserved(at: 0)), ("1817", .notShortest(at: 0)),
            ("190018", .notShortest(at: 0)), ("1a00000100", .notShortest(at: 0)),
            ("1b0000000000010000", .notShortest(at: 0)),
            ("3817", .notShortest(at: 0)), ("5801ff", .notShortest(at: 0)), ("8180190001", .trailingBytes(at: 2)),
            ("a2010201ff", .reserved(at: 4)), ("a201020103", .duplicateKey(at: 3)),
            ("a2616101616102", .duplicateKey(at: 4)), ("a14101f6", .unsupportedKey(at: 1)),
            ("a1f401", .unsupportedKey(at: 1)), ("a18001", .unsupportedKey(at: 1)), ("62c328", .invalidUTF8(at: 0)),
            ("63eda080", .invalidUTF8(at: 0)), ("0000", .trailingBytes(at: 1)),
        ] as [(String, CBORError)])
    func refusals(hexadecimal: String, error: CBORError) {
        #expect(throws: error) { try CBORReader.read(Self.bytes(hexadecimal)) }
    }

    @Test(
        "refuses lengths beyond the input without making room for them",
        arguments: [
            "", "18", "19ff", "1bffffffffffffff", "41", "5bffffffffffffffff", "7bffffffffffffffff",
            "9bffffffffffffffff",
            "bbffffffffffffffff", "9affffffff", "ba7fffffff00", "8201", "a101", "5b7fffffffffffffff", "fb00", "f9",
        ])
    func truncated(hexadecimal: String) throws {
        let error = try #require(throws: CBORError.self) { try CBORReader.read(Self.bytes(hexadecimal)) }
        guard case .truncated = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("refuses nests beyond sixteen levels", arguments: [[0x81], [0xa1, 0x00]] as [[UInt8]])
    func depth(head: [UInt8]) throws {
        func nest(_ levels: Int) -> [UInt8] { Array(repeatElement(head, count: levels).joined()) + [0] }
        #expect(throws: Never.self) { try CBORReader.read(nest(16)) }
        #expect(throws: CBORError.tooDeep(at: 16 * head.count, limit: 16)) { try CBORReader.read(nest(17)) }
        #expect(throws: CBORError.tooDeep(at: 16 * head.count, limit: 16)) { try CBORReader.read(nest(20_000)) }
    }

    @Test("refuses more than 64 KiB")
    func length() {
        #expect(throws: CBORError.tooLong(byteCount: 65_537, limit: 65_536)) {
            try CBORReader.read([UInt8](repeating: 0, count: 65_537))
        }
    }

    @Test("accepts keys in any order")
    func order() throws {
        #expect(try CBORReader.read(Self.bytes("a203040102"))[3]?.int == 4)
        #expect(try CBORReader.read(Self.bytes("a2200401f6"))[-1]?.int == 4)
    }

    @Test("reads an item before other bytes, and says where it ends")
    func prefix() throws {
        let (value, byteCount) = try CBORReader.read(prefixOf: Self.bytes("ff820102ff")[1...])
        #expect(value == .array([.unsigned(1), .unsigned(2)]))
        #expect(byteCount == 3)
    }

    @Test("reads or refuses arbitrary bytes")
    func arbitrary() throws {
        for seed in TestRounds.seeds(20) {
            var random = SeededGenerator(seed: seed)
            for _ in 0..<2_000 {
                let bytes = random.bytes(random.integer(0...24))
                guard let read = try? CBORReader.read(prefixOf: bytes[...]) else { continue }
                #expect(read.byteCount <= bytes.count, "\(random)")
            }
        }
    }
}
