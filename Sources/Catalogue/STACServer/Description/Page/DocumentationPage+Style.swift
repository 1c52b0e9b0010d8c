import HTTPEdge

extension DocumentationPage {
    static let style: HTML = """

        :root {
          --text: #1b2430; --faint: #566274; --ground: #ffffff; --panel: #f4f6f9; --line: #d9dfe7; --link: #0b5cad;
          --get: #0b6e4f; --post: #0b5cad; --put: #8a4b00; --patch: #6b3fa0; --delete: #b3261e;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --text: #e4e9f0; --faint: #9aa7b8; --ground: #12171e; --panel: #1b222c; --line: #313b48; --link: #7ab8ff;
            --get: #5fcf9f; --post: #7ab8ff; --put: #f0b067; --patch: #c8a6f5; --delete: #ff8a80;
          }
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 1rem; }
        body {
          margin: 0; color: var(--text); background: var(--ground);
          font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
        }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        code { font-size: 0.875em; overflow-wrap: anywhere; }
        td code { overflow-wrap: break-word; }
        nav { padding: 1rem; background: var(--panel); font-size: 0.875rem; }
        nav summary { font-weight: 600; cursor: pointer; }
        nav p { margin: 1rem 0 0.25rem; font-weight: 600; }
        nav ul { margin: 0; padding: 0; list-style: none; }
        nav li a { display: flex; gap: 0.5rem; padding: 0.125rem 0; overflow-wrap: anywhere; }
        nav .method { flex: 0 0 3.5rem; color: var(--faint); font-size: 0.75rem; line-height: 1.75; }
        header, main { padding: 1rem; max-width: 60rem; }
        h1 { margin: 0 0 0.5rem; line-height: 1.2; }
        h2 { margin: 3rem 0 1rem; padding-bottom: 0.25rem; border-bottom: 2px solid var(--line); }
        h3 { margin: 0 0 0.5rem; font-size: 1.0625rem; overflow-wrap: anywhere; }
        h3 a { color: inherit; }
        h4 { margin: 1.25rem 0 0.25rem; font-size: 0.875rem; color: var(--faint); }
        p { margin: 0.5rem 0; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
        dt { color: var(--faint); }
        dd { margin: 0; min-width: 0; }
        article { margin: 0 0 1.5rem; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
        article:target { border-color: var(--link); }
        h3 .method { margin-right: 0.25rem; font-size: 0.875rem; font-weight: 700; }
        .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
        .patch { color: var(--patch); } .delete { color: var(--delete); }
        .token { color: var(--faint); font-style: italic; }
        .required { color: var(--delete); }
        small { color: var(--faint); }
        table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
        th { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; color: var(--faint); font-weight: 600; }
        td { padding: 0.375rem 0.75rem 0.375rem 0; vertical-align: top; border-top: 1px solid var(--line); }
        pre {
          margin: 0.25rem 0 0; padding: 0.75rem; background: var(--panel); border-radius: 0.375rem; white-space: pre-wrap;
        }
        @media (min-width: 60rem) {
          body {
            display: grid; grid-template: "nav header" max-content "nav main" 1fr / 20rem minmax(0, 1fr);
          }
          header, main { padding: 2rem 2.5rem 0; }
          main { padding-top: 0; }
          nav { grid-area: nav; position: sticky; top: 0; height: 100vh; overflow-y: auto; }
          nav summary { list-style: none; }
          details::details-content { content-visibility: visible; }
        }
        @media (max-width: 40rem) {
          article { padding: 0.75rem; }
          thead { display: none; }
          tr { display: block; padding: 0.5rem 0; border-top: 1px solid var(--line); }
          td { display: inline-block; padding: 0 0.5rem 0 0; border: 0; overflow-wrap: anywhere; }
          td code { overflow-wrap: anywhere; }
          td:last-child { display: block; }
          td:empty { display: none; }
        }

        """
}
