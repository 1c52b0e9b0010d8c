import CQL2
import Testing

@Suite("CASEI and ACCENTI") struct TextFoldingTests {
    @Test(
        "fold case",
        arguments: [
            ("ABC", "abc"), ("Straße", "STRASSE"), ("STRAẞE", "strasse"), ("ΟΔΟΣ", "οδος"), ("ſ", "S"), ("µ", "Μ"),
            ("K", "k"),
            ("ﬁ", "FI"), ("É", "é"), ("ǅ", "ǆ"), ("ŉ", "ʼN"), ("ᾳ", "ΑΙ"),
        ])
    func caseFolding(left: String, right: String) {
        #expect(TextFolding.caseFolded(left).utf8.elementsEqual(TextFolding.caseFolded(right).utf8))
    }

    @Test(
        "drop accents, composed or not",
        arguments: [
            ("débárquér", "debarquer"), ("e\u{301}", "e"), ("ệ", "e"), ("Chișinău", "Chisinau"),
            ("Ångström", "Angstrom"),
            ("ÅΩ", "AΩ"), ("København", "København"), ("Łódź", "Łodz"), ("ά", "α"), ("й", "и"), ("が", "か"),
            ("한국", "한국"),
            ("हिन्दी", "हिनदी"), ("ñ", "n"), ("abc", "abc"),
        ])
    func accents(text: String, bare: String) {
        #expect(TextFolding.withoutAccents(text).utf8.elementsEqual(bare.utf8))
    }
}
