extension SQLTranslation {
    /// The microseconds since 1970 of a text that is a date, or a date and time, as `TemporalText` reads it; null for
    /// any other text.
    func microseconds(ofText text: SQLFragment) -> SQLFragment {
        dialect == .duckdb ? duckDBMicroseconds(text) : microsecondsByParts(text)
    }

    /// By DuckDB's regular expressions, in one expression: subqueries over columns are joins there.
    private func duckDBMicroseconds(_ text: SQLFragment) -> SQLFragment {
        let date: SQLFragment = "epoch_us(CAST(TRY_CAST(substr(\(text), 1, 10) AS DATE) AS TIMESTAMP))"
        func part(_ first: SQLFragment) -> SQLFragment { "CAST(substr(\(text), \(first), 2) AS BIGINT)" }
        let time: SQLFragment = "(\(part("12")) * 3600 + \(part("15")) * 60 + \(part("18"))) * 1000000"
        let fraction: SQLFragment =
            "CAST(rpad(regexp_extract(substr(\(text), 20), '^[.,]([0-9]{1,6})', 1), 6, '0') AS BIGINT)"
        func offset(_ pattern: SQLFragment) -> SQLFragment {
            "COALESCE(TRY_CAST(regexp_extract(substr(\(text), 20), \(pattern), 1) AS BIGINT), 0)"
        }
        let seconds: SQLFragment =
            "(\(offset("'[+-]([0-9]{2})'")) * 3600 + \(offset("'[+-][0-9]{2}:?([0-9]{2})$'")) * 60)"
        let sign: SQLFragment = "CASE WHEN contains(substr(\(text), 20), '-') THEN -1000000 ELSE 1000000 END"
        let pattern: SQLFragment = """
            '[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.,][0-9]+)?\
            ([Zz]|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?'
            """
        return """
            CASE WHEN regexp_full_match(\(text), '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN \(date) \
            WHEN regexp_full_match(\(text), \(pattern)) \
            THEN \(date) + \(time) + \(fraction) - \(seconds) * \(sign) END
            """
    }

    /// By integers: PostgreSQL stops at a date that does not exist, and SQLite takes it for another one.
    private func microsecondsByParts(_ text: SQLFragment) -> SQLFragment {
        func part(_ source: SQLFragment, _ first: SQLFragment, _ count: SQLFragment) -> SQLFragment {
            "CAST(substr(\(source), \(first), \(count)) AS bigint)"
        }
        let (year, month, day) = (part("s", "1", "4"), part("s", "6", "2"), part("s", "9", "2"))
        let (hour, minute, second) = (part("s", "12", "2"), part("s", "15", "2"), part("s", "18", "2"))
        let leap: SQLFragment =
            "CASE WHEN \(year) % 4 = 0 AND (\(year) % 100 <> 0 OR \(year) % 400 = 0) THEN 29 ELSE 28 END"
        let lastDay: SQLFragment =
            "CASE WHEN \(month) = 2 THEN \(leap) WHEN \(month) IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
        // Days from 1970-01-01, by counting years from March, and 400 years too many so that nothing is negative.
        let years: SQLFragment = "(\(year) + 400 - CASE WHEN \(month) <= 2 THEN 1 ELSE 0 END)"
        let days: SQLFragment = """
            (365 * \(years) + \(years) / 4 - \(years) / 100 + \(years) / 400 + (153 * ((\(month) + 9) % 12) + 2) / 5 \
            + \(day) - 865566)
            """
        let isDate: SQLFragment = "\(month) BETWEEN 1 AND 12 AND \(day) BETWEEN 1 AND \(lastDay)"
        // `o` is the text after the fraction, or after the seconds.
        let fraction: SQLFragment = """
            CASE WHEN length(o) < length(s) - 19 \
            THEN CAST(substr(substr(s, 21, length(s) - 20 - length(o)) || '000000', 1, 6) AS bigint) ELSE 0 END
            """
        let minutes: SQLFragment = """
            CASE length(o) WHEN 5 THEN \(part("o", "4", "2")) WHEN 6 THEN \(part("o", "5", "2")) ELSE 0 END
            """
        let offset: SQLFragment = """
            CASE WHEN length(o) < 3 THEN 0 ELSE (CASE WHEN substr(o, 1, 1) = '-' THEN -60 ELSE 60 END) \
            * (\(part("o", "2", "2")) * 60 + \(minutes)) END
            """
        let isTime: SQLFragment = "\(hour) <= 23 AND \(minute) <= 59 AND \(second) <= 60"
        let isOffset: SQLFragment =
            "CASE WHEN length(o) < 3 THEN TRUE ELSE \(part("o", "2", "2")) <= 23 AND \(minutes) <= 59 END"
        return """
            (SELECT CASE WHEN length(s) = 10 AND \(looksLikeDate) THEN CASE WHEN \(isDate) THEN \(days) * 86400000000 END \
            WHEN \(looksLikeTime) THEN CASE WHEN \(isDate) AND \(isTime) AND \(isOffset) THEN (\(days) * 86400 \
            + \(hour) * 3600 + \(minute) * 60 + \(second) - \(offset)) * 1000000 + \(fraction) END END \
            FROM (SELECT s, CASE WHEN substr(s, 20, 1) IN ('.', ',') THEN ltrim(substr(s, 21), '0123456789') \
            ELSE substr(s, 20) END AS o FROM (SELECT \(text) AS s) AS t) AS u)
            """
    }

    private var looksLikeDate: SQLFragment {
        dialect == .sqlite
            ? "s GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'" : "s ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'"
    }

    private var looksLikeTime: SQLFragment {
        guard dialect == .sqlite else {
            return """
                s ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?$'
                """
        }
        return """
            s GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]*' \
            AND substr(s, 20, 2) NOT GLOB '[.,]' AND substr(s, 20, 2) NOT GLOB '[.,][^0-9]' \
            AND (o IN ('', 'Z', 'z') OR o GLOB '[+-][0-9][0-9]' OR o GLOB '[+-][0-9][0-9][0-9][0-9]' \
            OR o GLOB '[+-][0-9][0-9]:[0-9][0-9]')
            """
    }
}
