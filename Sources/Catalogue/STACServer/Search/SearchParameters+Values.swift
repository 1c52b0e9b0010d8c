import JSON
import STACAPI

/// Typed access to the parameters, from a query or a body.
extension SearchParameters {
    func string(_ name: Name) throws(InvalidParameter) -> String? {
        switch self[name] {
        case nil: return nil
        case .text(let text), .json(.string(let text)): return text
        case .json: throw InvalidParameter(name.rawValue, "must be a string")
        }
    }

    func strings(_ name: Name) throws(InvalidParameter) -> [String]? {
        switch self[name] {
        case nil: return nil
        case .text(let text): return text.split(separator: ",").map(String.init)
        // Not in the standard, but clients write a list of one so.
        case .json(.string(let text)): return [text]
        case .json(.array(let array)):
            let strings = array.compactMap(\.string)
            guard strings.count == array.count else { throw InvalidParameter(name.rawValue, "must hold strings only") }
            return strings
        case .json: throw InvalidParameter(name.rawValue, "must be an array of strings")
        }
    }

    func numbers(_ name: Name) throws(InvalidParameter) -> [Double]? {
        switch self[name] {
        case nil: return nil
        case .text(let text):
            guard let numbers = STACAPI.numbers(inList: text) else {
                throw InvalidParameter(name.rawValue, "must be numbers with commas, and nothing else, between them")
            }
            return numbers
        case .json(let value):
            guard let array = value.array else { throw InvalidParameter(name.rawValue, "must be an array of numbers") }
            let numbers = array.compactMap(\.double)
            guard numbers.count == array.count, numbers.allSatisfy(\.isFinite) else {
                throw InvalidParameter(name.rawValue, "must hold numbers only")
            }
            return numbers
        }
    }

    /// A JSON value: as it is from a body, parsed from a query.
    func json(_ name: Name) throws(InvalidParameter) -> JSONValue? {
        switch self[name] {
        case nil: return nil
        case .json(let value): return value
        case .text(let text):
            do {
                return try JSONValue(parsing: text)
            } catch {
                throw InvalidParameter(name.rawValue, "is \(error)")
            }
        }
    }

    /// `q`: a text in the advanced form, or a list; an array in a body is a list always.
    ///
    /// Source: [STAC API - Free-Text Search 1.0.0-rc.1](https://github.com/stac-api-extensions/freetext-search).
    func freeText() throws(InvalidParameter) -> FreeTextExpression? {
        do {
            switch self[.q] {
            case nil: return nil
            case .text(let text), .json(.string(let text)): return try FreeTextExpression(text: text)
            case .json(.array):
                let terms = try strings(.q) ?? []
                do {
                    return try FreeTextExpression(terms: terms)
                } catch {
                    throw InvalidParameter("q", "is wrong: expected \(error.expected), found \(error.found)")
                }
            case .json: throw InvalidParameter("q", "must be a string or an array of strings")
            }
        } catch let error as FreeTextError {
            throw InvalidParameter("q", "is wrong: \(error)")
        } catch let error as InvalidParameter {
            throw error
        } catch {
            throw InvalidParameter("q", "is wrong")
        }
    }

    /// - Returns: `default` when there is none; the maximum when more are asked for, as the standard demands.
    ///
    /// Source: [STAC API - Item Search, limit](https://github.com/radiantearth/stac-api-spec/blob/v1.0.0/item-search/README.md#query-parameter-table).
    func limit(default standard: Int, maximum: Int) throws(InvalidParameter) -> Int {
        let text: String
        switch self[.limit] {
        case nil: return standard
        case .text(let written): text = written
        // To JSON Schema, 10.0 is an integer.
        case .json(.number(let number)) where number.int == nil && number.isWhole && number.double > 0:
            return Int(exactly: min(number.double, Double(maximum))) ?? maximum
        case .json(.number(let number)): text = number.text
        case .json: throw InvalidParameter("limit", "must be a whole number")
        }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.contains(where: { $0 != 0x30 }) else {
            throw InvalidParameter("limit", "must be a whole number above 0, not '\(text)'")
        }
        // A number too large for Int is above the maximum, too.
        return min(Int(text) ?? maximum, maximum)
    }
}
