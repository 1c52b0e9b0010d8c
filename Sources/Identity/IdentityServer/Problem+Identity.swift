import HTTPEdge
import HTTPTypes
import Identity

extension Problem {
    init(_ error: IdentityError) {
        switch error.code {
        case .noSuchAccount, .noSuchContainer, .noSuchMember, .noSuchToken, .noSuchInvitation, .noSuchDataset,
            .noSuchPasswordReset, .noSuchClient, .noSuchGrant, .noSuchDeviceRequest, .noSuchSession, .noSuchPasskey:
            self.init(.notFound, "NotFound", error.message)
        case .nameTaken: self.init(.conflict, "AlreadyExists", error.message)
        case .lastAdministrator: self.init(.conflict, "LastAdministrator", error.message)
        case .lastFactor: self.init(.conflict, "LastFactor", error.message)
        case .unreadableSecret: self.init(.internalServerError, "UnreadableSecret", error.message)
        case .invalidName, .invalidPassword, .invalidValue, .wrongCode:
            self.init(.badRequest, "Invalid", error.message)
        }
    }
}
