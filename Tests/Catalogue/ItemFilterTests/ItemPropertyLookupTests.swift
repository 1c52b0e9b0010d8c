import CQL2
import Geo
import ItemFilter
import JSON
import Testing

@Suite("A property's name leads to") struct ItemPropertyLookupTests {
    private static let item = """
        {"id":"i","collection":"c","type":"Feature","bbox":[1,2,3,4],"geometry":{"type":"Point","coordinates":[1,2]},
        "properties":{"id":"other","n":1,"a":{"b":2,"c.d":3,"e":{"f":4}},"a.b":5,"x":null,"x.y":{"z":6},"null.m":null,
        "null":{"m":7},"type":8,"":9,"list":[1,"x"],"p":{"type":"Point","coordinates":[3,4]}},
        "assets":{"data":{"href":"h"}}}
        """

    static let table: [(name: String, value: CQL2Value)] = [
        ("id", .string("i")), ("properties.id", .string("i")), ("collection", .string("c")), ("n", .number(1)),
        ("properties.n", .number(1)), ("properties.properties.n", .null), ("a", .object), ("a.b", .number(5)),
        ("properties.a.b", .number(5)), ("a.c.d", .number(3)), ("a.e.f", .number(4)), ("a.e", .object), ("a.q", .null),
        ("x", .null), ("x.y.z", .number(6)), ("null.m", .null), ("type", .number(8)), ("", .number(9)),
        ("properties.", .number(9)), ("list", .array([.number(1), .string("x")])),
        ("bbox", .array([1, 2, 3, 4].map { .number($0) })),
        ("assets.data.href", .string("h")), ("assets.data", .object), ("stac_version", .null), ("links", .null),
        ("unknown", .null), (".", .null), ("a.", .null), ("geometry", .geometry(.point(.init(1, 2)))),
        ("p", .geometry(.point(.init(3, 4)))), ("geometry.type", .null),
    ]

    @Test("the value in the Item", arguments: table)
    func value(name: String, value: CQL2Value) throws {
        try JSONReader().read(Array(Self.item.utf8)) { item in
            #expect(ItemPropertyLookup(item).value(of: name) == value)
        }
    }
}
