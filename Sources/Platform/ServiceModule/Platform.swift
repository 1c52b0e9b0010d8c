/// The platform as a whole.
public enum Platform {
    public static let version = "0.1.0"
}
