import Access
import HTTPTypes
import Identity
import JSON

/// Whose Collection a request is about.
enum Target: String, CaseIterable, Sendable {
    case own, shared, foreign, curated, missing

    func collection(of person: Person) -> String {
        switch self {
        case .own: "\(person.rawValue).fields"
        case .shared: Catalogues.shared
        case .foreign: Catalogues.foreign[0]
        case .curated: Catalogues.curated
        case .missing: Self.missing(of: .foreign)
        }
    }

    /// As long as the foreign one, and about as like the others.
    static func missing(of target: Target) -> String { "zog.fields" }
}

/// What a route does: decides who may use it, and what it responds with.
enum RouteKind: Sendable {
    /// Anybody may use it.
    case open
    /// For monitoring systems and administrators.
    case metrics
    /// Reads what there is for the caller.
    case list
    /// Reads a Collection or an Item.
    case read
    /// How searches are done.
    case explain
    /// Makes a Collection.
    case create
    /// Changes, or removes, a Collection or its Items.
    case change
    /// Changes a Collection that only the body names.
    case changeByBody
    /// Gives a Collection another owner.
    case move
    /// For everybody with an account; what it responds with.
    case signedIn(Int)
    /// Shows a container to its members.
    case container
    /// Changes the members of a container; what it responds with.
    case manage(Int)
    /// For administrators; what it responds with.
    case administer(Set<Int>)
}

/// All routes of the platform with what is expected of them. A route that is not here fails the test.
enum AuthorizationMatrix {
    static let operations: [String: RouteKind] = [
        "GET /": .open, "GET /healthz": .open, "GET /readyz": .open, "GET /openapi.json": .open,
        "GET /metrics": .metrics,
    ]

    /// Of each STAC API, below its prefix.
    static let stac: [String: RouteKind] = [
        "GET /": .list, "GET /conformance": .list, "GET /api": .list, "GET /api.html": .list,
        "GET /search": .list, "POST /search": .list, "GET /search/explain": .explain, "POST /search/explain": .explain,
        "GET /collections": .list, "GET /collections-search": .list, "POST /collections-search": .list,
        "GET /children": .list, "GET /queryables": .list, "GET /sortables": .list,
        "GET /collections-queryables": .list, "GET /collections-sortables": .list, "GET /aggregations": .list,
        "GET /aggregate": .list, "POST /aggregate": .list,
        "GET /collections/{collection}": .read, "GET /collections/{collection}/items": .read,
        "GET /collections/{collection}/items/{item}": .read, "GET /collections/{collection}/queryables": .read,
        "GET /collections/{collection}/sortables": .read, "GET /collections/{collection}/aggregations": .read,
        "GET /collections/{collection}/aggregate": .read, "POST /collections/{collection}/aggregate": .read,
        "GET /collections/{collection}/browse": .read, "GET /collections/{collection}/browse/{period}": .read,
        "POST /collections": .create, "PUT /collections": .changeByBody, "PUT /collections/{collection}": .change,
        "PATCH /collections/{collection}": .change, "DELETE /collections/{collection}": .change,
        "POST /collections/{collection}/items": .change, "POST /collections/{collection}/bulk_items": .change,
        "PUT /collections/{collection}/items/{item}": .change,
        "PATCH /collections/{collection}/items/{item}": .change,
        "DELETE /collections/{collection}/items/{item}": .change,
    ]

    static let personal: [String: RouteKind] = ["POST /collections/{collection}/move": .move]

    /// Where nothing fits the placeholders, those who may ask learn that.
    static let administration: [String: RouteKind] = [
        "GET /api/me": .signedIn(200), "GET /api/containers": .signedIn(200), "GET /api/datasets": .signedIn(200),
        "GET /api/datasets/{dataset}": .signedIn(404), "POST /api/datasets/{dataset}/acceptance": .signedIn(404),
        "GET /restricted-data/list-available-DSS": .signedIn(200),
        "GET /restricted-data/request/container/{dataset}": .signedIn(404),
        "POST /restricted-data/request/access/{dataset}": .signedIn(404),
        "GET /api/containers/{container}": .container,
        "PUT /api/containers/{container}/members/{account}": .manage(200),
        "DELETE /api/containers/{container}/members/{account}": .manage(204),
        "GET /api/admin/accounts": .administer([200]), "POST /api/admin/accounts": .administer([400]),
        "GET /api/admin/accounts/{account}": .administer([200]),
        "PATCH /api/admin/accounts/{account}": .administer([200]),
        "DELETE /api/admin/accounts/{account}": .administer([204, 404]),
        "POST /api/admin/accounts/{account}/password-reset": .administer([200, 404]),
        "POST /api/admin/accounts/{account}/factor-reset": .administer([204, 404]),
        "GET /api/admin/invitations": .administer([200]), "POST /api/admin/invitations": .administer([400]),
        "DELETE /api/admin/invitations/{invitation}": .administer([404]),
        "GET /api/admin/containers": .administer([200]), "POST /api/admin/containers": .administer([400]),
        "DELETE /api/admin/containers/{container}": .administer([404]),
        "POST /api/admin/datasets": .administer([400]),
        "PUT /api/admin/datasets/{dataset}/documents": .administer([400]),
        "DELETE /api/admin/datasets/{dataset}": .administer([404]), "GET /api/admin/audit": .administer([200]),
    ]

    /// Paths of services with tests of their own, where only what leaks is looked for.
    static let others = ["/auth/", "/.well-known/"]

    static func kind(_ method: HTTPRequest.Method, _ path: String) -> (RouteKind, isPersonal: Bool)? {
        for (prefix, isPersonal) in [("/public/api", false), ("/private/api", true)] where path.hasPrefix(prefix + "/")
        {
            let key = "\(method.rawValue) \(path.dropFirst(prefix.count))"
            return (stac[key] ?? (isPersonal ? personal[key] : nil)).map { ($0, isPersonal) }
        }
        let key = "\(method.rawValue) \(path)"
        return (operations[key] ?? administration[key]).map { ($0, false) }
    }

    // MARK: What is expected

    /// The status of a response.
    static func status(_ kind: RouteKind, isPersonal: Bool, _ person: Person, _ target: Target) -> Set<Int> {
        // Whatever it is about: who sends a token that is not accepted learns so.
        if !person.isAccepted { return [401] }
        switch kind {
        case .open: return [200, 503]
        case .metrics: return right(person, to: [.administrator])
        case .explain: return right(person, to: [.administrator])
        case .list: return isPersonal && person == .anonymous ? [401] : [200]
        case .read:
            if isPersonal, person == .anonymous { return [401] }
            return canRead(person, target, isPersonal) ? [200] : [404]
        case .create:
            if let refusal = refusal(person, isPersonal) { return [refusal] }
            return canCreate(person, target, isPersonal) ? [201] : [403]
        case .change:
            if let refusal = refusal(person, isPersonal) { return [refusal] }
            if canWrite(person, target, isPersonal) { return [200, 201] }
            return canRead(person, target, isPersonal) ? [403] : [404]
        case .changeByBody:
            // Curated ones are in a personal API where the path names them.
            if isPersonal, target == .curated { return [refusal(person, isPersonal) ?? 404] }
            return status(.change, isPersonal: isPersonal, person, target)
        case .move:
            if let refusal = refusal(person, isPersonal) { return [refusal] }
            // To a name of the caller's own.
            if canWrite(person, target, isPersonal) { return [200] }
            return canRead(person, target, isPersonal) ? [403] : [404]
        case .signedIn(let status): return person == .anonymous ? [401] : [status]
        case .container:
            if person == .anonymous { return [401] }
            return person.level != nil || isAdministrator(person) ? [200] : [404]
        case .manage(let status):
            if person == .anonymous { return [401] }
            // There may be nobody left to remove.
            if person == .manager || isAdministrator(person) { return status == 204 ? [204, 404] : [status] }
            return person.level == nil ? [404] : [403]
        case .administer(let statuses):
            if person == .anonymous { return [401] }
            return isAdministrator(person) ? statuses : [403]
        }
    }

    /// Administrators see everybody and everything but Collections.
    static func isAdministrator(_ person: Person) -> Bool { person == .administrator || person == .operator }

    private static func right(_ person: Person, to people: [Person]) -> Set<Int> {
        if person == .operator || people.contains(person) { return [200] }
        return person == .anonymous ? [401] : [403]
    }

    /// Why the caller may not write anything at all.
    private static func refusal(_ person: Person, _ isPersonal: Bool) -> Int? {
        if person == .anonymous { return 401 }
        if isPersonal || person == .operator || person == .curator { return nil }
        return 403
    }

    private static func canRead(_ person: Person, _ target: Target, _ isPersonal: Bool) -> Bool {
        switch target {
        case .curated: true
        case .own: isPersonal && person.isSignedIn
        case .shared: isPersonal && person.level != nil
        case .foreign, .missing: false
        }
    }

    private static func canWrite(_ person: Person, _ target: Target, _ isPersonal: Bool) -> Bool {
        switch target {
        case .curated: !isPersonal
        case .own: isPersonal && person.isSignedIn
        case .shared: isPersonal && person.level != nil && person.level != .ro
        case .foreign, .missing: false
        }
    }

    /// A Collection with the prefix of the target's.
    private static func canCreate(_ person: Person, _ target: Target, _ isPersonal: Bool) -> Bool {
        canWrite(person, target, isPersonal)
    }
}
