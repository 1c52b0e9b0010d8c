import Identity
import Mail

extension MailMessage {
    static func invitation(to address: MailAddress, sponsor: String, project: String, link: String) -> MailMessage {
        MailMessage(
            to: address, subject: "Invitation to terrabyte",
            text: """
                You are invited to terrabyte by \(sponsor), to work on: \(project).

                Choose a user name and a password, and enrol a second factor, within 7 days:

                \(link)

                The link is for you alone. If you do not know what this is about, ignore this message.

                """)
    }

    static func passwordReset(to address: MailAddress, name: String, link: String) -> MailMessage {
        MailMessage(
            to: address, subject: "Set your password for terrabyte",
            text: """
                Set a password for your account \(name) within 24 hours:

                \(link)

                The link works once, and is for you alone. If you have not asked for it, tell the platform's support.

                """)
    }

    static func end(to address: MailAddress, name: String, day: String, sponsor: String?) -> MailMessage {
        MailMessage(
            to: address, subject: "Your account for terrabyte ends on \(day)",
            text: """
                Your account \(name) ends on \(day) (UTC). From then on, you cannot sign in, and nothing of yours runs.

                \(sponsor.map { "Your sponsor \($0) can ask for a later end." } ?? "The platform's support can set a later end.")

                """)
    }
}
