import ArgumentParser
import Testing

@testable import CatalogueHosting
@testable import TerrabyteCommands

@Suite("Help") struct HelpTests {
    private static let common = """
        OPTIONS:
          --home <dir>            Directory of the catalogue (default: $TERRABYTE_HOME,
                                  else ./terrabyte-home).
          --config <file>         Configuration file, in JSON (default: terrabyte.json
                                  in the directory of the catalogue).
          --database <url>        PostgreSQL database of the catalogue, postgresql://…
                                  (default: $TERRABYTE_DATABASE, else SQLite in the
                                  directory).
        """

    @Test("names all commands")
    func all() {
        #expect(
            Terrabyte.helpMessage(columns: 80) == """
                OVERVIEW: An open Earth-observation data platform.

                USAGE: terrabyte <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  serve                   Run the platform's services, until SIGINT or SIGTERM.
                  config                  Show the value of every setting, and where it is from.
                  collections             Create, show and delete Collections.
                  items                   Load, show and delete Items.
                  status                  Show the content and the state of the catalogue.
                  verify                  Check that the catalogue is sound; the exit code is 1
                                          when it is not.
                  reindex                 Rebuild the search index.
                  backup                  Copy a snapshot of the catalogue into another
                                          directory.
                  restore                 Make a catalogue of a backup.
                  copy                    Copy a catalogue into another, such as from SQLite to
                                          PostgreSQL.
                  users                   Add, invite, show, change and delete accounts.
                  containers              Add, list and delete containers, and change their
                                          members.
                  tokens                  Make, list and revoke the API tokens of accounts.
                  clients                 Register, list, show and delete programs that sign in.
                  keys                    List and replace the keys that sign tokens.
                  audit                   Show who did what to accounts and containers, the
                                          newest first.
                  export                  Write the catalogue as GeoParquet files, a folder for
                                          each Collection.
                  demo                    Fill the catalogue with some 20,000 synthetic Items,
                                          always the same.

                  See 'terrabyte help <subcommand>' for detailed help.
                """)
    }

    @Test("explains how to serve")
    func serve() {
        #expect(
            Terrabyte.helpMessage(for: ServeCommand<TerrabyteServices>.self, columns: 80) == """
                OVERVIEW: Run the platform's services, until SIGINT or SIGTERM.

                Writing over HTTP needs the operator token: "operatorToken" in the
                configuration file, or TERRABYTE_OPERATOR_TOKEN in the environment.

                Services:
                  catalogue (with others): Stores Collections and Items, with their index.
                  database (with others): Stores what services must not forget.
                  mail (with others): Hands mail to the configured server.
                  identity (with others): Knows people, containers and their members.
                  auth (with others): Signs people and programs in (OpenID Connect).
                  administration (with others): Manages people and containers over HTTP.
                  stac: The STAC API.
                  private-stac (with others): The STAC API of users' own and shared
                Collections.
                  export: Writes the catalogue as GeoParquet files periodically.

                USAGE: terrabyte serve [--home <dir>] [--config <file>] [--database <url>] [--host <host>] [--port <port>] [--services <names>] [--read-only] [--create]

                \(Self.common)
                  --host <host>           Address to listen on (default: 127.0.0.1).
                  --port <port>           Port to listen on; 0: any free one (default: 8080).
                  --services <names>      Services to run, with commas between (default: all).
                  --read-only             Only read: nothing is written to the directory of the
                                          catalogue, and no writes are taken.
                  --create                Begin an empty catalogue where there is none.
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }

    @Test("explains what the status is")
    func status() {
        #expect(
            Terrabyte.helpMessage(for: StatusCommand.self, columns: 80) == """
                OVERVIEW: Show the content and the state of the catalogue.

                Of a catalogue in PostgreSQL, also the servers that use it, on all machines.

                USAGE: terrabyte status [--home <dir>] [--config <file>] [--database <url>]

                \(Self.common)
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }

    @Test("explains how to load")
    func load() {
        #expect(
            Terrabyte.helpMessage(for: LoadItems.self, columns: 80) == """
                OVERVIEW: Load Items from files into Collections.

                Reads NDJSON, FeatureCollections, arrays and single Items, plain or compressed
                with gzip or zstd, GeoParquet, folders of such files, and - for standard input.
                Invalid Items are skipped and reported one by one on standard error, with file,
                line or row, path and reason; the exit code is then 2. A server on the same
                catalogue may run meanwhile. A load that is interrupted (exit code 130) or
                fails says what it has stored; to go on, load the same files again.

                The folder of an export is loaded as it is, without --collection: its
                Collections are created where they do not exist, each with its Items.

                USAGE: terrabyte items load [--home <dir>] [--config <file>] [--database <url>] [--collection <id>] [--collection-from-items] [--create-collection] [--migrate] [--on-conflict <policy>] [--max-rejects <count>] <file> ...

                ARGUMENTS:
                  <file>                  Files and folders; -: standard input.

                \(Self.common)
                  --collection <id>       Id of the Collection.
                  --collection-from-items Load each Item into the Collection that its member
                                          collection names.
                  --create-collection     Create Collections that do not exist, with only their
                                          ids.
                  --migrate               Migrate Items of STAC 0.8 to 1.0.0-rc to 1.1.0, as
                                          pystac does.
                  --on-conflict <policy>  How to treat an Item whose id exists. (values:
                                          replace, skip, fail; default: replace)
                  --max-rejects <count>   Stop after so many rejected Items. (default: 1000)
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }
}
