import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Languages") struct LanguageTests {
    @Test("of the landing page and of problems are told")
    func ownTexts() async throws {
        try await TestAPI.run { api in
            for path in ["/", "/?language=de-DE,de;q=0.9,*;q=0.1"] {
                let page = try await api.get(path, headers: [.acceptLanguage: "fr"])
                #expect(page.status == 200)
                #expect(page.headers[.contentLanguage] == "en")
                #expect(page.json["language"]?["code"] == "en")
                #expect(page.json.link("service-doc")?["hreflang"] == "en")
            }
            #expect(try await api.get("/collections/x").headers[.contentLanguage] == "en")
        }
    }

    @Test("of a Collection are what its author says, and links to translations stay")
    func collections() async throws {
        try await TestAPI.run { api in
            var collection = TestAPI.collection("c").object ?? [:]
            collection["language"] = ["code": "de", "name": "Deutsch"]
            collection["languages"] = [["code": "en"]]
            let translation: JSONValue = ["rel": "alternate", "href": "https://example.org/en", "hreflang": "en"]
            collection["links"] = [translation]
            let created = try await api.send(.post, "/collections", .object(collection))
            #expect(created.headers[.contentLanguage] == "de")
            let response = try await api.get("/collections/c")
            #expect(response.headers[.contentLanguage] == "de")
            #expect(response.json.link("alternate") == translation)
            #expect(try await api.get("/").json.link("child")?["hreflang"] == "de")
            collection["language"] = ["code": "d\ne"]
            #expect(try await api.send(.put, "/collections/c", .object(collection)).status == 200)
            #expect(try await api.get("/collections/c").headers[.contentLanguage] == nil)
        }
    }

    @Test("that are none are rejected", arguments: ["d_e", "de;q=2", "de;x=1", "de,", "-", "verylongtag"])
    func rejections(text: String) async throws {
        try await TestAPI.run { api in
            let response = try await api.get("/?language=" + text)
            #expect(response.status == 400)
            #expect(response.json["detail"]?.string?.hasPrefix("Parameter 'language' must be") == true)
        }
    }
}
