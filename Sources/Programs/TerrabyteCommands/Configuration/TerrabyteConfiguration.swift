import HTTPEdge
import Logging
import STACServer

/// All that can be set in the configuration file, in the environment or by options of commands.
struct TerrabyteConfiguration: Sendable {
    /// The directory of the catalogue.
    var home = "terrabyte-home"
    /// `nil`: nobody may write over HTTP. Secret.
    var operatorToken: String?
    var logLevel = Logger.Level.notice
    /// Memory for Items that are asked for again and again.
    var cacheByteCount = 64 << 20
    /// How much of the index's files a server reads when it starts; not more than half of the memory that it can have.
    var warmUpByteCount = 2 << 30
    /// `nil`: no exports beside the server.
    var export: ExportConfiguration?
    var edge = EdgeConfiguration()
    var api = STACServer.Configuration()
}
