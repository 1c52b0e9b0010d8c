import JSON
import STACAPI
import Testing

@Suite("Lists of numbers") struct NumberListTests {
    @Test(
        "have numbers as JSON writes them",
        arguments: [("1", [1]), ("-1.50,2e1,0", [-1.5, 20, 0]), ("1E-1,-0", [0.1, 0])] as [(String, [Double])])
    func right(text: String, expected: [Double]) {
        #expect(numbers(inList: text) == expected)
    }

    @Test(
        "have nothing else",
        arguments: [
            "", ",", "1,", "1,,2", "0x1", "0x1p3", "inf", "-infinity", "nan", "+1", "1_0", "1 0", " 1", "1\t", "1.",
            ".5",
            "01", "1e", "1e400", "١", "1;2", "[1]", "true",
        ])
    func wrong(text: String) {
        #expect(numbers(inList: text) == nil)
    }

    @Test(
        "know whole numbers however they are written",
        arguments: [("1", true), ("1.0", true), ("1e3", true), ("15e-1", false), ("1.5", false)])
    func whole(text: String, isWhole: Bool) throws {
        #expect(try #require(JSONNumber(text)).isWhole == isWhole)
    }
}
