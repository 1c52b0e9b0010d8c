import Telemetry

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The standard metrics of a process as named by Prometheus, from `/proc` where it exists.
///
/// Source: [Prometheus client guidelines](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
func processMetrics() -> [MetricFamily] {
    var families: [MetricFamily] = []
    var usage = rusage()
    #if canImport(Glibc)
        let process = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
        let process = RUSAGE_SELF
    #endif
    if getrusage(process, &usage) == 0 {
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        families.append(
            MetricFamily(
                "process_cpu_seconds_total", .counter, help: "Processor time, of the process and the system for it.",
                value: seconds(usage.ru_utime) + seconds(usage.ru_stime)))
    }
    if let fields = firstLine(of: "/proc/self/statm")?.split(separator: " "), fields.count > 1,
        let pages = Double(fields[1])
    {
        families.append(
            MetricFamily(
                "process_resident_memory_bytes", .gauge, help: "Resident memory, mapped files included.",
                value: pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
    }
    if let usage = descriptorUsage() {
        families.append(
            MetricFamily("process_open_fds", .gauge, help: "Open files and connections.", value: Double(usage.open)))
        families.append(
            MetricFamily(
                "process_max_fds", .gauge, help: "Files and connections that may be open.", value: Double(usage.limit)))
    }
    return families
}

private func firstLine(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    return String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
