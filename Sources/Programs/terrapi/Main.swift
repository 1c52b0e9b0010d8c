import ArgumentParser
import TerrapiCommands

@main struct Main {
    static func main() async {
        await Terrapi.main()
    }
}
