import OpenIDProvider
import Testing

@Suite("OpenID provider") struct ProviderModuleTests {
    @Test("needs accounts") func dependencies() {
        #expect(ProviderModule.dependencies.contains("identity"))
    }
}
