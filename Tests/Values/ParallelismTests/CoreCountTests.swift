#if os(Linux)
    import Foundation
    import Parallelism
    import Testing

    @Suite("The number of cores") struct CoreCountTests {
        /// Differs from that of the machine where `taskset` or a container's CPU set runs the tests.
        @Test("is that of nproc, which counts those that a process may use") func allowed() throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["-u", "OMP_NUM_THREADS", "-u", "OMP_THREAD_LIMIT", "nproc"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(Int(text.dropLast()) == Parallel.coreCount)
        }
    }
#endif
