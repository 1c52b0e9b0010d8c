import CatalogueExport
import CatalogueHosting
import STACServer
public import ServiceModule

/// The services of the platform: all there is to say to have one is a line here.
public enum TerrabyteServices: ServiceList {
    public static let modules = [
        ModuleRegistration(CatalogueModule.self),
        ModuleRegistration(STACModule.self),
        ModuleRegistration(ExportModule.self),
    ]
}
