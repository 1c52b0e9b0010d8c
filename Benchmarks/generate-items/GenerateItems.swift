import ItemGenerator
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `generate-items --count N`: Items as NDJSON on standard output, a line of statistics on standard error.
@main
struct GenerateItems {
    private static let usage = """
        usage: generate-items --count N [--seed S] [--skip K] [--focus-share SHARE] [--collection FILE]

          --count N            so many Items, in order of datetime; 0 with --collection alone
          --seed S             another archive (default 1)
          --skip K             skip the Items of a run with --count K
          --focus-share SHARE  share in Central Europe until all of them are included
                               (default: complete with the first million)
          --collection FILE    write the Collection document to FILE

        """

    static func main() {
        var options = ItemStream.Options(count: 0)
        var arguments = Array(CommandLine.arguments.dropFirst())
        var isAsked = false
        while !arguments.isEmpty {
            let name = arguments.removeFirst()
            if name == "--help" || name == "-h" {
                report(usage)
                return
            }
            guard !arguments.isEmpty else { fail("\(name) needs a value\n\(usage)") }
            let value = arguments.removeFirst()
            switch name {
            case "--count":
                options.count = number(value, of: name)
                isAsked = true
            case "--skip": options.skip = number(value, of: name)
            case "--seed": options.seed = UInt64(number(value, of: name))
            case "--focus-share":
                guard let share = Double(value) else { fail("\(name): not a number: \(value)") }
                options.focusShare = share
            case "--collection":
                writeCollection(to: value)
                isAsked = true
            default: fail("unknown option \(name)\n\(usage)")
            }
        }
        guard isAsked else { fail(usage) }
        if options.count > 0 { generate(options) }
    }

    private static func generate(_ options: ItemStream.Options) {
        let clock = ContinuousClock()
        let start = clock.now
        let stream: ItemStream
        do {
            stream = try ItemStream(options)
        } catch {
            switch error {
            case .count(let count, let maximum): fail("--count \(count): there are \(maximum) Items")
            case .skip(let skip, let count): fail("--skip \(skip): not from 0 to \(count)")
            case .focusShare(let share): fail("--focus-share \(share): not between 0 and 1")
            }
        }
        let planned = clock.now
        var byteCount = 0
        stream.write { chunk in
            write(chunk, to: STDOUT_FILENO)
            byteCount += chunk.count
        }
        let items = options.count - options.skip
        let seconds = (clock.now - planned) / .seconds(1)
        let rate = Int(Double(items) / seconds)
        let planning = Int((planned - start) / .milliseconds(1))
        report(
            "\(items) Items, \(byteCount) bytes, \(byteCount / max(1, items)) each; "
                + "chosen in \(planning) ms, written at \(rate) Items/s, \(Int(Double(byteCount) / seconds / 1e6)) MB/s\n"
        )
    }

    private static func number(_ text: String, of name: String) -> Int {
        guard let number = Int(text), number >= 0 else { fail("\(name): not a natural number: \(text)") }
        return number
    }

    private static func writeCollection(to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { fail("cannot write \(path): \(String(cString: strerror(errno)))") }
        Sentinel2Collection.document.serialized(pretty: true).withUnsafeBytes { write($0, to: descriptor) }
        close(descriptor)
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            #if canImport(Glibc)
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            #else
                let count = Darwin.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { fail("cannot write: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    private static func report(_ text: String) {
        Array(text.utf8).withUnsafeBytes { write($0, to: STDERR_FILENO) }
    }

    private static func fail(_ message: String) -> Never {
        report("generate-items: \(message)\n")
        exit(1)
    }
}
