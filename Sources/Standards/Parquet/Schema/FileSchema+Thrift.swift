/// The schema as the footer holds it: fields depth first, each with the number of its children.
extension FileSchema {
    /// Fields may be nested this deep; the definition level of the deepest fits into a byte.
    static let depthLimit = 64
    static let fieldCountLimit = 1 << 17

    /// One element of the list.
    struct Element: ThriftStructure {
        var physicalType: PhysicalType?
        var typeLength: Int32?
        var repetition: Repetition?
        var name: String
        var childCount: Int32?
        var convertedType: Int32?
        var scale: Int32?
        var precision: Int32?
        var fieldID: Int32?
        var logicalType: LogicalType?
    }

    init(elements: [Element]) throws(ParquetError) {
        guard let root = elements.first else { throw .missingField(.schema, "root") }
        guard elements.count <= Self.fieldCountLimit else {
            throw .tooLarge(.schema, elements.count, limit: Self.fieldCountLimit)
        }
        var next = 1
        let children = try Self.children(root, elements, &next, depth: 0)
        guard next == elements.count else { throw .malformed(.schema, "fields outside the root") }
        self.init(name: root.name, children: children)
    }

    private static func children(
        _ parent: Element, _ elements: [Element], _ next: inout Int, depth: Int
    ) throws(ParquetError) -> [SchemaNode] {
        let count = Int(parent.childCount ?? 0)
        guard count >= 0, count <= elements.count - next else {
            throw .truncated(.schema, needed: count, available: elements.count - next)
        }
        guard depth < depthLimit else { throw .tooLarge(.schema, depth + 1, limit: depthLimit) }
        var children: [SchemaNode] = []
        children.reserveCapacity(count)
        for _ in 0..<count {
            guard next < elements.count else { throw .truncated(.schema, needed: 1, available: 0) }
            let element = elements[next]
            next += 1
            children.append(try node(element, elements, &next, depth: depth + 1))
        }
        return children
    }

    private static func node(
        _ element: Element, _ elements: [Element], _ next: inout Int, depth: Int
    ) throws(ParquetError) -> SchemaNode {
        let kind: SchemaNode.Kind
        if let physicalType = element.physicalType {
            guard element.childCount ?? 0 == 0 else {
                throw .malformed(.schema, "column \(element.name) with children")
            }
            var typeLength: Int?
            if physicalType == .fixedLengthByteArray {
                guard let length = element.typeLength, length >= 0 else {
                    throw .missingField(.schema, "length of column \(element.name)")
                }
                typeLength = Int(length)
            }
            kind = .primitive(physicalType, typeLength: typeLength)
        } else {
            kind = .group(try children(element, elements, &next, depth: depth))
        }
        guard let repetition = element.repetition else {
            throw .missingField(.schema, "repetition of \(element.name)")
        }
        let converted = element.convertedType.flatMap(ConvertedType.init(rawValue:))
        let logicalType =
            element.logicalType
            ?? converted?.logicalType(
                precision: element.precision.map { Int($0) }, scale: element.scale.map { Int($0) })
        return SchemaNode(
            name: element.name, repetition: repetition, kind: kind, logicalType: logicalType,
            fieldID: element.fieldID, convertedType: element.convertedType)
    }

    /// The elements that this schema is written as.
    var elements: [Element] {
        var elements = [Element(name: name, childCount: Int32(clamping: children.count))]
        for child in children { Self.append(child, to: &elements) }
        return elements
    }

    private static func append(_ node: SchemaNode, to elements: inout [Element]) {
        var element = Element(repetition: node.repetition, name: node.name)
        element.fieldID = node.fieldID
        element.logicalType = node.logicalType
        element.convertedType = node.convertedType ?? node.logicalType.flatMap { ConvertedType($0) }?.rawValue
        if case .decimal(let precision, let scale) = node.logicalType {
            element.precision = Int32(clamping: precision)
            element.scale = Int32(clamping: scale)
        }
        switch node.kind {
        case .primitive(let physicalType, let typeLength):
            element.physicalType = physicalType
            element.typeLength = typeLength.map { Int32(clamping: $0) }
            elements.append(element)
        case .group(let children):
            element.childCount = Int32(clamping: children.count)
            elements.append(element)
            for child in children { append(child, to: &elements) }
        }
    }
}

extension FileSchema.Element {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        self.init(name: "")
        var hasName = false
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1:
                let value = try reader.int32(field)
                guard let type = PhysicalType(rawValue: value) else { throw .unsupported(.schema, "type \(value)") }
                physicalType = type
            case 2: typeLength = try reader.int32(field)
            case 3:
                let value = try reader.int32(field)
                guard let known = Repetition(rawValue: value) else {
                    throw .unsupported(.schema, "repetition type \(value)")
                }
                repetition = known
            case 4:
                name = try reader.string(field)
                hasName = true
            case 5: childCount = try reader.int32(field)
            case 6: convertedType = try reader.int32(field)
            case 7: scale = try reader.int32(field)
            case 8: precision = try reader.int32(field)
            case 9: fieldID = try reader.int32(field)
            case 10 where field.type == .structure: logicalType = try LogicalType.read(from: &reader)
            default: try reader.skip(field)
            }
        }
        guard hasName else { throw .missingField(.schema, "name") }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, physicalType?.rawValue)
        writer.field(2, typeLength)
        writer.field(3, repetition?.rawValue)
        writer.field(4, name)
        writer.field(5, childCount)
        writer.field(6, convertedType)
        writer.field(7, scale)
        writer.field(8, precision)
        writer.field(9, fieldID)
        if let logicalType { writer.structure(10) { writer in logicalType.writeFields(to: &writer) } }
    }
}
