import Catalogue
import JSON
import STACAPI

/// The links of a page to the ones before and after it: the same request with another `token`.
enum PagingLinks {
    static func get(_ page: SearchPage, _ url: String, _ query: [QueryPair]) -> [Link] {
        links(page) { rel, token in
            let pairs = query.filter { $0.name != "token" } + [QueryPair(name: "token", value: token)]
            return Link(rel, MediaType.geoJSON, url + "?" + QueryPair.query(pairs))
        }
    }

    static func post(_ page: SearchPage, _ url: String, _ body: JSONObject) -> [Link] {
        links(page) { rel, token in
            var body = body
            body["token"] = .string(token)
            return Link(rel, MediaType.geoJSON, url, post: body)
        }
    }

    private static func links(_ page: SearchPage, _ link: (String, String) -> Link) -> [Link] {
        var links: [Link] = []
        if let next = page.next { links.append(link("next", next.token)) }
        if let previous = page.previous { links.append(link("prev", previous.token)) }
        return links
    }
}
