import ArgumentParser
import Testing

@testable import TerrabyteCommands

@Suite("Help") struct HelpTests {
    private static let common = """
        OPTIONS:
          --home <dir>            Directory of the catalogue (default: $TERRABYTE_HOME,
                                  else ./terrabyte-home).
          --config <file>         Configuration file, in JSON (default: terrabyte.json
                                  in the directory of the catalogue).
        """

    @Test("names all commands")
    func all() {
        #expect(
            Terrabyte.helpMessage(columns: 80) == """
                OVERVIEW: Keeps and serves a catalogue of Earth-observation data.

                USAGE: terrabyte <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  collections             Create, show and delete Collections.
                  items                   Load, show and delete Items.
                  serve                   Serve the catalogue over HTTP, until SIGINT or
                                          SIGTERM.
                  status                  Show what is in the catalogue, and how it is doing.
                  verify                  Check that the catalogue is sound; the exit code is 1
                                          when it is not.
                  reindex                 Build the search index anew.
                  backup                  Copy the catalogue, as it is at one moment, into
                                          another directory.
                  export                  Write the catalogue as GeoParquet files, a folder for
                                          each Collection.
                  demo                    Fill the catalogue with some 20,000 made-up Items,
                                          always the same.

                  See 'terrabyte help <subcommand>' for detailed help.
                """)
    }

    @Test("explains how to serve")
    func serve() {
        #expect(
            Terrabyte.helpMessage(for: ServeCommand.self, columns: 80) == """
                OVERVIEW: Serve the catalogue over HTTP, until SIGINT or SIGTERM.

                Writing over HTTP needs the operator token: "operatorToken" in the
                configuration file, or TERRABYTE_OPERATOR_TOKEN in the environment.

                USAGE: terrabyte serve [--home <dir>] [--config <file>] [--host <host>] [--port <port>]

                \(Self.common)
                  --host <host>           Address to listen on (default: 127.0.0.1).
                  --port <port>           Port to listen on; 0: any free one (default: 8080).
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }

    @Test("explains how to load")
    func load() {
        #expect(
            Terrabyte.helpMessage(for: LoadItems.self, columns: 80) == """
                OVERVIEW: Load Items from files into a Collection.

                Takes NDJSON, FeatureCollections, arrays and single Items, plain or packed with
                gzip or zstd, GeoParquet, folders of such files, and - for standard input.
                Items that are not valid are left out and reported one by one on standard
                error, with file, line or row, path and reason; the exit code is 2 then. A
                server on the same catalogue may run meanwhile.

                USAGE: terrabyte items load [--home <dir>] [--config <file>] --collection <id> [--create-collection] [--on-conflict <policy>] <file> ...

                ARGUMENTS:
                  <file>                  Files and folders; -: standard input.

                \(Self.common)
                  --collection <id>       Id of the Collection.
                  --create-collection     Create the Collection, with nothing but its id, when
                                          there is none.
                  --on-conflict <policy>  What to do with an Item whose id is taken. (values:
                                          replace, skip, fail; default: replace)
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }
}
