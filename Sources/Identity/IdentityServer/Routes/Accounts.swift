import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JSON
import Mail

extension AdministrationServer {
    func addAccounts(to routes: inout RouteGroup) {
        let path = "/api/admin/accounts"
        let draft: JSONObject = [
            "name": OpenAPIOperation.text, "kind": OpenAPIOperation.one(of: Account.Kind.allCases.map(\.rawValue)),
            "fullName": OpenAPIOperation.text, "email": OpenAPIOperation.text, "roles": OpenAPIOperation.texts,
            "sponsor": OpenAPIOperation.text, "project": OpenAPIOperation.text, "end": OpenAPIOperation.time,
        ]
        routes.add(
            .get, path,
            OpenAPIOperation(
                "listAccounts", "Accounts, by name, in pages",
                query: ["limit": "At most so many, up to 1,000", "after": "Name of the last one of the page before"],
                status: 200), handler(listAccounts))
        routes.add(
            .post, path, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "addAccount", "Add an account; people get a link to set their password", body: draft,
                required: ["name"], status: 201), handler(addAccount))
        let one = path + "/{account}"
        routes.add(
            .get, one, OpenAPIOperation("getAccount", "An account with its rights", status: 200), handler(account))
        routes.add(
            .patch, one, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "changeAccount", "Disable or enable an account, or change its roles or its end",
                body: [
                    "disabled": ["type": "boolean"], "roles": OpenAPIOperation.texts, "end": OpenAPIOperation.time,
                ]), handler(changeAccount))
        routes.add(
            .delete, one, OpenAPIOperation("deleteAccount", "Delete an account; its name stays taken", status: 204),
            handler(deleteAccount))
        routes.add(
            .post, one + "/password-reset",
            OpenAPIOperation("resetPassword", "Make a link to set a password", status: 200), handler(resetPassword))
        routes.add(
            .post, one + "/factor-reset",
            OpenAPIOperation(
                "resetFactor", "Remove the second factor, so that a new one is enrolled at the next login", status: 204),
            handler(resetFactor))
    }

    private func listAccounts(_ request: EdgeRequest) async throws -> EdgeResponse {
        let query = try RequestQuery(request, ["limit", "after"])
        let limit = try query.integer("limit", in: 1...1_000, default: 100)
        let accounts = try await store.accounts(after: query.text("after"), limit: limit)
        let now = try await store.now()
        var document: JSONObject = ["accounts": .array(accounts.map { $0.json(at: now) })]
        if accounts.count == limit, let last = accounts.last {
            document["next"] = .string("/api/admin/accounts?limit=\(limit)&after=\(percentEncoded(last.name))")
        }
        return response(.object(document))
    }

    private func addAccount(_ request: EdgeRequest) async throws -> EdgeResponse {
        let document = try RequestDocument(
            request, ["name", "kind", "fullName", "email", "roles", "sponsor", "project", "end"])
        var draft = AccountDraft(
            try document.requiredText("name"), try document.value("kind", of: Account.Kind.self) ?? .internal,
            fullName: try document.text("fullName") ?? "", email: try document.text("email"))
        draft.roles = try document.values("roles", of: Account.Role.self) ?? []
        draft.sponsor = try document.text("sponsor")
        draft.project = try document.text("project")
        draft.end = try document.time("end")
        try await store.addAccount(draft, by: actor(request))
        let name = draft.name
        var result: JSONObject = ["account": try await json(of: name)]
        if draft.kind != .service { result["passwordReset"] = try await passwordReset(of: name, by: actor(request)) }
        return response(.object(result), status: .created, location: "/api/admin/accounts/\(percentEncoded(name))")
    }

    private func account(_ request: EdgeRequest) async throws -> EdgeResponse {
        response(try await json(of: request.parameter("account")))
    }

    private func changeAccount(_ request: EdgeRequest) async throws -> EdgeResponse {
        let name = try request.parameter("account")
        let document = try RequestDocument(request, ["disabled", "roles", "end"])
        let (disabled, roles) = (try document.bool("disabled"), try document.values("roles", of: Account.Role.self))
        let end = try document.time("end")
        if let roles { try await store.setRoles(roles, of: name, by: actor(request)) }
        if document.has("end") { try await store.setEnd(end, of: name, by: actor(request)) }
        if let disabled { try await store.setDisabled(disabled, name, by: actor(request)) }
        return response(try await json(of: name))
    }

    private func deleteAccount(_ request: EdgeRequest) async throws -> EdgeResponse {
        try await store.deleteAccount(request.parameter("account"), by: actor(request))
        return noContent
    }

    private func resetPassword(_ request: EdgeRequest) async throws -> EdgeResponse {
        response(try await passwordReset(of: request.parameter("account"), by: actor(request)))
    }

    private func resetFactor(_ request: EdgeRequest) async throws -> EdgeResponse {
        try await store.resetSecondFactor(of: request.parameter("account"), by: actor(request))
        return noContent
    }

    /// A link to set a password, mailed if that is possible. The link is in the response only where it is not: an
    /// administrator need not know it.
    private func passwordReset(of name: String, by actor: AuditActor) async throws -> JSONValue {
        let token = try await store.makePasswordReset(of: name, by: actor)
        let link = location.passwordLink(token)
        let address = try await store.account(name)?.email.flatMap(MailAddress.init)
        var result = try await send(address.map { .passwordReset(to: $0, name: name, link: link) })
        if result["sent"]?.bool != true { result["link"] = .string(link) }
        return .object(result)
    }

    private func json(of name: String) async throws -> JSONValue {
        guard let account = try await store.account(name) else { throw IdentityError.noSuchAccount(name) }
        let rights = try await store.rights(of: name)
        var object = account.json(at: try await store.now()).object ?? [:]
        object["secondFactor"] = .bool(try await store.hasSecondFactor(name))
        object["reads"] = .array(rights.readable.sorted().map { .string($0) })
        object["writes"] = .array(rights.writable.sorted().map { .string($0) })
        return .object(object)
    }
}
