import HTTPEdge
import Testing

@testable import ServiceModule

@Suite("The services of a server") struct ModuleSelectionTests {
    private struct Base: ServiceModule {
        static let name = "base"
        static let summary = "."
        static let isOnByDefault = false
        init(_ context: ModuleContext<Void>) throws {}
    }
    private struct First: ServiceModule {
        static let name = "first"
        static let summary = "."
        static let dependencies = ["base"]
        init(_ context: ModuleContext<Void>) throws {}
    }
    private struct Second: ServiceModule {
        static let name = "second"
        static let summary = "."
        static let dependencies = ["first", "base"]
        init(_ context: ModuleContext<Void>) throws {}
    }
    private struct Chicken: ServiceModule {
        static let name = "chicken"
        static let summary = "."
        static let isOnByDefault = false
        static let dependencies = ["egg"]
        init(_ context: ModuleContext<Void>) throws {}
    }
    private struct Egg: ServiceModule {
        static let name = "egg"
        static let summary = "."
        static let isOnByDefault = false
        static let dependencies = ["chicken"]
        init(_ context: ModuleContext<Void>) throws {}
    }

    private static let all = [
        ModuleRegistration(Second.self), ModuleRegistration(First.self), ModuleRegistration(Base.self),
        ModuleRegistration(Chicken.self), ModuleRegistration(Egg.self),
    ]

    @Test(
        "come with those that they depend on, which are first",
        arguments: [
            (nil, ["base", "first", "second"]), (["first"], ["base", "first"]), (["base"], ["base"]), ([], []),
            (["first", "first", "base"], ["base", "first"]),
        ] as [([String]?, [String])])
    func selection(names: [String]?, expected: [String]) throws {
        #expect(try Self.all.selected(names).map(\.name) == expected)
    }

    @Test(
        "cannot be unknown, nor depend on each other in a circle",
        arguments: [
            (
                "fist",
                "There is no service 'fist' (did you mean 'first'?); there are second, first, base, chicken, egg."
            ),
            ("quite-another", "There is no service 'quite-another'; there are second, first, base, chicken, egg."),
            ("egg", "Services depend on each other in a circle: egg → chicken → egg."),
        ])
    func rejections(name: String, message: String) {
        let error = #expect(throws: CommandError.self) { try Self.all.selected([name]) }
        #expect(error?.description == message)
    }
}
