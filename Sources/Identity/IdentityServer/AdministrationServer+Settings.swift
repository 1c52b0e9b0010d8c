import HTTPEdge
import ServiceModule

extension AdministrationServer.Configuration {
    /// - `restrictedDataNetworks` (strings, default none): Networks from which restricted data can be asked for, such as
    ///   login nodes; without any, all.
    /// - `warningDays` (strings, default 14 and 1): How many days before its end somebody is told that an account ends.
    init(_ settings: Settings) throws {
        self.init()
        if let networks = try settings.strings("restrictedDataNetworks"), !networks.isEmpty {
            restrictedDataNetworks = try settings.checked("restrictedDataNetworks") {
                try IPNetworks(networks.joined(separator: ","))
            }
        }
        if let days = try settings.strings("warningDays") {
            warningDays = try settings.checked("warningDays") {
                try days.map { text in
                    guard let number = Int(text), (1...366).contains(number) else {
                        throw CommandError("'\(text)' is not a whole number of days in 1...366")
                    }
                    return number
                }
            }
        }
    }
}
