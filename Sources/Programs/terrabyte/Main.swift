import ArgumentParser
import CoreMetrics
import Foundation
import ServiceModule
import Telemetry
import TerrabyteCommands

@main struct Main {
    static func main() async {
        let telemetry = MetricRegistry()
        // Libraries measure, too.
        MetricsSystem.bootstrap(telemetry)
        bootstrapLogging()
        await CommandEnvironment.$telemetry.withValue(telemetry) {
            await CommandEnvironment.$variables.withValue(ProcessInfo.processInfo.environment) {
                await CommandEnvironment.$modules.withValue(TerrabyteServices.modules) { await Terrabyte.main() }
            }
        }
    }
}
