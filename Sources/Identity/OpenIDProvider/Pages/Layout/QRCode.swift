import CQREncode
import HTTPEdge

/// A QR code as an image in the page, which needs no other request.
///
/// Source: ISO/IEC 18004, by [libqrencode](https://fukuchi.org/works/qrencode/).
enum QRCode {
    /// Modules around the code that must be empty.
    private static let margin = 4

    /// - Parameters:
    ///   - text: At most 2,000 bytes.
    ///   - label: What it is, for those who do not see it.
    /// - Returns: `nil` for a text that is too long.
    static func svg(_ text: String, label: String) -> HTML? {
        guard text.utf8.count <= 2_000, let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else {
            return nil
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width)
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                // The lowest bit is the module's colour.
                let length = modules[(row * width + column)..<((row + 1) * width)].prefix { $0 & 1 == 1 }.count
                if length > 0 { path += "M\(column + margin) \(row + margin)h\(length)v1h-\(length)z" }
                column += length + 1
            }
        }
        let size = width + 2 * margin
        return """
            <svg class="qr" role="img" aria-label="\(label)" viewBox="0 0 \(size) \(size)" shape-rendering="crispEdges">
            <rect width="\(size)" height="\(size)" fill="#fff"/><path d="\(path)" fill="#000"/>
            </svg>

            """
    }
}
