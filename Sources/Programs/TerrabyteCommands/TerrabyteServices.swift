import CatalogueExport
import CatalogueHosting
import DatabaseHosting
import IdentityHosting
import OpenIDProvider
import STACServer
public import ServiceModule

/// The services of the platform: to add one, add a line here.
public enum TerrabyteServices: ServiceList {
    public static let modules = [
        ModuleRegistration(CatalogueModule.self),
        ModuleRegistration(DatabaseModule.self),
        ModuleRegistration(IdentityModule.self),
        ModuleRegistration(ProviderModule.self),
        ModuleRegistration(STACModule.self),
        ModuleRegistration(PrivateSTACModule.self),
        ModuleRegistration(ExportModule.self),
    ]
}
