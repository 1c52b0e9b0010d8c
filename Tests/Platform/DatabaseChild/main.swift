import Logging
import SQLDatabase

// Brings the tables of a service up to date and says how many steps it has applied, for tests with several processes.
//
// Usage: DatabaseChild DATABASE

let location = try DatabaseLocation(CommandLine.arguments[1])
let database = Database(
    DatabaseConfiguration(location), logger: Logger(label: "child") { _ in SwiftLogNoOpLogHandler() })
let steps = (1...20).map { Migrations.Step("step \($0)", "CREATE TABLE child_\($0) (id BIGINT PRIMARY KEY)") }
print(try database.migrate(Migrations("child", steps)))
database.close()
