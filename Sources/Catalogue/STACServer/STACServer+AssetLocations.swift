import HTTPEdge
import HTTPTypes
import JSON
import NIOCore

extension STACServer {
    /// The parameter of queries and of search bodies that selects the location of assets' hrefs.
    static let assetLocationParameter = "asset-location"

    /// The rewriting of assets' hrefs in a request's response: by the query, else by its network or the
    /// configuration does.
    ///
    /// - Returns: `nil`: nothing.
    func assets(for request: EdgeRequest) throws -> AssetRewriting? {
        guard !configuration.assetLocations.names.isEmpty else { return nil }
        if let query = request.query, query.contains(Self.assetLocationParameter),
            let pair = try QueryPair.pairs(in: query).last(where: { $0.name == Self.assetLocationParameter })
        {
            return try assets(named: pair.value)
        }
        var name = configuration.assetLocation
        if !configuration.assetNetworks.isEmpty,
            let address = edge.configuration.trustedProxies.client(request.head.headerFields, peer: request.peer)
        {
            name = configuration.assetNetworks.first { $0.networks.contains(address) }?.location ?? name
        }
        return AssetRewriting(locations: configuration.assetLocations, name: name)
    }

    /// The same, after a search's body.
    func request(_ request: STACRequest, withAssetsOf body: JSONObject) throws -> STACRequest {
        guard !configuration.assetLocations.names.isEmpty, let value = body[Self.assetLocationParameter], !value.isNull
        else { return request }
        guard let name = value.string else { throw InvalidParameter(Self.assetLocationParameter, "must be a string") }
        var request = request
        request.assets = try assets(named: name)
        return request
    }

    private func assets(named name: String) throws(InvalidParameter) -> AssetRewriting? {
        if name == AssetLocations.stored { return nil }
        let names = configuration.assetLocations.names
        guard names.contains(name) else {
            let known = ([AssetLocations.stored] + names.sorted()).joined(separator: ", ")
            throw InvalidParameter(Self.assetLocationParameter, "must be one of \(known)")
        }
        return AssetRewriting(locations: configuration.assetLocations, name: name)
    }
}
