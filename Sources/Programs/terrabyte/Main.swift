import ArgumentParser
import TerrabyteCommands

@main struct Main {
    static func main() async {
        await Terrabyte.main()
    }
}
