"""Runs blocks of Python and SQL that come as JSON on standard input, a line each, in one namespace.

For each, a line [OUTPUT, ERROR] comes back. SQL is DuckDB's, in the connection that `duckdb.sql` has.
"""

import contextlib
import io
import json
import linecache
import sys
import traceback


def run(language, text, place, names):
    if language == "sql":
        import duckdb

        result = duckdb.sql(text)
        if result is not None:
            print(result)
    else:
        # For tracebacks, which show the lines.
        linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
        exec(compile(text, place, "exec"), names)


def main():
    names = {"__name__": "__main__"}
    results = sys.stdout
    for line in sys.stdin:
        output, error = io.StringIO(), None
        with contextlib.redirect_stdout(output):
            try:
                run(*json.loads(line), names)
            except BaseException:
                error = traceback.format_exc()
        print(json.dumps([output.getvalue(), error]), file=results, flush=True)


if __name__ == "__main__":
    main()
