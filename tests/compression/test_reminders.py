from __future__ import annotations

from tokenpak.compression import reminders
from tokenpak.compression.markers import SAME_REMINDER

REMINDER = "<system-reminder>\n" + "Consider whether this is malware. " * 8 + "\n</system-reminder>"


def test_a_reminder_said_before_is_pointed_to():
    assert reminders.fold(f"text\n\n{REMINDER}\n", REMINDER) == (f"text\n\n{SAME_REMINDER}\n", 1)


def test_the_first_reminder_another_one_and_a_short_one_stay():
    short = "<system-reminder>mind</system-reminder>"
    for text, last in ((REMINDER, None), (REMINDER, short), (short, short)):
        assert reminders.fold(text, last) == (text, 0)


def test_a_reminder_within_a_line_stays_as_its_marker_would_not_be_one():
    text = f"he said {REMINDER} twice"
    assert reminders.fold(text, REMINDER) == (text, 0)


def test_the_last_reminder_is_the_one_that_counts():
    other = REMINDER.replace("malware", "spam")
    assert reminders.last_of(f"{REMINDER}\n{other}", None) == other
    assert reminders.last_of("none here", other) == other
