/// The layout of Items' assets in a file.
public enum AssetLayout: String, Sendable, CaseIterable {
    /// A structure for each asset, as the specification has it.
    ///
    /// Source: [stac-geoparquet, assets](
    /// https://github.com/stac-utils/stac-geoparquet/blob/main/spec/stac-geoparquet-spec.md).
    case columns = "geoparquet"
    /// One column of JSON text, for readers that fetch whole Items and parse them: 60 columns for Sentinel-2
    /// instead of 347.
    case text = "text-assets"
}
