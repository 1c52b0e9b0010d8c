import CatalogueSQLite
import Foundation
import TestKit
import Testing

@testable import Catalogue

@Suite("A catalogue's directory") struct CatalogueHomeTests {
    let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test("is made with those above it")
    func isMade() throws {
        let home = folder.path("x/y/z")
        do { try CatalogueEngine(home: home + "//").putCollection("a") }
        #expect(try folder.files(in: "x/y/z").contains("catalogue.sqlite"))
        #expect(try CatalogueEngine(home: folder.path("x/./y/../y/z")).collections().count == 1)
    }

    @Test("may be a symbolic link, and has one owner under all its names")
    func symbolicLink() throws {
        let catalogue = try CatalogueEngine(home: folder.home)
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: folder.home)
        #expect(catalogueError { try CatalogueEngine(home: folder.path("link")) }?.code == .storeBusy)
        try CatalogueEngine(home: folder.path("link/"), index: .none).putCollection("a")
        #expect(try catalogue.collection(id: "a") != nil)
    }

    @Test("may be relative")
    func relative() throws {
        let here = FileManager.default.currentDirectoryPath
        // The working directory belongs to all tests of the process, so that it is left alone.
        let up = String(repeating: "../", count: here.split(separator: "/").count)
        do { try CatalogueEngine(home: up + folder.home.dropFirst()).putCollection("a") }
        #expect(try CatalogueEngine(home: folder.home).collections().count == 1)
    }

    @Test("must not be a file, nor lie in one")
    func file() throws {
        let path = try folder.write("a file", to: "file")
        for home in [path, path + "/home"] {
            let error = try #require(catalogueError { try CatalogueEngine(home: home) })
            #expect(error.code == .storeFailed)
            #expect(error.description.contains("Not a directory"), "\(error)")
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("nowhere"), withDestinationPath: folder.path("none"))
        #expect(catalogueError { try CatalogueEngine(home: folder.path("nowhere")) }?.code == .storeFailed)
    }

    @Test("must be writable", .enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func readOnly() throws {
        do { _ = try CatalogueEngine(home: folder.home) }
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.home)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.home) }
        for home in [folder.home, folder.home + "/below"] {
            let error = try #require(catalogueError { try CatalogueEngine(home: home) })
            #expect(error.code == .storeFailed && error.description.contains("Permission denied"), "\(error)")
        }
    }
}
