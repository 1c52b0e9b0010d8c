import JOSE
import JSON
import Testing
import WebAuthn

@Suite("WebAuthn in JSON") struct OptionTests {
    @Test("writes what the browser needs to make a passkey")
    func creation() throws {
        let credential = try Vector.named("none-es256").register { $0.transports = ["internal"] }
        let options = Vector.site.creationOptions(
            challenge: [1, 2, 3], userHandle: [255], userName: "ada", displayName: "Ada", existing: [credential],
            userVerification: .required)
        #expect(
            options.jsonText == """
                {"rp":{"id":"example.org","name":"Example"},"user":{"id":"_w","name":"ada","displayName":"Ada"},\
                "challenge":"AQID","pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-8},\
                {"type":"public-key","alg":-19},{"type":"public-key","alg":-257}],"timeout":300000,\
                "excludeCredentials":[{"type":"public-key","id":"-R85HbTJsv3g6nAYnLo_tj9Xm6YSKzOtlP8-wzAIS-Q",\
                "transports":["internal"]}],"authenticatorSelection":{"residentKey":"preferred",\
                "requireResidentKey":false,"userVerification":"required"},"attestation":"none"}
                """)
    }

    @Test("writes what the browser needs to use a passkey")
    func request() {
        let options = Vector.site.requestOptions(
            challenge: [1, 2, 3], userVerification: .preferred, timeoutSeconds: 60)
        #expect(
            options.jsonText == """
                {"challenge":"AQID","timeout":60000,"rpId":"example.org","allowCredentials":[],\
                "userVerification":"preferred"}
                """)
    }

    private let registration: JSONValue = [
        "id": "AQID", "rawId": "AQID", "type": "public-key", "clientExtensionResults": [:],
        "authenticatorAttachment": "platform",
        "response": [
            "clientDataJSON": "e30", "attestationObject": "oA", "transports": ["usb", "nfc"], "publicKeyAlgorithm": -7,
        ],
    ]
    private let authentication: JSONValue = [
        "id": "AQID", "rawId": "AQID", "type": "public-key", "clientExtensionResults": [:],
        "response": ["clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AQ", "userHandle": nil],
    ]

    @Test("reads what browsers answer")
    func reads() throws {
        #expect(
            try RegistrationResponse(json: registration)
                == RegistrationResponse(
                    id: [1, 2, 3], clientData: Array("{}".utf8), attestationObject: [0xa0], transports: ["usb", "nfc"]))
        #expect(
            try AuthenticationResponse(json: authentication)
                == AuthenticationResponse(
                    id: [1, 2, 3], clientData: Array("{}".utf8), authenticatorData: [0], signature: [1]))
        let withUser = authentication.merged(with: ["response": ["userHandle": "Bwc"]])
        #expect(try AuthenticationResponse(json: withUser).userHandle == [7, 7])
    }

    @Test(
        "refuses answers by the member",
        arguments: [
            (["type": "password"], .invalidMember("type")), (["type": nil], .invalidMember("type")),
            (["id": nil], .invalidMember("id")), (["id": 1], .invalidMember("id")),
            (["id": "AQIE"], .invalidMember("rawId")), (["rawId": nil], .invalidMember("rawId")),
            (["id": "A=", "rawId": "A="], .invalidMember("rawId")), (["id": "", "rawId": ""], .credentialIDLength(0)),
            (["response": nil], .invalidMember("response.clientDataJSON")),
            (["response": ["clientDataJSON": 1]], .invalidMember("response.clientDataJSON")),
            (["response": ["clientDataJSON": "e30="]], .invalidMember("response.clientDataJSON")),
            (["response": ["attestationObject": nil]], .invalidMember("response.attestationObject")),
        ] as [(JSONValue, WebAuthnError)])
    func refuses(changes: JSONValue, error: WebAuthnError) {
        #expect(throws: error) { try RegistrationResponse(json: registration.merged(with: changes)) }
    }

    @Test("refuses what is longer than any browser's")
    func long() {
        let id = Base64URL.encode([UInt8](repeating: 1, count: 1024))
        #expect(throws: WebAuthnError.credentialIDLength(1024)) {
            try AuthenticationResponse(json: authentication.merged(with: ["id": .string(id), "rawId": .string(id)]))
        }
        let data = String(repeating: "A", count: 88_000)
        #expect(throws: WebAuthnError.tooLong("signature", byteCount: 66_000, limit: 65_536)) {
            try AuthenticationResponse(json: authentication.merged(with: ["response": ["signature": .string(data)]]))
        }
    }
}
