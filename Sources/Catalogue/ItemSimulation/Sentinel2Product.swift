public import Temporal

/// The names that one Sentinel-2 Level-2A product bears, in itself and in its metadata.
///
/// Source: Sentinel-2 Products Specification Document, naming conventions.
public struct Sentinel2Product: Sendable {
    /// `A` or `B`.
    public var satellite: Character
    /// When the datatake began.
    public var datatake: Timestamp
    /// When the satellite passed the tile.
    public var sensed: Timestamp
    public var generated: Timestamp
    /// 500 for 05.00.
    public var baseline: Int
    public var relativeOrbit, absoluteOrbit: Int
    /// Five characters.
    public var tile: String

    public init(
        satellite: Character, datatake: Timestamp, sensed: Timestamp, generated: Timestamp, baseline: Int,
        relativeOrbit: Int, absoluteOrbit: Int, tile: String
    ) {
        self.satellite = satellite
        self.datatake = datatake
        self.sensed = sensed
        self.generated = generated
        self.baseline = baseline
        self.relativeOrbit = relativeOrbit
        self.absoluteOrbit = absoluteOrbit
        self.tile = tile
    }

    public enum Name: Sendable {
        /// `S2B_MSIL2A_20190202T113319_N0500_R080_T30UVE_20221209T124842`
        case product
        /// Folder of the granule: `L2A_T30UVE_A009973_20190202T113540`
        case granule
        /// Folder of the datastrip: `DS_S2RP_20221209T124842_S20190202T113540`
        case datastrip
        /// The prefix of image files: `T30UVE_20190202T113319`
        case image
        /// `GS2B_20190202T113319_009973_N05.00`
        case datatakeID
        /// `S2B_OPER_MSI_L2A_DS_S2RP_20221209T124842_S20190202T113540_N05.00`
        case datastripID
        /// `S2B_OPER_MSI_L2A_TL_S2RP_20221209T124842_A009973_T30UVE_N05.00`
        case tileID
        /// `S2B_T30UVE_20190202T113540_L2A`
        case stactools
        /// Where products of the tile and month lie: `30/U/VE/2019/02`
        case folder
    }

    public func text(_ name: Name) -> String {
        var bytes: [UInt8] = []
        append(name, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public func append(_ name: Name, to bytes: inout [UInt8]) {
        switch name {
        case .product:
            platform(&bytes)
            literal("_MSIL2A_", &bytes)
            appendTime(datatake, .compact, to: &bytes)
            literal("_N", &bytes)
            appendPadded(baseline, width: 4, to: &bytes)
            literal("_R", &bytes)
            appendPadded(relativeOrbit, width: 3, to: &bytes)
            literal("_T", &bytes)
            bytes.append(contentsOf: tile.utf8)
            literal("_", &bytes)
            appendTime(generated, .compact, to: &bytes)
        case .granule:
            literal("L2A_T", &bytes)
            bytes.append(contentsOf: tile.utf8)
            literal("_A", &bytes)
            appendPadded(absoluteOrbit, width: 6, to: &bytes)
            literal("_", &bytes)
            appendTime(sensed, .compact, to: &bytes)
        case .datastrip:
            literal("DS_S2RP_", &bytes)
            appendTime(generated, .compact, to: &bytes)
            literal("_S", &bytes)
            appendTime(sensed, .compact, to: &bytes)
        case .image:
            literal("T", &bytes)
            bytes.append(contentsOf: tile.utf8)
            literal("_", &bytes)
            appendTime(datatake, .compact, to: &bytes)
        case .datatakeID:
            literal("G", &bytes)
            platform(&bytes)
            literal("_", &bytes)
            appendTime(datatake, .compact, to: &bytes)
            literal("_", &bytes)
            appendPadded(absoluteOrbit, width: 6, to: &bytes)
            dottedBaseline(&bytes)
        case .datastripID:
            platform(&bytes)
            literal("_OPER_MSI_L2A_", &bytes)
            append(.datastrip, to: &bytes)
            dottedBaseline(&bytes)
        case .tileID:
            platform(&bytes)
            literal("_OPER_MSI_L2A_TL_S2RP_", &bytes)
            appendTime(generated, .compact, to: &bytes)
            literal("_A", &bytes)
            appendPadded(absoluteOrbit, width: 6, to: &bytes)
            literal("_T", &bytes)
            bytes.append(contentsOf: tile.utf8)
            dottedBaseline(&bytes)
        case .stactools:
            platform(&bytes)
            literal("_T", &bytes)
            bytes.append(contentsOf: tile.utf8)
            literal("_", &bytes)
            appendTime(sensed, .compact, to: &bytes)
            literal("_L2A", &bytes)
        case .folder:
            let letters = Array(tile.utf8)
            bytes.append(contentsOf: letters[..<2])
            literal("/", &bytes)
            bytes.append(letters[2])
            literal("/", &bytes)
            bytes.append(contentsOf: letters[3...])
            literal("/", &bytes)
            let day = datatake.components
            appendPadded(day.year, width: 4, to: &bytes)
            literal("/", &bytes)
            appendPadded(day.month, width: 2, to: &bytes)
        }
    }

    private func platform(_ bytes: inout [UInt8]) {
        literal("S2", &bytes)
        bytes.append(contentsOf: satellite.utf8)
    }

    private func dottedBaseline(_ bytes: inout [UInt8]) {
        literal("_N", &bytes)
        appendPadded(baseline / 100, width: 2, to: &bytes)
        literal(".", &bytes)
        appendPadded(baseline % 100, width: 2, to: &bytes)
    }

    private func literal(_ text: StaticString, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
