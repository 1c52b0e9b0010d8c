import HTTPEdge

/// The design of all pages: one column on a telephone, cards on wider screens, light and dark as the system is.
enum PageStyle {
    static let text: HTML = """

        :root {
          --ground: #f3f5f7; --card: #ffffff; --text: #17212b; --soft: #52606d; --line: #cfd6dd; --field: #7b8794;
          --accent: #0b5d7a; --accent-text: #ffffff; --accent-hover: #084860; --focus: #b45309;
          --bad: #a61b1b; --bad-ground: #fdf0ef; --good: #14603a; --good-ground: #ecf7f0;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #11181f; --card: #1a232c; --text: #e6ebf0; --soft: #a9b6c2; --line: #33414e; --field: #8495a5;
            --accent: #6cc4e4; --accent-text: #06212d; --accent-hover: #94d6ee; --focus: #fbbf24;
            --bad: #ffa49c; --bad-ground: #351d1d; --good: #83dba8; --good-ground: #162d21;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
        a { color: var(--accent); text-underline-offset: 0.15em; }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
        .away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--card); }
        .top { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; justify-content: space-between;
          max-width: 64rem; margin: 0 auto; padding: 1rem 1.25rem; }
        .brand { display: flex; gap: 0.6rem; align-items: center; color: var(--text); font-weight: 650;
          font-size: 1.125rem; text-decoration: none; }
        .brand svg { color: var(--accent); }
        .session { display: flex; gap: 0.75rem; align-items: center; margin: 0; color: var(--soft);
          font-size: 0.9375rem; }
        .session strong { color: var(--text); }
        main { margin: 1rem auto 4rem; padding: 0 1.25rem; }
        main.narrow { max-width: 32rem; }
        main.wide { max-width: 64rem; }
        @media (min-width: 40rem) {
          main.narrow { margin-top: 2.5rem; padding: 2rem 2.25rem 2.25rem; background: var(--card);
            border: 1px solid var(--line); border-radius: 12px; }
        }
        h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.25; overflow-wrap: anywhere; }
        h2 { margin: 0 0 0.75rem; font-size: 1.1875rem; line-height: 1.3; }
        h3 { margin: 1.25rem 0 0.5rem; font-size: 1rem; }
        p { margin: 0 0 1rem; }
        .soft, .hint { color: var(--soft); }
        .card { margin: 0 0 1.25rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line);
          border-radius: 12px; }
        .card > :last-child, .card form:last-child { margin-bottom: 0; }
        form { margin: 0 0 1.25rem; }
        .field { margin: 0 0 1.125rem; }
        label, legend { display: block; margin-bottom: 0.25rem; font-weight: 600; }
        fieldset { margin: 0 0 1.125rem; padding: 0; border: 0; }
        .hint { margin: 0 0 0.375rem; font-size: 0.9375rem; }
        input[type=text], input[type=password], input[type=date] { width: 100%; min-height: 2.75rem;
          padding: 0.5rem 0.75rem; border: 1px solid var(--field); border-radius: 8px; background: var(--card);
          color: var(--text); font: inherit; }
        input[aria-invalid=true] { border: 2px solid var(--bad); }
        .code input { max-width: 14rem; font-size: 1.25rem; letter-spacing: 0.12em; font-variant-numeric: tabular-nums; }
        .error { margin: 0 0 0.375rem; color: var(--bad); font-weight: 600; }
        .check { display: flex; gap: 0.75rem; align-items: flex-start; margin: 0 0 1rem; }
        .check input { flex: none; width: 1.375rem; height: 1.375rem; margin: 0.0625rem 0 0; accent-color: var(--accent); }
        .check label { margin: 0; font-weight: 400; }
        button, .button { display: inline-block; min-height: 2.75rem; padding: 0.5rem 1.25rem; border: 1px solid var(--accent);
          border-radius: 8px; background: var(--accent); color: var(--accent-text); font: inherit; font-weight: 600;
          text-decoration: none; cursor: pointer; }
        button:hover, .button:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
        .secondary { background: transparent; color: var(--accent); }
        .secondary:hover { background: transparent; color: var(--accent-hover); text-decoration: underline; }
        .quiet { min-height: 2.25rem; padding: 0.25rem 0.875rem; background: transparent; color: var(--accent);
          border-color: var(--line); font-size: 0.9375rem; }
        .quiet:hover { background: transparent; color: var(--accent-hover); border-color: var(--accent); }
        .danger { color: var(--bad); }
        .danger:hover { color: var(--bad); border-color: var(--bad); }
        .whole button { width: 100%; }
        .actions { display: flex; flex-wrap: wrap; gap: 0.75rem; }
        .actions form, .inline { margin: 0; }
        .summary { margin: 0 0 1.5rem; padding: 1rem 1.25rem; border: 2px solid var(--bad); border-radius: 10px;
          background: var(--bad-ground); }
        .summary h2 { margin-bottom: 0.25rem; font-size: 1.0625rem; }
        .summary ul { margin: 0; padding-left: 1.25rem; }
        .summary a { color: var(--bad); font-weight: 600; }
        .notice { padding: 0.75rem 1.25rem; border-radius: 10px; background: var(--good-ground); color: var(--good);
          font-weight: 600; }
        .divider { display: flex; gap: 1rem; align-items: center; margin: 1.5rem 0; color: var(--soft); font-size: 0.9375rem; }
        .divider::before, .divider::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
        details { margin: 0 0 1rem; }
        summary { color: var(--accent); cursor: pointer; font-weight: 600; }
        details[open] > summary { margin-bottom: 0.75rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.375rem 1.25rem; margin: 0 0 1rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .rows { margin: 0 0 1rem; padding: 0; list-style: none; }
        .rows > li { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; justify-content: space-between;
          padding: 0.75rem 0; border-top: 1px solid var(--line); }
        .rows > li:first-child { border-top: 0; }
        .rows > li > div:first-child { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere; }
        .rows p, .rows details { margin: 0; }
        .rows details[open] { margin-top: 0.5rem; }
        .rows summary { font-size: 0.9375rem; font-weight: 400; }
        .badge { display: inline-block; margin-left: 0.5rem; padding: 0 0.5rem; border: 1px solid var(--line);
          border-radius: 999px; color: var(--soft); font-size: 0.8125rem; font-weight: 600; }
        .tag { font-family: ui-monospace, Menlo, Consolas, monospace; }
        code, .secret { font-family: ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .secret { display: block; margin: 0 0 1rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 8px;
          background: var(--ground); font-size: 1rem; user-select: all; }
        .compare { margin: 0 0 1rem; padding: 0.75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground);
          font: 650 1.75rem/1.3 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 0.1em; text-align: center; }
        .qr { display: block; width: 13rem; height: 13rem; margin: 0 auto 1rem; border-radius: 8px; }
        .codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.25rem 1.5rem; margin: 0 0 1.25rem;
          padding: 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--ground); list-style: none;
          font: 1.0625rem/1.7 ui-monospace, Menlo, Consolas, monospace; }
        .terms { max-height: 24rem; margin: 0 0 1.25rem; padding: 1rem; overflow: auto; border: 1px solid var(--line);
          border-radius: 8px; }
        .steps { padding-left: 1.25rem; }
        .steps li { margin-bottom: 0.75rem; }
        @media (min-width: 60rem) { .columns { columns: 2; column-gap: 1.25rem; } .columns .card { break-inside: avoid; } }
        @media print { .top, .skip, form, .notice { display: none; } main { margin: 0; } }

        """
}
