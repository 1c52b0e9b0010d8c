import JSON
import Temporal

/// The members that Items, assets and, since 1.1.0, Collections, links and bands have in common.
///
/// Source: [common metadata](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/common-metadata.md),
/// [its JSON Schemas](https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/common.json).
extension Validation {
    /// The dates of an object; their values have been checked.
    struct Times {
        var datetime: JSONElement?
        var start: JSONElement?
        var end: JSONElement?
    }

    @discardableResult
    mutating func commonMetadata(_ object: JSONElement) -> Times {
        var times = Times()
        for (name, value) in object.members { commonMember(MemberName(name), value, &times) }
        interval(times, of: object)
        return times
    }

    /// Checks the member if it is one of the common ones.
    @inline(__always)
    mutating func commonMember(_ name: MemberName, _ value: JSONElement, _ times: inout Times) {
        // By length first: most members are of extensions, and none of these.
        switch name.count {
        case 3 where name == "gsd": gsd(value)
        case 4 where name == "unit" && version == .oneOne: text(value)
        case 5:
            if name == "title" {
                text(value)
            } else if name == "bands", version == .oneOne {
                bands(value)
            } else if name == "roles", version == .oneOne {
                strings(value)
            }
        case 6 where name == "nodata" && version == .oneOne: nodata(value)
        case 7:
            if name == "created" || name == "updated" {
                instant(value)
            } else if name == "mission" {
                text(value)
            } else if name == "license" {
                license(value)
            }
        case 8:
            if name == "platform" {
                text(value)
            } else if name == "datetime" {
                times.datetime = value
                instant(value, allowsNull: true)
            } else if name == "keywords", version == .oneOne {
                strings(value)
            }
        case 9:
            if name == "providers" {
                providers(value)
            } else if name == "data_type", version == .oneOne {
                dataType(value)
            }
        case 10 where name == "statistics" && version == .oneOne: statistics(value)
        case 11:
            if name == "description" {
                text(value, allowsEmpty: version == .oneZero)
            } else if name == "instruments" {
                strings(value)
            }
        case 12 where name == "end_datetime":
            times.end = value
            instant(value)
        case 13 where name == "constellation": text(value)
        case 14 where name == "start_datetime":
            times.start = value
            instant(value)
        default: break
        }
    }

    mutating func interval(_ times: Times, of object: JSONElement) {
        guard times.start != nil || times.end != nil else { return }
        guard let start = times.start else {
            return report(object, "start_datetime", "must be present, as end_datetime is")
        }
        guard let end = times.end else {
            return report(object, "end_datetime", "must be present, as start_datetime is")
        }
        if let first = Timestamp(start), let last = Timestamp(end), last < first {
            report(end, "must not be before start_datetime; is \(shown(end))")
        }
    }

    mutating func instant(_ element: JSONElement, allowsNull: Bool = false) {
        if allowsNull, element.isNull { return }
        guard Timestamp(element) != nil else {
            let what = allowsNull ? "must be null or an RFC 3339 date-time" : "must be an RFC 3339 date-time"
            return report(element, "\(what); is \(shown(element))")
        }
        // The schemas' pattern: (\+00:00|Z)$
        let raw = element.rawBytes
        if raw[raw.count - 2] == UInt8(ascii: "Z") { return }
        guard UnsafeRawBufferPointer(rebasing: raw.dropLast().suffix(6)).equals("+00:00") else {
            return report(element, "must be in UTC, ending in Z or +00:00; is \(shown(element))")
        }
    }

    private mutating func gsd(_ element: JSONElement) {
        guard let value = element.double, value > 0 else {
            return report(element, "must be a number above 0; is \(shown(element))")
        }
    }

    private mutating func license(_ element: JSONElement) {
        guard text(element, allowsEmpty: false) else { return }
        guard let plain = element.plainStringBytes, plain.allSatisfy(Self.isLicenseByte) else {
            return report(
                element,
                "must be an SPDX identifier, \"other\" or the like, of letters, digits and -_.+; is \(shown(element))")
        }
    }

    private static func isLicenseByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "+"):
            true
        default: false
        }
    }

    mutating func providers(_ array: JSONElement) {
        guard array.kind == .array else { return report(array, "must be an array of objects; is \(shown(array))") }
        for provider in array.elements {
            guard provider.kind == .object else {
                report(provider, "must be an object; is \(shown(provider))")
                continue
            }
            var hasName = false
            for (name, value) in provider.members {
                let name = MemberName(name)
                if name == "name" {
                    hasName = true
                    text(value, allowsEmpty: false)
                } else if name == "description" || name == "url" {
                    text(value)
                } else if name == "roles" {
                    providerRoles(value)
                }
            }
            if !hasName { report(provider, "name", "must be present") }
        }
    }

    private mutating func providerRoles(_ array: JSONElement) {
        guard array.kind == .array else { return report(array, "must be an array of strings; is \(shown(array))") }
        for role in array.elements
        where !role.equals("producer") && !role.equals("licensor") && !role.equals("processor") && !role.equals("host")
        {
            report(role, "must be producer, licensor, processor or host; is \(shown(role))")
        }
    }

    // MARK: Since 1.1.0

    private mutating func bands(_ array: JSONElement) {
        guard array.kind == .array else { return report(array, "must be an array of objects; is \(shown(array))") }
        for band in array.elements {
            guard band.kind == .object else {
                report(band, "must be an object; is \(shown(band))")
                continue
            }
            var times = Times()
            for (name, value) in band.members {
                let name = MemberName(name)
                if name == "name" {
                    text(value)
                } else {
                    commonMember(name, value, &times)
                }
            }
            interval(times, of: band)
        }
    }

    private static let dataTypes: [StaticString] = [
        "uint8", "uint16", "int16", "float32", "int8", "int32", "int64", "uint32", "uint64", "float16", "float64",
        "cint16", "cint32", "cfloat32", "cfloat64", "other",
    ]

    private mutating func dataType(_ element: JSONElement) {
        if !Self.dataTypes.contains(where: { element.equals($0) }) {
            report(element, "must be a data type such as uint16 or float32, or \"other\"; is \(shown(element))")
        }
    }

    private mutating func nodata(_ element: JSONElement) {
        if element.kind != .number, !element.equals("nan"), !element.equals("inf"), !element.equals("-inf") {
            report(element, "must be a number, \"nan\", \"inf\" or \"-inf\"; is \(shown(element))")
        }
    }

    private mutating func statistics(_ element: JSONElement) {
        guard element.kind == .object else { return report(element, "must be an object; is \(shown(element))") }
        var isEmpty = true
        for (name, value) in element.members {
            isEmpty = false
            let name = MemberName(name)
            if name == "minimum" || name == "maximum" || name == "mean" || name == "stddev" {
                number(value)
            } else if name == "count" {
                // An integer for JSON Schema is any number without a fraction, 1.0 too.
                guard let count = value.double, count >= 0, count == count.rounded() else {
                    report(value, "must be a whole number of 0 or more; is \(shown(value))")
                    continue
                }
            } else if name == "valid_percent" {
                number(value, 0...100)
            }
        }
        if isEmpty { report(element, "must not be empty") }
    }
}

extension Timestamp {
    /// The instant that a string names in RFC 3339; `nil` for anything else.
    ///
    /// A blank may stand for the `T`: RFC 3339, section 5.6 leaves room for that, the schemas' pattern lets it pass,
    /// and large catalogues have Items with it.
    init?(_ element: JSONElement) {
        if let plain = element.plainStringBytes {
            self.init(withBlank: plain)
        } else if var text = element.string {
            guard let value = text.withUTF8({ Timestamp(withBlank: UnsafeRawBufferPointer($0)) }) else { return nil }
            self = value
        } else {
            return nil
        }
    }

    private init?(withBlank text: UnsafeRawBufferPointer) {
        guard text.count >= 20, text[10] == UInt8(ascii: " ") else {
            self.init(text)
            return
        }
        // Other lenient forms have no comma and an offset of "Z" or "+00:00" once the caller has looked at its end.
        guard text[19] != UInt8(ascii: ",") else { return nil }
        self.init(text, .lenient)
    }
}
