import Catalogue
import JSON
import STACAPI

/// The links of a page to the ones before and after it: the same request with another `token`.
enum PagingLinks {
    static func get(_ page: SearchPage, _ url: String, _ query: [QueryPair]) -> [Link] {
        get(page.next, page.previous, MediaType.geoJSON, url, query)
    }

    static func get(
        _ next: SearchCursor?, _ previous: SearchCursor?, _ type: String, _ url: String, _ query: [QueryPair]
    ) -> [Link] {
        links(next, previous) { rel, token in
            let pairs = query.filter { $0.name != "token" } + [QueryPair(name: "token", value: token)]
            return Link(rel, type, url + "?" + QueryPair.query(pairs))
        }
    }

    static func post(_ page: SearchPage, _ url: String, _ body: JSONObject) -> [Link] {
        post(page.next, page.previous, MediaType.geoJSON, url, body)
    }

    static func post(
        _ next: SearchCursor?, _ previous: SearchCursor?, _ type: String, _ url: String, _ body: JSONObject
    ) -> [Link] {
        links(next, previous) { rel, token in
            var body = body
            body["token"] = .string(token)
            return Link(rel, type, url, post: body)
        }
    }

    private static func links(
        _ next: SearchCursor?, _ previous: SearchCursor?, _ link: (String, String) -> Link
    ) -> [Link] {
        var links: [Link] = []
        if let next { links.append(link("next", next.token)) }
        if let previous { links.append(link("prev", previous.token)) }
        return links
    }
}
