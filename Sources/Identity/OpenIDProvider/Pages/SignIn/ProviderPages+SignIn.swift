import HTTPEdge
import Identity

extension ProviderPages {
    func addSignInRoutes(to routes: inout RouteGroup) {
        show("/login", "getLogin", "Sign in", in: &routes) { try await loginPage($0) }
        take("/login", "postLogin", "Sign in with a password", in: &routes) { try await checkPassword($0) }
        take("/login/passkey", "postLoginPasskey", "Sign in with a passkey", in: &routes, ofPasskey: true) {
            try await checkPasskey($0)
        }
        show("/login/factor", "getLoginFactor", "Enter the second factor", in: &routes) { try await factorPage($0) }
        take("/login/factor", "postLoginFactor", "Check a code", in: &routes) { try await checkFactor($0) }
        take("/login/factor/passkey", "postFactorPasskey", "Check a passkey", in: &routes, ofPasskey: true) {
            try await checkFactorPasskey($0)
        }
        take("/passkeys/options", "postPasskeyOptions", "Options for a passkey", in: &routes) {
            try await passkeyOptions($0)
        }
        show("/enrolment", "getEnrolment", "Set up a second factor", in: &routes) { try await enrolmentPage($0) }
        take("/enrolment", "postEnrolment", "Confirm an authenticator app", in: &routes) { try await enrolTOTP($0) }
        take("/enrolment/passkey", "postEnrolmentPasskey", "Add a passkey", in: &routes, ofPasskey: true) {
            try await enrolPasskey($0)
        }
        take("/enrolment/done", "postEnrolmentDone", "Confirm that recovery codes are kept", in: &routes) {
            try await confirmRecoveryCodes($0)
        }
        show("/terms", "getTerms", "The terms of use", in: &routes) { try await termsPage($0) }
        take("/terms", "postTerms", "Accept the terms of use", in: &routes) { try await acceptTerms($0) }
        show("/invitation", "getInvitation", "An invitation", in: &routes) { try await invitationPage($0) }
        take("/invitation", "postInvitation", "Accept an invitation", in: &routes) { try await acceptInvitation($0) }
        show("/password", "getPasswordReset", "A link to set a password", in: &routes) {
            try await passwordResetPage($0)
        }
        take("/password", "postPasswordReset", "Set a password by a link", in: &routes) { try await resetPassword($0) }
    }

    // MARK: Password

    func loginPage(
        _ visit: PageVisit, errors: [PageError] = [], name: String? = nil
    ) async throws -> PageResponse {
        let isAgain = visit.query["again"] != nil || visit.form["again"] != nil
        if errors.isEmpty, !isAgain, let session = visit.session, session.step == .complete {
            return onward(visit, token: nil)
        }
        var nameField = FormField("username", "User name")
        nameField.autocomplete = "username"
        nameField.value =
            name ?? (isAgain ? visit.session?.account : nil) ?? ReturnPath.loginHint(visit.returnPath) ?? ""
        nameField.isFocused = nameField.value.isEmpty
        nameField.maximumLength = 100
        var passwordField = FormField.password("password", "Password", isNew: false)
        passwordField.isFocused = !nameField.isFocused
        let again: [(String, String)] = isAgain ? [("again", "1")] : []
        let isConfirmation = isAgain && visit.session?.step == .complete
        var page = Page(
            isConfirmation ? "Sign in again" : "Sign in",
            """
            \(HTML.when(isConfirmation, "<p class=\"soft\">To go on, confirm that it is you.</p>\n"))\
            \(form(
                "/login", visit, hidden: again, attributes: " class=\"whole\"",
                """
                \(nameField.html(errors))\(passwordField.html(errors))<button>Continue</button>

                """))
            <div data-needs-passkeys hidden><p class="divider">or</p></div>
            \(passkeyForm("/login/passkey", visit, .signIn, "<p class=\"whole\"><button class=\"secondary\">Sign in with a passkey</button></p>\n"))
            """)
        page.errors = errors
        page.usesPasskeys = true
        page.formTargets = ReturnPath.formTargets(visit.returnPath)
        return .page(page)
    }

    private func checkPassword(_ visit: PageVisit) async throws -> PageResponse {
        let name = Self.normalized(visit.form.text("username"))
        let password = visit.form.text("password")
        guard !name.isEmpty, !password.isEmpty else {
            let missing = name.isEmpty ? PageError("username", "Enter your user name.") : nil
            let missingPassword = password.isEmpty ? PageError("password", "Enter your password.") : nil
            return try await loginPage(visit, errors: [missing, missingPassword].compactMap(\.self), name: name)
        }
        let check = try await store.checkPassword(password, of: name, address: visit.client.address)
        switch check {
        case .accepted:
            let token = try await store.beginSession(
                of: name, .password, [.password], replacing: visit.token, visit.client, configuration.sessions)
            let hasFactor = try await store.hasSecondFactor(name)
            return onward(to: hasFactor ? "/login/factor" : "/enrolment", visit, token: token)
        case .wrong:
            return try await loginPage(
                visit, errors: [PageError("password", "The user name or the password is wrong.")], name: name)
        case .locked(let end):
            let sentence = PageText.lock(until: end, now: try await store.now())
            return try await loginPage(visit, errors: [PageError("password", sentence)], name: name)
        case .refused(let state):
            return try await loginPage(visit, errors: [PageError(nil, Self.sentence(about: state))], name: name)
        }
    }

    /// As names are: programs on telephones begin texts with a capital and end them with a blank.
    static func normalized(_ name: String) -> String {
        String(name.lowercased().drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    // MARK: Second factor

    /// Somebody whose password was right, and whose second factor is missing.
    ///
    /// - Throws: `PageDetour`.
    func halfSignedIn(_ visit: PageVisit) throws -> String {
        guard let session = visit.session, let name = session.account, session.step != .anonymous else {
            throw PageDetour(response: .redirect(path("/login", returning: visit.returnPath, visit.token)))
        }
        guard session.step == .password else { throw PageDetour(response: onward(visit, token: nil)) }
        return name
    }

    private func factorPage(_ visit: PageVisit, errors: [PageError] = []) async throws -> PageResponse {
        let name = try halfSignedIn(visit)
        let (hasTOTP, passkeys) = (try await store.hasTOTP(name), try await store.passkeys(of: name))
        guard hasTOTP || !passkeys.isEmpty else {
            return .redirect(path("/enrolment", returning: visit.returnPath, visit.token))
        }
        var body: HTML = "<p class=\"soft\">Signing in as <strong>\(name)</strong>.</p>\n"
        if hasTOTP {
            var field = FormField.oneTimeCode(
                "code", "Code", hint: "The six digits that your authenticator app shows for \(configuration.title).")
            field.isFocused = true
            body += form(
                "/login/factor", visit, hidden: [("kind", "totp")], attributes: " class=\"whole\"",
                "\(field.html(errors))<button>Sign in</button>\n")
        }
        if !passkeys.isEmpty {
            let kind: HTML = hasTOTP ? " class=\"secondary\"" : ""
            if hasTOTP { body += "<div data-needs-passkeys hidden><p class=\"divider\">or</p></div>\n" }
            body += passkeyForm(
                "/login/factor/passkey", visit, .secondFactor,
                "<p class=\"whole\"><button\(kind)>Use a passkey</button></p>\n")
            if !hasTOTP {
                body += "<noscript><p>Your second factor is a passkey, for which scripts are needed. "
                body += "Without them, use a recovery code.</p></noscript>\n"
            }
        }
        var recovery = FormField(
            "recovery", "Recovery code")
        (recovery.hint, recovery.maximumLength) = ("One of the codes that you kept, such as k3vq-7zqd-m5ta-2xwe.", 40)
        let isOpen: HTML = errors.contains { $0.field == "recovery" } ? " open" : ""
        body += """
            <details\(isOpen)>
            <summary>I cannot use my second factor</summary>
            \(form(
                "/login/factor", visit, hidden: [("kind", "recovery")],
                "\(recovery.html(errors))<button class=\"secondary\">Use a recovery code</button>\n"))
            <p class="soft">Without a code, ask the platform's administrators: they can reset your second factor.</p>
            </details>
            <p><a href="\(path("/login?again=1", returning: visit.returnPath, visit.token))">Sign in as somebody else</a></p>
            """
        var page = Page("Second factor", body)
        page.errors = errors
        page.usesPasskeys = !passkeys.isEmpty
        page.formTargets = ReturnPath.formTargets(visit.returnPath)
        return .page(page)
    }

    private func checkFactor(_ visit: PageVisit) async throws -> PageResponse {
        let name = try halfSignedIn(visit)
        let isRecovery = visit.form["kind"] == "recovery"
        let field = isRecovery ? "recovery" : "code"
        let code = visit.form.text(field)
        guard !code.isEmpty else {
            return try await factorPage(visit, errors: [PageError(field, "Enter the code.")])
        }
        let check =
            isRecovery
            ? try await store.checkRecoveryCode(code, of: name, address: visit.client.address)
            : try await store.checkTOTP(code, of: name, address: visit.client.address)
        return try await proceed(
            visit, check, isRecovery ? .recoveryCode : .totp, field: field,
            wrong: isRecovery
                ? "The recovery code is wrong, or was used before."
                : "The code is wrong, or was used before. Wait for the next one.")
    }

    /// What follows from the check of a second factor.
    func proceed(
        _ visit: PageVisit, _ check: SecretCheck, _ method: SignInMethod, field: String?, wrong: String
    ) async throws -> PageResponse {
        switch check {
        case .accepted:
            guard
                let token = try await store.completeSession(visit.token, method, visit.client, configuration.sessions)
            else { throw PageDetour(response: .redirect(path("/login", returning: visit.returnPath, visit.token))) }
            return onward(visit, token: token)
        case .wrong: return try await factorPage(visit, errors: [PageError(field, wrong)])
        case .locked(let end):
            return try await factorPage(
                visit, errors: [PageError(field, PageText.lock(until: end, now: try await store.now()))])
        case .refused(let state):
            return try await factorPage(visit, errors: [PageError(nil, Self.sentence(about: state))])
        }
    }
}
