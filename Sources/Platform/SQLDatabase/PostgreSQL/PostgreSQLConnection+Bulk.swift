import CPostgreSQL

extension PostgreSQLConnection {
    /// Statements that are sent before their results are read.
    private static let pipelineLength = 512

    func run(_ sql: String, batch: [[DatabaseValue]]) throws -> Int {
        let statement = try translation(of: sql)
        for values in batch where values.count != statement.parameterCount {
            throw DatabaseError(.invalidStatement, parameters: values.count, of: statement.parameterCount, sql)
        }
        // Poolers that know no prepared statements may not know pipelines either.
        guard prepares, !isFull else { return try batch.reduce(0) { try $0 + run(sql, $1, streams: false) { _ in } } }
        let types = try Self.types(of: batch, statement.parameterCount)
        let name = try prepare(statement.text, types)
        try sent(PQenterPipelineMode(handle))
        var count = 0
        var rest = batch[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.pipelineLength)
            rest = rest.dropFirst(part.count)
            for values in part {
                try sent(
                    PostgreSQLParameters(values, types: types).withPointers { count, _, values, lengths, formats in
                        PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
                    })
                try flush()
            }
            try sent(PQpipelineSync(handle))
            try flush()
            do {
                count += try pipelineResults(part.count, sql)
                try checkCall()
            } catch {
                PQexitPipelineMode(handle)
                throw error
            }
        }
        PQexitPipelineMode(handle)
        return count
    }

    func run(_ statements: [(sql: String, values: [DatabaseValue])]) throws -> Int {
        guard prepares, !isFull, statements.count > 1 else {
            return try statements.reduce(0) { try $0 + run($1.sql, $1.values, streams: false) { _ in } }
        }
        var prepared: [(name: String, parameters: PostgreSQLParameters)] = []
        for (sql, values) in statements {
            let statement = try translation(of: sql)
            guard values.count == statement.parameterCount else {
                throw DatabaseError(.invalidStatement, parameters: values.count, of: statement.parameterCount, sql)
            }
            let parameters = PostgreSQLParameters(values)
            prepared.append((try prepare(statement.text, parameters.types), parameters))
        }
        try sent(PQenterPipelineMode(handle))
        defer { PQexitPipelineMode(handle) }
        for (name, parameters) in prepared {
            try sent(
                parameters.withPointers { count, _, values, lengths, formats in
                    PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
                })
            try flush()
        }
        try sent(PQpipelineSync(handle))
        try flush()
        let count = try pipelineResults(prepared.count, nil)
        try checkCall()
        return count
    }

    /// Reads up to the next synchronisation.
    private func pipelineResults(_ statementCount: Int, _ sql: String?) throws -> Int {
        var (count, failure) = (0, DatabaseError?.none)
        for _ in 0..<statementCount {
            while let result = try nextResult() {
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_FATAL_ERROR: failure = failure ?? error(result, sql)
                // Of those after an error.
                case PGRES_PIPELINE_ABORTED: break
                default: count += Self.changedCount(result)
                }
            }
            if !isIntact { break }
        }
        if isIntact, let result = try nextResult() { PQclear(result) }
        try checkInterruption()
        if let failure { throw failure }
        return count
    }

    /// The types of the parameters, in all lists of values the same.
    private static func types(of batch: [[DatabaseValue]], _ count: Int) throws(DatabaseError) -> [UInt32] {
        var types = [UInt32](repeating: 0, count: count)
        for values in batch {
            for (index, value) in values.enumerated() where value != .null {
                let type = value.postgreSQLType
                guard types[index] == 0 || types[index] == type else {
                    throw DatabaseError(.misuse, "Values of parameter \(index + 1) have different types in one batch.")
                }
                types[index] = type
            }
        }
        return types
    }

    // MARK: COPY

    /// Bytes that are collected before they are sent.
    private static let copyByteCount = 1 << 18

    /// Source: [PostgreSQL, COPY, binary format](https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4).
    func copy(into table: String, _ columns: [String], next: () throws -> [DatabaseValue]?) throws -> Int {
        let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
        let sql = "COPY \"\(table)\" (\(names)) FROM STDIN (FORMAT binary)"
        try sent(PQsendQuery(handle, sql))
        try flush()
        guard let opening = try nextResult() else { throw DatabaseError(.other, "PostgreSQL did not respond to COPY.") }
        let isCopying = PQresultStatus(opening) == PGRES_COPY_IN
        let failure = isCopying ? nil : error(opening, sql)
        PQclear(opening)
        if let failure {
            try finish(sql) { _ in }
            throw failure
        }
        // Signature, flags, and the length of an extension.
        var buffer = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00] + [UInt8](repeating: 0, count: 8)
        do {
            while let values = try next() {
                buffer.append(bigEndian: Int16(values.count))
                for value in values {
                    let place = buffer.count
                    buffer.append(bigEndian: value == .null ? Int32(-1) : 0)
                    value.write(to: &buffer)
                    guard value != .null else { continue }
                    let length = UInt32(buffer.count - place - 4)
                    for index in 0..<4 { buffer[place + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index)) }
                }
                if buffer.count >= Self.copyByteCount { try put(&buffer) }
            }
            buffer.append(bigEndian: Int16(-1))
            try put(&buffer)
        } catch {
            try sent(endCopy("the rows ended with an error"))
            do { try finish(sql) { _ in } } catch let serverError as DatabaseError where serverError.code != "57014" {
                // What the server found first.
                throw serverError
            } catch {}
            try checkInterruption()
            throw error
        }
        try sent(endCopy(nil))
        var count = 0
        try finish(sql) { count += Self.changedCount($0) }
        return count
    }

    private func put(_ buffer: inout [UInt8]) throws {
        try checkCall()
        while true {
            let code = buffer.withUnsafeBytes {
                PQputCopyData(handle, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count))
            }
            if code < 0 { try sent(0) }
            try flush()
            if code == 1 { break }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func endCopy(_ message: String?) -> Int32 {
        while true {
            let code = PQputCopyEnd(handle, message)
            if code != 0 { return code < 0 ? 0 : 1 }
            guard (try? flush()) != nil else { return 0 }
        }
    }
}
