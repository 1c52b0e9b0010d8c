import Access
import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JSON
import Mail

extension AdministrationServer {
    func addInvitations(to routes: inout RouteGroup) {
        let path = "/api/admin/invitations"
        routes.add(
            .get, path, OpenAPIOperation("listInvitations", "Invitations that can be accepted", status: 200),
            handler(listInvitations))
        routes.add(
            .post, path, bodyLimit: Self.bodyLimit,
            OpenAPIOperation(
                "invite", "Invite a partner",
                body: [
                    "email": OpenAPIOperation.text, "sponsor": OpenAPIOperation.text, "project": OpenAPIOperation.text,
                    "end": OpenAPIOperation.time,
                    "containers": [
                        "type": "object", "description": "Levels by ids of containers",
                        "additionalProperties": OpenAPIOperation.one(of: Container.Level.allCases.map(\.rawValue)),
                    ],
                ], required: ["email", "project", "end"], status: 201), handler(invite))
        routes.add(
            .delete, path + "/{invitation}",
            OpenAPIOperation("withdrawInvitation", "Withdraw an invitation", status: 204), handler(withdrawInvitation))
    }

    /// Of one invitation: each is looked up.
    private static let mostContainers = 100

    private func listInvitations(_ request: EdgeRequest) async throws -> EdgeResponse {
        response(["invitations": .array(try await store.invitations().map(\.json))])
    }

    private func invite(_ request: EdgeRequest) async throws -> EdgeResponse {
        let document = try RequestDocument(request, ["email", "sponsor", "project", "end", "containers"])
        guard let end = try document.time("end") else { throw RequestDocument.invalid("end", "is missing") }
        var draft = InvitationDraft(
            try document.requiredText("email"), sponsor: try document.text("sponsor") ?? request.principal.name,
            project: try document.requiredText("project"), end: end)
        let members = try document.object("containers") ?? [:]
        guard members.count <= Self.mostContainers else {
            throw RequestDocument.invalid("containers", "has more than \(Self.mostContainers) containers")
        }
        for member in members {
            guard let level = member.value.string else {
                throw RequestDocument.invalid("containers", "has a level that is no text")
            }
            draft.members[member.name] = try RequestDocument.value(level, "containers", of: Container.Level.self)
        }
        let token = try await store.invite(draft, by: actor(request))
        let link = location.invitationLink(token)
        let message = MailAddress(draft.email).map { address in
            MailMessage.invitation(to: address, sponsor: draft.sponsor, project: draft.project, link: link)
        }
        var result = try await send(message)
        if result["sent"]?.bool != true { result["link"] = .string(link) }
        return response(.object(result), status: .created)
    }

    private func withdrawInvitation(_ request: EdgeRequest) async throws -> EdgeResponse {
        guard let id = Int64(try request.parameter("invitation")) else {
            throw Problem(.notFound, "NotFound", "Invitations have numbers.")
        }
        try await store.withdrawInvitation(id, by: actor(request))
        return noContent
    }
}
