public import Temporal

/// Appends a number given in units of its last decimal, superfluous zeros left out: 12300 with three places is `12.3`,
/// 12000 is `12.0`. Without places it is an integer.
public func appendDecimal(_ value: Int, places: Int, to bytes: inout [UInt8]) {
    // The most negative value has no opposite, but neither has it a meaning here.
    var rest = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    var written = 0
    var isTrailing = true
    while rest > 0 || written <= places {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        rest = quotient
        // The first decimal stays even when it is zero: readers distinguish doubles from integers by it.
        let isKept = written >= places - 1 || digit != 0 || !isTrailing
        if isKept {
            isTrailing = false
            bytes.append(UInt8(ascii: "0") + UInt8(digit))
        }
        written += 1
        if written == places, places > 0 { bytes.append(UInt8(ascii: ".")) }
    }
    reverse(&bytes, from: start)
}

/// Appends an integer of at least so many digits, filled up with zeros.
public func appendPadded(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = value
    repeat {
        bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
    } while rest > 0 || bytes.count - start < width
    reverse(&bytes, from: start)
}

/// In place: reversing a slice would copy it out and back.
private func reverse(_ bytes: inout [UInt8], from start: Int) {
    var (low, high) = (start, bytes.count - 1)
    while low < high {
        bytes.swapAt(low, high)
        low += 1
        high -= 1
    }
}

public enum TimeFormat: Sendable {
    /// RFC 3339 with six digits of fraction: `2019-02-02T11:33:19.024000Z`.
    case extended
    /// As in product names, whole seconds: `20190202T113319`.
    case compact
    /// Day alone: `20190202`.
    case compactDate
}

public func appendTime(_ time: Timestamp, _ format: TimeFormat, to bytes: inout [UInt8]) {
    let parts = time.components
    let isExtended = format == .extended
    func mark(_ scalar: Unicode.Scalar, _ bytes: inout [UInt8]) { bytes.append(UInt8(ascii: scalar)) }
    appendPadded(parts.year, width: 4, to: &bytes)
    if isExtended { mark("-", &bytes) }
    appendPadded(parts.month, width: 2, to: &bytes)
    if isExtended { mark("-", &bytes) }
    appendPadded(parts.day, width: 2, to: &bytes)
    guard format != .compactDate else { return }
    mark("T", &bytes)
    appendPadded(parts.hour, width: 2, to: &bytes)
    if isExtended { mark(":", &bytes) }
    appendPadded(parts.minute, width: 2, to: &bytes)
    if isExtended { mark(":", &bytes) }
    appendPadded(parts.second, width: 2, to: &bytes)
    guard isExtended else { return }
    mark(".", &bytes)
    appendPadded(parts.microsecond, width: 6, to: &bytes)
    mark("Z", &bytes)
}

extension Timestamp {
    public func text(_ format: TimeFormat) -> String {
        var bytes: [UInt8] = []
        appendTime(self, format, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Appends a GeoJSON Polygon.
public func appendGeometry(_ footprint: Footprint, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"type\":\"Polygon\",\"coordinates\":[[".utf8)
    let corners = footprint.corners
    for index in 0...corners.count {
        let corner = corners[index == corners.count ? 0 : index]
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "["))
        appendDecimal(corner.longitude, places: 6, to: &bytes)
        bytes.append(UInt8(ascii: ","))
        appendDecimal(corner.latitude, places: 6, to: &bytes)
        bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(contentsOf: "]]}".utf8)
}

/// Appends west, south, east, north as a JSON array.
public func appendBBox(_ footprint: Footprint, to bytes: inout [UInt8]) {
    let box = footprint.bbox
    bytes.append(UInt8(ascii: "["))
    for (index, value) in [box.west, box.south, box.east, box.north].enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        appendDecimal(value, places: 6, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
}
