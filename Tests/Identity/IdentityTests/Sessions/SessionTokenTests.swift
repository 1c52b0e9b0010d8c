import Testing

@testable import Identity

@Suite("Session tokens") struct SessionTokenTests {
    @Test("are read as they are written, and from nothing else")
    func text() {
        let token = SessionToken()
        #expect(token.text.utf8.count == 64)
        #expect(SessionToken(token.text) == token)
        #expect(SessionToken() != token)
        for text in [
            "", "0", token.text.uppercased() + "", String(token.text.dropLast()), token.text + "0",
            String(repeating: "g", count: 64), String(repeating: "ä", count: 32),
        ] where text != token.text {
            #expect(SessionToken(text) == nil)
        }
        #expect(!token.hash.isEmpty && token.text != token.formToken)
    }

    @Test("sign texts for their own session only")
    func signatures() {
        let (token, other) = (SessionToken(), SessionToken())
        let signature = token.signature(of: "/auth/account")
        #expect(token.isSignature(signature, of: "/auth/account"))
        #expect(!token.isSignature(signature, of: "/auth/account/"))
        #expect(!other.isSignature(signature, of: "/auth/account"))
        #expect(!token.isSignature("", of: "/auth/account"))
        #expect(!token.isSignature(signature + "00", of: "/auth/account"))
        #expect(token.isFormToken(token.formToken))
        #expect(!other.isFormToken(token.formToken))
        #expect(!token.isFormToken(token.text))
    }
}
