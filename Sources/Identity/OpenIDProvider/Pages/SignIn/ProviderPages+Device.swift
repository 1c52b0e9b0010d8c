import HTTPEdge
import Identity

/// The browser's part of the device grant.
///
/// Source: [RFC 8628, sections 3.3 and 5.4](https://www.rfc-editor.org/rfc/rfc8628#section-3.3).
extension ProviderPages {
    func addDeviceRoutes(to routes: inout RouteGroup) {
        show("/device", "getDevice", "Enter the code of a device", in: &routes) { visit in
            let signedIn = try await signedIn(visit)
            guard let code = visit.query["user_code"] else {
                return codePage(visit, signedIn)
            }
            return try await confirmationPage(visit, signedIn, code)
        }
        take("/device", "postDevice", "Look for a code", in: &routes) { visit in
            let code = visit.form.text("user_code")
            let path =
                Self.prefix + "/device" + (code.isEmpty ? "" : "?user_code=" + percentEncoded(String(code.prefix(100))))
            let signedIn = try await signedIn(visit, returning: path)
            guard !code.isEmpty else {
                return codePage(visit, signedIn, errors: [PageError("user_code", "Enter the code.")])
            }
            return try await confirmationPage(visit, signedIn, code)
        }
        take("/device/decision", "postDeviceDecision", "Approve or deny a device", in: &routes) {
            try await decide($0)
        }
    }

    private func codePage(
        _ visit: PageVisit, _ signedIn: SignedIn, errors: [PageError] = [], code: String = ""
    ) -> PageResponse {
        var field = FormField("user_code", "Code")
        (field.isCode, field.isFocused, field.maximumLength, field.value) = (true, true, 40, code)
        field.hint = "The program shows it, such as WDJB-MJHT."
        var page = Page(
            "Sign in a program",
            """
            <p>Enter the code that the program on your other device shows.</p>
            \(form("/device", visit, attributes: " class=\"whole\"", "\(field.html(errors))<button>Continue</button>\n"))
            """)
        page.errors = errors
        page.account = signedIn.account.name
        return .page(page)
    }

    /// Always asked, also of who comes with the code in the address: the link may be somebody else's.
    private func confirmationPage(
        _ visit: PageVisit, _ signedIn: SignedIn, _ code: String
    ) async throws -> PageResponse {
        let check = try await store.deviceRequest(
            userCode: code, address: visit.client.address, account: signedIn.account.name)
        let request: DeviceRequest
        switch check {
        case .found(let found): request = found
        case .wrong:
            return codePage(
                visit, signedIn,
                errors: [PageError("user_code", "There is no such code, or it has ended. Codes last 10 minutes.")],
                code: String(code.prefix(40)))
        case .limited(let end):
            return codePage(
                visit, signedIn, errors: [PageError("user_code", PageText.lock(until: end, now: try await store.now()))]
            )
        }
        let title = try await store.client(request.client)?.title ?? request.client
        let rights = ScopeText.sentences(request.scopes, for: signedIn.account).map { "<li>\($0)</li>\n" as HTML }
        let agent: HTML = request.userAgent.map { "<dt>Program</dt><dd>\($0)</dd>\n" } ?? ""
        var page = Page(
            "Is this your program?",
            """
            <p><strong>\(title)</strong> wants to sign in as <strong>\(signedIn.account.name)</strong>.</p>
            <p>Compare the code with the one that your program shows:</p>
            <p class="compare">\(UserCode(code)?.description ?? "")</p>
            <dl>
            <dt>Asked from</dt><dd>\(request.address ?? "an unknown address")</dd>
            <dt>At</dt><dd>\(PageText.time(request.creation))</dd>
            \(agent)</dl>
            <h2>It will be able to</h2>
            <ul>
            \(rights)</ul>
            <p class="soft">If somebody has sent you a link or a code, deny: they would act in your name.</p>
            \(form("/device/decision", visit, hidden: [("request", request.id)], """
                <div class="actions">
                <button name="decision" value="approve">Approve</button>
                <button class="secondary" name="decision" value="deny">Deny</button>
                </div>

                """))
            """)
        page.account = signedIn.account.name
        return .page(page)
    }

    private func decide(_ visit: PageVisit) async throws -> PageResponse {
        let signedIn = try await signedIn(visit, returning: Self.prefix + "/device")
        let isApproved = visit.form["decision"] == "approve"
        do {
            try await store.decideDevice(
                visit.form.text("request"), approve: isApproved,
                Identity.Authentication(
                    signedIn.account.name, methods: signedIn.session.authenticationMethods, at: signedIn.time),
                address: visit.client.address)
        } catch let error as IdentityError where error.code == .noSuchDeviceRequest {
            return codePage(visit, signedIn, errors: [PageError("user_code", error.message)])
        }
        var page =
            isApproved
            ? Page("You are signed in", "<p>Go back to your program. You can close this page.</p>\n")
            : Page("Denied", "<p>The program does not get access. You can close this page.</p>\n")
        page.body += "<p><a href=\"\(Self.prefix)/account\">Your account</a> shows all programs that act for you.</p>"
        page.account = signedIn.account.name
        return .page(page)
    }
}
