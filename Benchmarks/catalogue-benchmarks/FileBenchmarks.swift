import Catalogue
import CatalogueExport
import ItemFileSearch
import STACAPI
import STACGeoParquet

/// Exports a catalogue as GeoParquet files in each layout, then runs the catalogue's queries on them.
struct FileBenchmarks {
    private let engine: CatalogueEngine
    private let runs: Int
    private let directory: String

    /// - Parameter directory: For the files; a folder in it for each layout.
    init(_ engine: CatalogueEngine, runs: Int, directory: String) {
        self.engine = engine
        self.runs = runs
        self.directory = directory
    }

    func run() throws {
        for layout in AssetLayout.allCases {
            let folder = "\(directory)/\(layout.rawValue)"
            var options = CatalogueExport.Options()
            options.layout = layout
            let export = CatalogueExport(of: engine, to: folder, options: options)
            try time("export as \(layout.rawValue)", export)
            try time("export the same again", export)
            let files = try ItemFilePaths.files(of: ["\(folder)/\(CatalogueQueries.collection)"])
            for (name, request) in try CatalogueQueries.shapes() where request.text == nil {
                var remark = ""
                let measurement = try Measurement(runs: max(3, runs / 5)) {
                    let found = try ItemFileSearch(request, files: files, limit: request.limit).run()
                    try found.forEachItem { _ in }
                    let (matched, read) = (found.statistics.matchCount, found.statistics.readByteCount)
                    remark = "\(matched) Items match; \(read) bytes read"
                }
                print(measurement.row("\(layout.rawValue): \(name)", remark))
            }
        }
    }

    private func time(_ what: String, _ export: CatalogueExport) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let report = try export.run()
        let elapsed = clock.now - start
        let items = report.collections.reduce(0) { $0 + $1.writtenItemCount }
        let bytes = report.collections.reduce(0) { $0 + $1.byteCount }
        let rate = Int(Double(items) / (elapsed / .seconds(1)))
        print("| \(what) | \(Measurement.text(elapsed)) | | \(items) Items written, \(rate)/s; \(bytes) bytes |")
    }
}
