import ServiceModule

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Passwords of commands: never from an argument, which other users of the machine can see.
enum PasswordInput {
    /// Asks twice at a terminal, which does not show what is typed; otherwise the first line of standard input.
    ///
    /// - Throws: `CommandError` when there is none, or the two differ.
    static func read() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var hidden = shown
        // Without signals, as glibc's getpass: an interrupted program would leave a terminal that shows nothing.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        let first = try ask("Password: ")
        guard try ask("Password again: ") == first else { throw CommandError("The passwords differ.") }
        return first
    }

    private static func ask(_ prompt: String) throws -> String {
        Console.current.errors(prompt)
        defer { Console.status("") }
        let line = try line()
        // Control-C.
        guard !line.contains("\u{3}") else { throw CommandError("Interrupted.") }
        return line
    }

    private static func line() throws -> String {
        guard let line = readLine() else {
            throw CommandError("There is no password on standard input.")
        }
        return line
    }
}
