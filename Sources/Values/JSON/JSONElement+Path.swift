extension JSONElement {
    /// The path from here to what begins at a position of the text, as in `assets.B02.href` or `links[2].rel`; empty for
    /// this value itself. A member's name and its value have one path.
    ///
    /// - Parameter offset: In bytes from the start of the text, inside of a value or a name.
    /// - Complexity: O(*n*) in the values of the text.
    public func path(toByteAt offset: Int) -> String {
        var path = ""
        var current = self
        descent: while current.byteRange.lowerBound != offset {
            for (position, element) in current.elements.enumerated() where element.byteRange.contains(offset) {
                path += "[\(position)]"
                current = element
                continue descent
            }
            for (name, value) in current.members
            where name.byteRange.lowerBound <= offset && offset < value.byteRange.upperBound {
                path += (path.isEmpty ? "" : ".") + (name.string ?? "")
                guard value.byteRange.contains(offset) else { break descent }
                current = value
                continue descent
            }
            break
        }
        return path
    }
}
