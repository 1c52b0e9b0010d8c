import Catalogue
import CatalogueSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Writes to the store given until it is killed, and says on standard output which writes have been acknowledged:
// `inserted|replaced|removed ID SEQUENCE`, one line each, then `.` at the end of the transaction.
//
// Usage: StoreCrashChild DATABASE COLLECTION PREFIX

let (path, collection, prefix) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
var configuration = SQLiteItemStore.Configuration()
// Small, so that many rounds end during a checkpoint.
configuration.logByteCount = 1 << 20
let store = try SQLiteItemStore(path: path, configuration: configuration)
let number = try store.write { try $0.collection(id: collection) ?? $0.putCollection(id: collection, body: []) }.number

func body(of id: String) -> NewBody {
    let frame = Array(String(repeating: id + " ", count: .random(in: 1...60)).utf8)
    return NewBody(frame: frame, dictionary: 0, linksOffset: 0)
}

var (serial, current) = (0, [(id: String, sequence: SequenceNumber)]())
while true {
    var report = ""
    try store.write { transaction in
        for _ in 0..<Int.random(in: 1...400) {
            serial += 1
            let id = "\(prefix)-\(serial)"
            let sequence = try transaction.insert(id, body(of: id), in: number)
            current.append((id, sequence))
            report += "inserted \(id) \(sequence)\n"
        }
        for _ in 0..<Int.random(in: 0...20) {
            let index = Int.random(in: 0..<current.count)
            let (id, sequence) = current[index]
            current[index].sequence = try transaction.replace(sequence, id, body(of: id), in: number)
            report += "replaced \(id) \(current[index].sequence)\n"
        }
        for _ in 0..<Int.random(in: 0...5) where current.count > 1 {
            let (id, sequence) = current.remove(at: Int.random(in: 0..<current.count))
            report += "removed \(id) \(try transaction.remove(sequence, id, in: number))\n"
        }
    }
    report += ".\n"
    _ = report.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
    if Int.random(in: 0..<40) == 0 { try store.purge(through: store.lastSequence()) }
}
