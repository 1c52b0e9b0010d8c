import HTTPEdge
import HTTPTypes
import Identity
import Temporal

/// Somebody who is signed in with two factors and has accepted the terms.
struct SignedIn: Sendable {
    let account: Account
    let session: BrowserSession
    /// When the sign-in was completed.
    let time: Timestamp
}

extension ProviderPages {
    /// How old a sign-in may be for what could lock its owner out, in seconds: an unattended browser must not be enough.
    private static let recentSeconds: Int64 = 900

    /// Who is signed in.
    ///
    /// - Parameter path: Where to return to after what is missing; `nil`: to the requested page.
    /// - Throws: `PageDetour` to the page of what is missing.
    func signedIn(_ visit: PageVisit, returning path: String? = nil) async throws -> SignedIn {
        let requested = visit.request.head.method == .get ? visit.request.head.path : nil
        let target = (path ?? requested).flatMap(ReturnPath.checked) ?? Self.prefix + "/account"
        func detour(_ page: String) -> PageDetour {
            PageDetour(response: .redirect(self.path(page, returning: target, visit.token)))
        }
        guard let session = visit.session, let name = session.account, let account = try await store.account(name)
        else { throw detour("/login") }
        guard session.step == .complete, let time = session.authentication else {
            throw detour(try await store.hasSecondFactor(name) ? "/login/factor" : "/enrolment")
        }
        if let terms = configuration.terms, try await !store.hasAcceptedTerms(terms.version, name) {
            throw detour("/terms")
        }
        return SignedIn(account: account, session: session, time: time)
    }

    /// - Throws: `PageDetour`, also to a new sign-in when the last one is too long ago.
    func recentlySignedIn(_ visit: PageVisit, returning path: String? = nil) async throws -> SignedIn {
        let signedIn = try await signedIn(visit, returning: path)
        let age = try await store.now().microseconds - signedIn.time.microseconds
        guard age < Self.recentSeconds * 1_000_000 else {
            throw signInAgain(visit, returning: path ?? Self.prefix + "/account")
        }
        return signedIn
    }

    /// To a new sign-in of somebody who is signed in.
    func signInAgain(_ visit: PageVisit, returning path: String) -> PageDetour {
        PageDetour(response: .redirect(self.path("/login?again=1", returning: path, visit.token)))
    }

    /// After a sign-in or enrolment.
    ///
    /// - Parameter token: Of the session from now on.
    func onward(_ visit: PageVisit, token: SessionToken?) -> PageResponse {
        var response = PageResponse.redirect(visit.returnPath ?? Self.prefix + "/account")
        response.token = token
        return response
    }

    /// To a page that returns where this one would, with the session's new token.
    func onward(to path: String, _ visit: PageVisit, token: SessionToken) -> PageResponse {
        var response = PageResponse.redirect(self.path(path, returning: visit.returnPath, token))
        response.token = token
        return response
    }

    static func sentence(about state: Account.State) -> String {
        switch state {
        case .ended: "Your account has ended. Ask your sponsor or the platform's administrators."
        default: "Your account is disabled. Ask the platform's administrators."
        }
    }
}
