import HTTPEdge
import HTTPTypes
import Identity

extension ProviderPages {
    func invitationPage(_ visit: PageVisit, errors: [PageError] = []) async throws -> PageResponse {
        let token = visit.form["token"] ?? visit.query["token"] ?? ""
        guard token.utf8.count <= 200, let invitation = try await store.invitation(token) else {
            return .page(
                errorPage(
                    "This invitation cannot be used",
                    "It does not exist, has expired, or was accepted. If you have accepted it, sign in; else ask who has "
                        + "invited you for another one.", status: .notFound))
        }
        var name = FormField("username", "User name")
        (name.autocomplete, name.value, name.maximumLength) = ("username", visit.form.text("username"), 32)
        name.hint = "2 to 32 lower-case letters, digits, - and _, a letter first. It cannot be changed later."
        var fullName = FormField("name", "Your name")
        (fullName.autocomplete, fullName.value, fullName.maximumLength) = ("name", visit.form.text("name"), 200)
        let sponsor = try await store.account(invitation.sponsor)
        let sponsorName = sponsor.map { $0.fullName.isEmpty ? $0.name : $0.fullName } ?? invitation.sponsor
        let terms: HTML =
            configuration.terms.map { "<h2>Terms of use</h2>\n\(Self.termsText($0))\(Self.termsBox)" as HTML } ?? ""
        var page = Page(
            "You are invited",
            """
            <p><strong>\(sponsorName)</strong> invites you to \(configuration.title).</p>
            <dl>
            <dt>E-mail</dt><dd>\(invitation.email)</dd>
            <dt>Project</dt><dd>\(invitation.project)</dd>
            <dt>Access ends</dt><dd>\(PageText.date(invitation.end))</dd>
            <dt>Reply until</dt><dd>\(PageText.time(invitation.expiry))</dd>
            </dl>
            \(form("/invitation", visit, hidden: [("token", token)], attributes: " class=\"whole\"", """
                <h2>Your account</h2>
                \(name.html(errors))\(fullName.html(errors))\
                \(FormField.password("password", "Password", isNew: true, hint: "At least 8 characters; more are better.")
                    .html(errors))\
                <h2>Your second factor</h2>
                \(totpSteps(invitation.totp, invitation.email))
                \(FormField.oneTimeCode("code", "Code", hint: "The six digits that the app shows now.").html(errors))\
                \(terms)<button>Make my account</button>

                """))
            """)
        page.errors = errors
        return .page(page)
    }

    func acceptInvitation(_ visit: PageVisit) async throws -> PageResponse {
        var errors: [PageError] = []
        let name = Self.normalized(visit.form.text("username"))
        if name.isEmpty { errors.append(PageError("username", "Choose a user name.")) }
        if visit.form["name"] == nil { errors.append(PageError("name", "Enter your name.")) }
        if visit.form["password"] == nil { errors.append(PageError("password", "Choose a password.")) }
        if visit.form["code"] == nil { errors.append(PageError("code", "Enter the code that the app shows.")) }
        if configuration.terms != nil, !visit.form.isTicked("terms") {
            errors.append(PageError("terms", "Tick the box to accept the terms."))
        }
        guard errors.isEmpty else { return try await invitationPage(visit, errors: errors) }
        let reply = InvitationReply(
            name: name, fullName: visit.form.text("name"), password: visit.form.text("password"),
            code: visit.form.text("code"))
        let codes: [String]
        do {
            codes = try await store.acceptInvitation(visit.form.text("token"), reply, address: visit.client.address)
        } catch let error as IdentityError {
            let field: String? =
                switch error.code {
                case .nameTaken, .invalidName: "username"
                case .invalidValue: "name"
                case .invalidPassword: "password"
                case .wrongCode: "code"
                default: nil
                }
            return try await invitationPage(visit, errors: [PageError(field, error.message)])
        }
        if let terms = configuration.terms {
            try await store.acceptTerms(terms.version, of: name, by: visit.actor(name))
        }
        let token = try await store.beginSession(
            of: name, .complete, [.password, .totp], replacing: visit.token, visit.client, configuration.sessions)
        return recoveryCodesPage(visit, name, codes, token: token)
    }
}
