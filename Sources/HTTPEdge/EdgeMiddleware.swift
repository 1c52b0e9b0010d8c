public import Hummingbird

/// Everything that surrounds each request, in one step because each further one costs an allocation or two: request
/// id, errors as problems, cross-origin header, log.
public struct EdgeMiddleware: RouterMiddleware {
    public typealias Context = EdgeContext

    public init() {}

    public func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let exchange = EdgeExchange(request.head)
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = problem(error, exchange, context).answer.response
        }
        exchange.complete(&response.headers)
        exchange.log(
            response.status, byteCount: response.body.contentLength ?? 0, route: context.route, to: context.logger)
        return response
    }

    private func problem(_ error: any Error, _ exchange: EdgeExchange, _ context: EdgeContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError where error.status == .notFound: return .notFound
        case let error as HTTPError:
            return Problem(error.status, "RequestRefused", error.body ?? error.status.reasonPhrase)
        case is CancellationError: return .timedOut
        default:
            exchange.log(error, route: context.route, to: context.logger)
            return .internalError
        }
    }
}
