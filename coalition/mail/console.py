"""Console mail backend for development and the demo."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Prints a decoded message instead of the encoded one with its broken links."""

    def write_message(self, message: EmailMessage) -> None:
        lines = [
            f"To: {', '.join(message.recipients())}",
            f"From: {message.from_email}",
            f"Subject: {message.subject}",
            *(f"Attached: {part.get_filename()}" for part in message.message().walk() if part.get_filename()),
            "",
            str(message.body),
            "-" * 79,
        ]
        self.stream.write("\n".join(lines) + "\n")
