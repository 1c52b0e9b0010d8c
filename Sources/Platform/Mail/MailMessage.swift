import Temporal

/// A message of plain text.
public struct MailMessage: Sendable, Hashable {
    public let recipient: MailAddress
    public let subject: String
    /// With line feeds.
    public let text: String

    public init(to recipient: MailAddress, subject: String, text: String) {
        self.recipient = recipient
        self.subject = subject
        self.text = text
    }

    /// As it is sent: lines of ASCII with CR LF, the text in Base64.
    ///
    /// - Parameters:
    ///   - id: Unique, without the domain.
    ///
    /// Source: [RFC 5322](https://www.rfc-editor.org/rfc/rfc5322), [RFC 2045](https://www.rfc-editor.org/rfc/rfc2045).
    func encoded(from sender: MailAddress, at time: Timestamp, id: String) -> [UInt8] {
        let domain = sender.description.split(separator: "@").last ?? "localhost"
        var lines = [
            "From: <\(sender)>", "To: <\(recipient)>", "Subject: \(Self.encodedWords(subject))",
            "Date: \(Self.date(time))", "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0",
            // Answers of absent people would go to nobody.
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        let body = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        let letters = Array(Self.base64(Array(body.utf8)).utf8)
        for start in stride(from: 0, to: letters.count, by: 76) {
            lines.append(String(decoding: letters[start..<min(start + 76, letters.count)], as: UTF8.self))
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// ASCII as it is; anything else in words of Base64, none longer than 75 characters, none with a part of a letter.
    ///
    /// Source: [RFC 2047, section 2](https://www.rfc-editor.org/rfc/rfc2047#section-2).
    static func encodedWords(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && text.utf8.count <= 60 && !text.contains("=?")
        guard !isPlain else { return text }
        var words: [String] = []
        var part: [UInt8] = []
        func end() { words.append("=?utf-8?B?\(base64(part))?=") }
        for scalar in text.unicodeScalars {
            // Control characters would end the header.
            let bytes = Array(String(scalar.properties.generalCategory == .control ? " " : scalar).utf8)
            if part.count + bytes.count > 45 {
                end()
                part = []
            }
            part += bytes
        }
        end()
        return words.joined(separator: "\r\n ")
    }

    /// Such as `Tue, 01 Dec 2026 12:00:00 +0000`.
    static func date(_ time: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // The text is 2026-12-01T12:00:00Z, perhaps with a fraction.
        let text = time.description
        let (year, month, day) = (text.prefix(4), Int(text.dropFirst(5).prefix(2)) ?? 1, text.dropFirst(8).prefix(2))
        let dayNumber = Int((Double(time.microseconds) / 86_400e6).rounded(.down))
        let weekday = days[((dayNumber % 7) + 7) % 7]
        return "\(weekday), \(day) \(months[month - 1]) \(year) \(text.dropFirst(11).prefix(8)) +0000"
    }

    /// Source: [RFC 4648, section 4](https://www.rfc-editor.org/rfc/rfc4648#section-4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var letters: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                letters.append(
                    position <= group.count
                        ? alphabet[Int(number >> UInt32(18 - 6 * position) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
