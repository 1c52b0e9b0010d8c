import Temporal
import Testing

@testable import Mail

@Suite("Mail messages") struct MailMessageTests {
    @Test("are lines of ASCII, whatever the text") func encoding() throws {
        let sender = try #require(MailAddress("terrabyte@example.org"))
        let message = MailMessage(
            to: try #require(MailAddress("ada@example.org")), subject: "Zugang für Ada",
            text: "Grüße\n.\n" + String(repeating: "ä", count: 200))
        let time = try #require(Timestamp("2026-12-01T09:05:07Z"))
        let bytes = message.encoded(from: sender, at: time, id: "1")
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        #expect(bytes.allSatisfy { $0 < 0x80 })
        #expect(lines.allSatisfy { !$0.contains("\n") && $0.utf8.count <= 76 })
        #expect(
            lines.prefix(10) == [
                "From: <terrabyte@example.org>", "To: <ada@example.org>",
                "Subject: =?utf-8?B?WnVnYW5nIGbDvHIgQWRh?=", "Date: Tue, 01 Dec 2026 09:05:07 +0000",
                "Message-ID: <1@example.org>", "MIME-Version: 1.0", "Auto-Submitted: auto-generated",
                "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
            ])
        #expect(lines[10] == "R3LDvMOfZQ0KLg0Kw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TD")
    }

    @Test(
        "have subjects that add no header",
        arguments: [
            ("Plain", "Plain"), ("a\r\nBcc: b@example.org", "=?utf-8?B?YSAgQmNjOiBiQGV4YW1wbGUub3Jn?="),
            ("=?utf-8?B?YQ==?=", "=?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?="),
            (
                String(repeating: "ü", count: 30),
                "=?utf-8?B?\("w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=")?=\r\n =?utf-8?B?w7zDvMO8w7zDvMO8w7zDvA==?="
            ),
        ])
    func subjects(text: String, encoded: String) {
        #expect(MailMessage.encodedWords(text) == encoded)
    }

    @Test(
        "go to addresses that are nothing else",
        arguments: [
            ("ada@example.org", true), ("a+b.c@sub.example.org", true), ("ada", false), ("@example.org", false),
            ("ada@", false), ("a@b@c", false), ("ada@example.org\r\nRCPT TO:<b@example.org>", false),
            ("\"a b\"@example.org", false), ("ädä@example.org", false), ("<ada@example.org>", false),
        ])
    func addresses(text: String, isAddress: Bool) {
        #expect((MailAddress(text) != nil) == isAddress)
    }

    @Test(
        "days of the week are right",
        arguments: [
            ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
            ("2024-02-29T23:59:59Z", "Thu, 29 Feb 2024 23:59:59 +0000"),
            ("1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
        ])
    func dates(text: String, date: String) throws {
        #expect(MailMessage.date(try #require(Timestamp(text))) == date)
    }
}
