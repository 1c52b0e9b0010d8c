/// At most 100 bytes of a text that comes from outside, for messages and logs.
package func excerpt(_ text: String) -> String {
    text.utf8.count <= 100 ? text : String(decoding: text.utf8.prefix(100), as: UTF8.self) + "…"
}
