import Foundation

/// Memory available to the process.
public enum AvailableMemory {
    /// Free or reclaimable memory, in bytes; not more than the total limit of the process's control groups. `nil`:
    /// nothing is known, as on other systems than Linux.
    public static var byteCount: Int? {
        let free = read("/proc/meminfo").flatMap { value(of: "MemAvailable:", in: $0) }.map { $0 << 10 }
        return ([free] + limits).compactMap { $0 }.min()
    }

    /// The limits of the process's control groups and of their ancestors, in both versions of the interface.
    private static var limits: [Int?] {
        (read("/proc/self/cgroup") ?? "").split(separator: "\n").flatMap { line in
            // hierarchy:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[1].isEmpty || fields[1].split(separator: ",").contains("memory") else {
                return [Int?]()
            }
            let (root, file) =
                fields[1].isEmpty
                ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            var groups = fields[2].split(separator: "/")
            var limits: [Int?] = []
            while true {
                let path = ([root] + groups.map(String.init) + [file]).joined(separator: "/")
                // "max" where there is none.
                limits.append(read(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
                if groups.popLast() == nil { return limits }
            }
        }
    }

    private static func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

    private static func value(of name: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}
