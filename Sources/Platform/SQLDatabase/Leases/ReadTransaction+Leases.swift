extension ReadTransaction {
    /// All leases that were ever taken, also those that have expired, by name.
    public func leases() throws -> [Lease] {
        try rows("SELECT name, holder, token, expires_at, done_at FROM leases ORDER BY name COLLATE \"C\"")
            .map { try Lease($0) }
    }

    func lease(_ name: String) throws -> Lease? {
        try row("SELECT name, holder, token, expires_at, done_at FROM leases WHERE name = ?", name)
            .map { try Lease($0) }
    }
}
