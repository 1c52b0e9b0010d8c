import Access
import DatabaseTestKit
import HTTPTypes
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Device endpoint") struct DeviceEndpointTests {
    private static let client = "de.lrz.terrabyte.stac"

    private func begin(_ provider: TestProvider, challenge: Bool = true) async throws -> TestProvider.Response {
        // As the existing client sends it.
        try await provider.post(
            "/auth/device_authorization",
            challenge
                ? [
                    "client_id": Self.client, "scope": "offline_access openid",
                    "code_challenge": TestProvider.challenge, "code_challenge_method": "S256",
                ] : ["client_id": Self.client, "scope": "offline_access openid"], headers: [.userAgent: "python"])
    }

    private func poll(
        _ provider: TestProvider, _ code: String, _ client: String = Self.client,
        verifier: String = TestProvider.verifier
    ) async throws -> TestProvider.Response {
        try await provider.post(
            "/auth/token",
            [
                "grant_type": TestProvider.device, "client_id": client, "device_code": code, "code_verifier": verifier,
            ])
    }

    @Test("signs a device in that a person approves", arguments: DatabaseKind.tested)
    func flow(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let begun = try await begin(provider)
            #expect(begun.status == 200 && begun.json["expires_in"] == 600 && begun.json["interval"] == 5)
            let (deviceCode, userCode) = (try #require(begun["device_code"]), try #require(begun["user_code"]))
            #expect(deviceCode.utf8.count >= 26)
            #expect(begun["verification_uri"] == "https://terrabyte.example/auth/device")
            #expect(
                begun["verification_uri_complete"] == "https://terrabyte.example/auth/device?user_code=\(userCode)")
            let pending = try await poll(provider, deviceCode)
            #expect(pending.status == 400 && pending.error == "authorization_pending")
            // In the future, so that the next one is too early, however slow the machine is.
            let future = Timestamp(microseconds: try await provider.store.now().microseconds + 600_000_000)
            try await provider.store.database.write { transaction in
                _ = try transaction.execute("UPDATE identity_device_requests SET polled_at = ?", future)
            }
            #expect(try await poll(provider, deviceCode).error == "slow_down")
            guard case .found(let request) = try await provider.store.deviceRequest(userCode: userCode, address: nil)
            else {
                Issue.record("the user code is not found")
                return
            }
            #expect(request.userAgent == "python")
            try await provider.store.decideDevice(
                request.id, approve: true,
                Authentication("ada", methods: ["pwd", "otp"], at: try await provider.store.now()), address: nil)
            let tokens = try await poll(provider, deviceCode)
            #expect(tokens.status == 200 && tokens["access_token"] != nil && tokens["id_token"] != nil)
            let refreshToken = try #require(tokens["refresh_token"])
            #expect(try await provider.refresh(refreshToken, Self.client)["refresh_token"] == refreshToken)
            // The code was used; what it gave is withdrawn.
            #expect(try await poll(provider, deviceCode).error == "invalid_grant")
            #expect(try await provider.refresh(refreshToken, Self.client).error == "invalid_grant")
        }
    }

    @Test("refuses codes that are refused, unknown, of another client, or without their verifier")
    func refusals() async throws {
        try await withProvider { provider in
            try await provider.addPerson("ada")
            let begun = try await begin(provider)
            let code = try #require(begun["device_code"])
            #expect(try await poll(provider, code, "openeo-python").error == "invalid_grant")
            #expect(try await poll(provider, code, verifier: "").error == "invalid_grant")
            #expect(try await poll(provider, code, "terrabyte-portal").error == "unauthorized_client")
            #expect(try await poll(provider, "x").error == "invalid_grant")
            #expect(try await provider.outcomes(.grantRefused) == [.failure, .failure, .failure])
            guard
                case .found(let request) = try await provider.store.deviceRequest(
                    userCode: try #require(begun["user_code"]).lowercased(), address: nil)
            else {
                Issue.record("the user code is not found")
                return
            }
            try await provider.store.decideDevice(
                request.id, approve: false, Authentication("ada", methods: [], at: try await provider.store.now()),
                address: nil)
            #expect(try await poll(provider, code).error == "access_denied")
            let plain = try #require(try await begin(provider, challenge: false)["device_code"])
            #expect(try await poll(provider, plain, verifier: "").error == "authorization_pending")
            #expect(try await poll(provider, plain).error == "invalid_grant")
        }
    }

    @Test(
        "takes challenges of the method S256 only",
        arguments: [
            ("", "S256"), (TestProvider.challenge, ""), (TestProvider.challenge, "plain"), ("short", "S256"),
            (TestProvider.challenge + "=", "S256"),
        ])
    func challenges(challenge: String, method: String) async throws {
        try await withProvider { provider in
            let response = try await provider.post(
                "/auth/device_authorization",
                ["client_id": Self.client, "code_challenge": challenge, "code_challenge_method": method])
            #expect(response.error == "invalid_request")
        }
    }
}
