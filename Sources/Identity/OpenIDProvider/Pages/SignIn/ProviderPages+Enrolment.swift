import HTTPEdge
import Identity

extension ProviderPages {
    /// Who may enrol a second factor: somebody who has none and knows the password, or has signed in with one lately.
    private func enrolling(_ visit: PageVisit) async throws -> (name: String, isFirst: Bool) {
        if let session = visit.session, session.step == .password, let name = session.account {
            guard try await !store.hasSecondFactor(name) else {
                throw PageDetour(response: .redirect(path("/login/factor", returning: visit.returnPath, visit.token)))
            }
            return (name, true)
        }
        return (try await recentlySignedIn(visit, returning: Self.prefix + "/enrolment").account.name, false)
    }

    func enrolmentPage(_ visit: PageVisit, errors: [PageError] = []) async throws -> PageResponse {
        let (name, isFirst) = try await enrolling(visit)
        guard let totp = try await store.enrollingTOTP(in: visit.token) else {
            throw PageDetour(response: .redirect(path("/login", returning: visit.returnPath, visit.token)))
        }
        let hasTOTP = try await store.hasTOTP(name)
        var page = Page(
            isFirst ? "Set up your second factor" : "Add a second factor",
            """
            \(HTML.when(isFirst, """
                <p>Besides your password, you need something that only you have: an app on your telephone, or a passkey.</p>

                """))\(totpSection(totp, name, visit, replaces: hasTOTP, errors))
            \(passkeySection(visit, errors, isFirst: isFirst))
            """)
        page.errors = errors
        page.usesPasskeys = true
        page.formTargets = ReturnPath.formTargets(visit.returnPath)
        page.account = isFirst ? nil : name
        return .page(page)
    }

    /// How to tell an app the secret, and the code that proves it.
    ///
    /// - Parameter replaces: Whether the account has an app already.
    private func totpSection(
        _ totp: TOTP, _ name: String, _ visit: PageVisit, replaces: Bool, _ errors: [PageError]
    ) -> HTML {
        """
        <h2>With an authenticator app</h2>
        \(HTML.when(replaces, "<p class=\"soft\">The app that you have now counts until you confirm the new one.</p>\n"))\
        \(totpSteps(totp, name))
        \(form("/enrolment", visit, attributes: " class=\"whole\"", """
            \(FormField.oneTimeCode("code", "Code", hint: "The six digits that the app shows now.").html(errors))\
            <button>Confirm</button>

            """))
        """
    }

    func totpSteps(_ totp: TOTP, _ name: String) -> HTML {
        let uri = totp.uri(account: name, issuer: configuration.title)
        let code = QRCode.svg(uri, label: "QR code for your authenticator app") ?? ""
        return """
            <p>Scan this code with an authenticator app, such as Aegis, FreeOTP+, 2FAS or Google Authenticator.</p>
            \(code)<details>
            <summary>I cannot scan the code</summary>
            <p>Enter this secret in the app, as a time-based code of six digits:</p>
            <p class="secret">\(Self.grouped(totp.secretText))</p>
            </details>
            """
    }

    private func passkeySection(_ visit: PageVisit, _ errors: [PageError], isFirst: Bool) -> HTML {
        var field = FormField("label", "Name of the passkey")
        (field.hint, field.value, field.maximumLength) = (
            "So that you tell it from others later.", PageText.browser(visit.client.agent), 100
        )
        return """
            <div data-needs-passkeys hidden><p class="divider">or</p>
            <h2>With a passkey</h2>
            <p>A security key, or the lock of this telephone or computer.</p></div>
            \(passkeyForm("/enrolment/passkey", visit, .enrolment, """
                \(field.html(errors))<p class="whole"><button class="secondary">Add a passkey</button></p>

                """))
            <noscript><p class="soft">To use a passkey instead, allow scripts for this page.</p></noscript>
            """
    }

    func enrolTOTP(_ visit: PageVisit) async throws -> PageResponse {
        let (name, isFirst) = try await enrolling(visit)
        let codes: [String]
        do {
            codes = try await store.confirmTOTP(visit.form.text("code"), in: visit.token, by: visit.actor(name))
        } catch let error as IdentityError where error.code == .wrongCode {
            return try await enrolmentPage(visit, errors: [PageError("code", error.message)])
        }
        return try await enrolled(visit, name, codes, isFirst ? .totp : nil)
    }

    func enrolPasskey(_ visit: PageVisit) async throws -> PageResponse {
        let (name, isFirst) = try await enrolling(visit)
        let codes: [String]
        do {
            let credential = try await registration(visit)
            codes = try await store.addPasskey(
                credential, of: name, label: visit.form["label"] ?? "Passkey", by: visit.actor(name))
        } catch let error as IdentityError where error.code == .invalidValue {
            return try await enrolmentPage(visit, errors: [PageError("label", error.message)])
        } catch let error as PageError {
            return try await enrolmentPage(visit, errors: [error])
        }
        return try await enrolled(visit, name, codes, isFirst ? .passkey : nil)
    }

    /// - Parameter method: The one that completes the sign-in; `nil`: it is complete.
    private func enrolled(
        _ visit: PageVisit, _ name: String, _ codes: [String], _ method: SignInMethod?
    ) async throws -> PageResponse {
        let token =
            if let method {
                try await store.completeSession(visit.token, method, visit.client, configuration.sessions)
            } else {
                try await store.renewSession(visit.token)
            }
        guard let token else {
            throw PageDetour(response: .redirect(path("/login", returning: visit.returnPath, visit.token)))
        }
        guard !codes.isEmpty else {
            var response = PageResponse.redirect(Self.prefix + "/account?done=passkey-added")
            response.token = token
            return response
        }
        return recoveryCodesPage(visit, name, codes, token: token)
    }

    // MARK: Recovery codes

    /// Shows new recovery codes, once.
    func recoveryCodesPage(
        _ visit: PageVisit, _ name: String, _ codes: [String], token: SessionToken, errors: [PageError] = []
    ) -> PageResponse {
        let list: HTML =
            codes.isEmpty
            ? "" : "<ul class=\"codes\">\n\(codes.map { "<li>\($0)</li>\n" as HTML })</ul>\n"
        let introduction: HTML =
            codes.isEmpty
            ? "<p>The codes were shown once. If you have not kept them, make new ones on the page of your account.</p>\n"
            : """
            <p>If you lose your second factor, each of these codes lets you in once. They are shown only now: print or copy
            them, and keep them apart from your password.</p>

            """
        let box = FormField.checkbox(
            "kept", "I have kept the recovery codes in a safe place.", isRequired: true)
        var page = Page(
            "Keep your recovery codes",
            """
            \(introduction)\(list)\(form(
                "/enrolment/done", visit, token: token, attributes: " class=\"whole\"", "\(box)<button>Continue</button>\n"))
            """)
        page.errors = errors
        page.formTargets = ReturnPath.formTargets(visit.returnPath)
        var response = PageResponse.page(page)
        response.token = token
        return response
    }

    func confirmRecoveryCodes(_ visit: PageVisit) async throws -> PageResponse {
        guard visit.form.isTicked("kept") else {
            return recoveryCodesPage(
                visit, visit.session?.account ?? "", [], token: visit.token,
                errors: [PageError("kept", "Confirm that you have kept the codes.")])
        }
        return onward(visit, token: nil)
    }

    /// In groups of four, as people copy it.
    static func grouped(_ text: String) -> String {
        let letters = Array(text)
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }
            .joined(separator: " ")
    }
}
