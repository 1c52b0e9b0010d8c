import Access
import HTTPTypes
import Testing

@testable import HTTPEdge

@Suite("Access") struct AccessTests {
    @Test(
        "rules allow those who have what they ask for",
        arguments: [
            (AccessRule.anyone, Principal.anonymous, true), (.signedIn, .anonymous, false),
            (.signedIn, Principal(.user, name: "ada"), true), (.signedIn, Principal(.service, name: "loader"), true),
            (.signedIn, .operator, true), (.scope(Scope("a")), .operator, true),
            (.scope(Scope("a")), Principal(.user, name: "ada", scopes: [Scope("b")]), false),
            (.scope(Scope("a")), Principal(.user, name: "ada", scopes: [Scope("a")]), true),
            (.scope(Scope("a")), .anonymous, false),
        ])
    func rules(rule: AccessRule, principal: Principal, isAllowed: Bool) {
        #expect(rule.allows(principal) == isAllowed)
    }

    @Test("to what one owns includes reading what one may write")
    func owners() {
        let ada = Principal(.user, name: "ada", readableOwners: ["c1"], writableOwners: ["ada"])
        #expect(ada.readableOwners == ["ada", "c1"])
    }

    @Test("quotas of an owner fall back to the server's, value by value")
    func quotas() {
        let filled = Quota(items: 5).filled(from: Quota(collections: 1, items: 2, bytes: 3))
        #expect(filled == Quota(collections: 1, items: 5, bytes: 3))
    }
}
