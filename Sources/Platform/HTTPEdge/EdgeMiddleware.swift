public import Hummingbird

/// Everything that surrounds each request, in one step because each further one costs an allocation or two: request
/// id, errors as problems, cross-origin header, log.
public struct EdgeMiddleware: RouterMiddleware {
    public typealias Context = EdgeContext

    private let edge: EdgeServer

    init(_ edge: EdgeServer) {
        self.edge = edge
    }

    public func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let exchange = RequestLog(request.head)
        var response: Response
        do {
            if let limiter = edge.rateLimiter,
                let seconds = limiter.refusal(of: edge.client(request.headers, context).name)
            {
                throw Problem.tooManyRequests(retryAfter: seconds)
            }
            response = try await next(request, context)
        } catch {
            response = edge.response(problem(error, exchange, context).response, for: .server)
        }
        exchange.complete(&response.headers)
        exchange.end(
            response.status, byteCount: response.body.contentLength ?? 0, route: context.route, edge.metrics,
            context.logger)
        return response
    }

    private func problem(_ error: any Error, _ exchange: RequestLog, _ context: EdgeContext) -> Problem {
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
