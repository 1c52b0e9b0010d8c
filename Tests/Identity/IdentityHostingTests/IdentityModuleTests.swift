import IdentityHosting
import Testing

@Suite("Identity module") struct IdentityModuleTests {
    @Test("needs the database") func dependencies() {
        #expect(IdentityModule.dependencies.contains("database"))
    }
}
