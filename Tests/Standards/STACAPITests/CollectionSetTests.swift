import STACAPI
import Testing

@Suite("Sets of Collections") struct CollectionSetTests {
    private static let ids = [
        "sentinel-2-c1-l2a", "ada.fields", "ada.fields.old", "ada", "adam.fields", "pn56su-dss-0001.crops", ".x", "é.a",
        "e\u{301}.a",
    ]

    @Test(
        "have what they are made of, and nothing else",
        arguments: [
            (CollectionSet.none, []), (.all, ids), (.curated, ["sentinel-2-c1-l2a", "ada"]),
            (.owned(by: ["ada"]), ["ada.fields", "ada.fields.old"]), (.owned(by: [String]()), []),
            (.owned(by: ["ada", "pn56su-dss-0001"]), ["ada.fields", "ada.fields.old", "pn56su-dss-0001.crops"]),
            // Nobody is called so; it is no curated Collection either.
            (.owned(by: [""]), [".x"]), (.only(["ada"]), ["ada"]), (.only(["ada.fields"]), ["ada.fields"]),
            (.only([String]()), []), (.curated.union(.only([".x"])), ["sentinel-2-c1-l2a", "ada", ".x"]),
            (.curated.union(.all), ids), (.none.union(.owned(by: ["adam"])), ["adam.fields"]),
        ] as [(CollectionSet, [String])])
    func members(set: CollectionSet, expected: [String]) {
        #expect(Self.ids.filter(set.contains) == expected)
    }

    @Test("tell names apart that Unicode calls equivalent")
    func bytes() {
        #expect(CollectionSet.owned(by: ["é"]).contains("é.a"))
        #expect(!CollectionSet.owned(by: ["é"]).contains("e\u{301}.a"))
        #expect(!CollectionSet.only(["é.a"]).contains("e\u{301}.a"))
    }
}
