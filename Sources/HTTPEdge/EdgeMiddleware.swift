import HTTPTypes
public import Hummingbird
import Logging

/// Everything that surrounds each request, in one step because each further one costs an allocation or two: request
/// id, errors as problems, cross-origin header, log.
public struct EdgeMiddleware: RouterMiddleware {
    public typealias Context = EdgeContext

    public init() {}

    public func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = usableRequestID(request.headers[.requestID]) ?? RequestID().description
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = Self.problem(error, request, context).response
        }
        response.headers.append(HTTPField(name: .requestID, value: context.requestID))
        // All that can be read here without a token is public; browsers send none of their own accord.
        response.headers.append(HTTPField(name: .accessControlAllowOrigin, value: "*"))
        if request.headers.contains(.origin) {
            response.headers.append(HTTPField(name: .accessControlExposeHeaders, value: "ETag, Location, X-Request-Id"))
        }
        Self.log(request, response, context, start)
        return response
    }

    private static func problem(_ error: any Error, _ request: Request, _ context: EdgeContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as HTTPError where error.status == .notFound: return .notFound
        case let error as HTTPError:
            return Problem(error.status, "RequestRefused", error.body ?? error.status.reasonPhrase)
        case is CancellationError: return .timedOut
        default:
            context.logger.error(
                "Request failed",
                metadata: [
                    "request.id": "\(context.requestID)", "http.method": "\(request.method)",
                    "http.route": "\(context.route)", "error": "\(String(reflecting: error))",
                ])
            return .internalError
        }
    }

    private static func log(
        _ request: Request, _ response: Response, _ context: EdgeContext, _ start: ContinuousClock.Instant
    ) {
        context.logger.info(
            "Request",
            metadata: [
                "request.id": "\(context.requestID)", "http.method": "\(request.method)",
                "http.route": "\(context.route)", "http.status": .stringConvertible(response.status.code),
                "http.duration_us": .stringConvertible(Int((ContinuousClock.now - start) / .microseconds(1))),
                "http.bytes": .stringConvertible(response.body.contentLength ?? 0),
            ])
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
}
