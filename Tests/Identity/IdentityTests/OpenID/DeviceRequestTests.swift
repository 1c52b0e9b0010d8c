import Access
import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Device requests") struct DeviceRequestTests {
    private func request(
        _ store: IdentityStore, challenge: String? = ProofKey.challenge(of: CodeRequest.sampleVerifier)
    ) async throws -> DeviceCodes {
        try #require(
            try await store.makeDeviceRequest(
                .reusing, scopes: OAuthClient.reusing.scopes, challenge: challenge, address: "192.0.2.7",
                userAgent: "python-requests/2.32"))
    }

    private func poll(
        _ store: IdentityStore, _ codes: DeviceCodes, _ client: OAuthClient = .reusing,
        verifier: String? = CodeRequest.sampleVerifier
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        try await store.redeemDeviceCode(
            codes.deviceCode, client: client, verifier: verifier, TokenLifetimes(), address: "192.0.2.7")
    }

    private func find(_ store: IdentityStore, _ codes: DeviceCodes) async throws -> DeviceRequest {
        guard case .found(let request) = try await store.deviceRequest(userCode: "\(codes.userCode)", address: nil)
        else { throw IdentityError(.noSuchDeviceRequest, "not found") }
        return request
    }

    @Test("give tokens once, when their user has approved", arguments: DatabaseKind.tested)
    func approval(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let codes = try await request(store)
            #expect(try await poll(store, codes).failure == .pending)
            let found = try await find(store, codes)
            #expect(found.client == "de.lrz.terrabyte.stac")
            #expect(found.address == "192.0.2.7")
            #expect(found.userAgent == "python-requests/2.32")
            #expect(try await store.deviceRequest(found.id) == found)
            try await store.decideDevice(found.id, approve: true, store.authentication("ada"), address: nil)
            #expect(try await store.deviceRequest(found.id) == nil)
            // At once, although it is early.
            let basis = try await poll(store, codes).get()
            #expect(basis.account.name == "ada" && basis.isRefreshable)
            #expect(try await store.grants(of: "ada").count == 1)
            #expect(try await poll(store, codes).failure == .replayed)
            #expect(try await store.grants(of: "ada").isEmpty)
            #expect(try await store.outcomes(.deviceApproved) == [.success])
        }
    }

    @Test("are redeemed by one of many at the same time", arguments: DatabaseKind.tested)
    func parallel(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let codes = try await request(store)
            try await store.decideDevice(
                find(store, codes).id, approve: true, store.authentication("ada"), address: nil)
            let count = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 { group.addTask { try await poll(store, codes).failure == nil } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(count == 1)
            #expect(try await store.count("identity_grants") == 1)
        }
    }

    @Test("are decided once", arguments: DatabaseKind.tested)
    func decision(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let codes = try await request(store)
            let found = try await find(store, codes)
            try await store.decideDevice(found.id, approve: false, store.authentication("ada"), address: nil)
            #expect(
                try await code {
                    try await store.decideDevice(found.id, approve: true, store.authentication("ada"), address: nil)
                } == .noSuchDeviceRequest)
            #expect(try await store.deviceRequest(userCode: "\(codes.userCode)", address: nil) == .wrong)
            #expect(try await poll(store, codes).failure == .denied)
            #expect(try await poll(store, codes).failure == .replayed)
            #expect(
                try await code {
                    try await store.decideDevice("1", approve: true, store.authentication("ada"), address: nil)
                } == .noSuchDeviceRequest)
            #expect(try await store.count("identity_grants") == 0)
        }
    }

    @Test("are bound to client and verifier", arguments: DatabaseKind.tested)
    func bindings(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let codes = try await request(store)
            try await store.decideDevice(
                find(store, codes).id, approve: true, store.authentication("ada"), address: nil)
            #expect(try await poll(store, codes, .rotating).failure == .invalid)
            #expect(try await poll(store, codes, verifier: nil).failure == .wrongVerifier)
            #expect(
                try await poll(store, codes, verifier: String(repeating: "x", count: 43)).failure == .wrongVerifier)
            #expect(try await store.outcomes(.grantRefused).count == 3)
            #expect(try await poll(store, codes).failure == nil)
            let plain = try await request(store, challenge: nil)
            #expect(try await poll(store, plain).failure == .wrongVerifier)
            #expect(try await poll(store, plain, verifier: nil).failure == .pending)
        }
    }

    @Test("end after ten minutes, and with the account", arguments: DatabaseKind.tested)
    func ends(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let codes = try await request(store)
            let found = try await find(store, codes)
            #expect(found.expiry.microseconds - found.creation.microseconds == 600_000_000)
            try await store.decideDevice(found.id, approve: true, store.authentication("ada"), address: nil)
            for _ in 0..<5 { _ = try await store.checkPassword("wrong horse", of: "ada", address: nil) }
            try await store.ageAttempts(by: -60)
            #expect(try await poll(store, codes).failure == .account(.locked))
            let old = try await request(store)
            let past = try await store.time(after: -1)
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_device_requests SET expires_at = ?", past)
            }
            #expect(try await poll(store, old).failure == .expired)
            #expect(try await store.deviceRequest(userCode: "\(old.userCode)", address: nil) == .wrong)
        }
    }

    @Test("slow down who asks too often, and not for ever", arguments: DatabaseKind.tested)
    func slowDown(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let codes = try await request(store)
            func setPoll(secondsAgo seconds: Int64) async throws {
                let time = try await store.time(after: -seconds)
                try await store.database.write {
                    _ = try $0.execute("UPDATE identity_device_requests SET polled_at = ?", time)
                }
            }
            #expect(try await poll(store, codes).failure == .pending)
            // In the future, so that it is too early, however slow the machine is.
            try await setPoll(secondsAgo: -600)
            #expect(try await poll(store, codes).failure == .slowDown)
            try await setPoll(secondsAgo: 10)
            #expect(try await poll(store, codes).failure == .pending)
        }
    }

    @Test("are polled as the standard has it") func polling() {
        func time(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }
        func areInTime(_ polls: [Int64]) -> [Bool] { polls.map { polling.poll(at: time($0)) } }
        var polling = DevicePolling()
        // In time: never slowed down, however often.
        let punctual = areInTime((0..<100).map { $0 * 5 })
        #expect(!punctual.contains(false))
        #expect(polling.interval == 5)
        // One poll too early, and then 5 s more.
        let slowedDown = areInTime((0...100).map { 496 + $0 * 10 })
        #expect(slowedDown.count { !$0 } == 1)
        #expect(slowedDown.first == false)
        #expect(polling.interval == 10)
        // One that does not listen gets answers all the same.
        polling = DevicePolling()
        let impatient = areInTime(Array(0..<200))
        #expect(impatient.count { $0 } >= 3)
        #expect(polling.interval == DevicePolling.longestInterval)
    }

    @Test("have codes that people can type") func userCodes() {
        let codes = Set((0..<1_000).map { _ in "\(UserCode())" })
        #expect(codes.count == 1_000)
        for code in codes {
            #expect(code.utf8.count == 9)
            #expect(UserCode(code)?.description == code)
        }
        for text in ["wdjb-mjht", " WDJB MJHT ", "wdjbmjht", "WDJB–MJHT", "w d j b.m j h t", "WDJB-MJHT\n"] {
            #expect(UserCode(text)?.description == "WDJB-MJHT")
        }
        for text in ["", "WDJB-MJH", "WDJB-MJHTT", "WDJB-MJHA", "WDJB-MJH1", "ẄDJB-MJHT"] {
            #expect(UserCode(text) == nil)
        }
    }

    @Test("cannot be guessed, from one address or many", arguments: DatabaseKind.tested)
    func guessing(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let codes = try await request(store)
            func check(_ code: String, _ address: String) async throws -> UserCodeCheck {
                try await store.deviceRequest(userCode: code, address: address)
            }
            for _ in 0..<GuessLimit.userCodes.perAddress {
                #expect(try await check("BBBB-BBBB", "2001:db8::1") == .wrong)
                // Being right does not reset it.
                guard case .found = try await check("\(codes.userCode)", "192.0.2.1") else {
                    Issue.record("another address is limited, too")
                    return
                }
            }
            // The same network.
            guard case .limited(let end) = try await check("\(codes.userCode)", "2001:db8::2") else {
                Issue.record("guessing is not limited")
                return
            }
            let now = try await store.now()
            #expect(end > now)
            #expect(try await store.outcomes(.userCodeChecked).first == .locked)
            _ = try await check("BBBB-BBBB", "2001:db8::1")
            #expect(
                try await store.outcomes(.userCodeChecked).count == GuessLimit.userCodes.perAddress + 1)
            guard case .found = try await check("\(codes.userCode)", "192.0.2.1") else {
                Issue.record("another address is limited, too")
                return
            }
            try await store.database.write { transaction in
                _ = try transaction.execute(
                    "UPDATE identity_guesses SET guess_count = ? WHERE name = 'user-code'", GuessLimit.userCodes.total)
            }
            guard case .limited = try await check("\(codes.userCode)", "198.51.100.1") else {
                Issue.record("guessing from many addresses is not limited")
                return
            }
            // The next ten minutes.
            try await store.database.write { transaction in
                _ = try transaction.execute("UPDATE identity_guesses SET window_number = window_number - 1")
            }
            guard case .found = try await check("\(codes.userCode)", "2001:db8::1") else {
                Issue.record("guessing is limited for ever")
                return
            }
        }
    }

    @Test("are not made without end", arguments: DatabaseKind.tested)
    func limit(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            _ = try await request(store)
            try await store.database.write { transaction in
                _ = try transaction.execute(
                    "UPDATE identity_guesses SET guess_count = ? WHERE name <> 'device-request'",
                    GuessLimit.deviceRequests.perAddress)
            }
            #expect(
                try await store.makeDeviceRequest(
                    .reusing, scopes: [], challenge: nil, address: "192.0.2.7", userAgent: nil) == nil)
            #expect(
                try await store.makeDeviceRequest(
                    .reusing, scopes: [], challenge: nil, address: "192.0.2.8", userAgent: nil) != nil)
        }
    }

    @Test(
        "count addresses by network",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2:3:4:5:6"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ])
    func networks(address: String, same: String) {
        #expect(GuessLimit.network(of: address) == GuessLimit.network(of: same))
        #expect(GuessLimit.network(of: "2001:db8:1:2::") != GuessLimit.network(of: "2001:db8:1:3::"))
        #expect(GuessLimit.network(of: nil) == "unknown")
    }
}
