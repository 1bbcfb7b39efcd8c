"""Mail that is printed can be read, and its links opened."""

import io

from django.core.mail import EmailMultiAlternatives

from coalition.mail.bounces import EmailBackend

LINK = "https://coalition.example/accounts/invitation/" + "abcdefghij" * 12


def test_a_message_is_printed_as_it_is_read():
    message = EmailMultiAlternatives(
        "Шақыру", f"Сәлеметсіз бе!\n{LINK}\n", "Қорғау123 <no-reply@tests.example>", ["one@tests.example"]
    )
    message.attach_alternative("<p>Сәлеметсіз бе!</p>", "text/html")
    message.attach("жоспар.ics", "BEGIN:VCALENDAR", "text/calendar")
    stream = io.StringIO()
    assert EmailBackend(stream=stream).send_messages([message]) == 1
    lines = stream.getvalue().splitlines()
    assert "To: one@tests.example" in lines
    assert "Subject: Шақыру" in lines
    assert "Attached: жоспар.ics" in lines
    assert LINK in lines
