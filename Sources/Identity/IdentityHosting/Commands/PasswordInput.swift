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
        let first = try ask("Password: ")
        guard try ask("Password again: ") == first else { throw CommandError("The passwords differ.") }
        return first
    }

    private static func ask(_ prompt: String) throws -> String {
        Console.current.errors(prompt)
        var shown = termios()
        tcgetattr(STDIN_FILENO, &shown)
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            Console.status("")
        }
        return try line()
    }

    private static func line() throws -> String {
        guard let line = readLine() else {
            throw CommandError("There is no password on standard input.")
        }
        return line
    }
}
