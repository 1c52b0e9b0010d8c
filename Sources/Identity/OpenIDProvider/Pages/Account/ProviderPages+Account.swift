import HTTPEdge
extension ProviderPages {
    func addAccountRoutes(to routes: inout RouteGroup) {}
}
