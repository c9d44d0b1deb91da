"""Forms: one small rewriting of a tool result a file, each lossless or with its loss stated.

What each saves, as `benchmarks/forms.py` prints it for 232 recorded sessions (8.9 M tokens as they
stand at their last turns), and of 251 recorded outputs of commands (0.57 M tokens):

    form        sessions   outputs   ms/MB
    gutter         6.23 %    0.3 %     6.8
    search         2.06 %    0.4 %     3.1
    envelope       0.38 %    0.0 %     0.3
    written        0.32 %    0.0 %     0.5
    ansi           0.02 %    1.5 %     1.1
    blanks         0.02 %    0.1 %    11.9

Beside them, references save 7.4 %, cuts 3.1 %, filters of commands 0.9 % and folded reminders 0.7 %
of the sessions.
"""

from __future__ import annotations

from collections.abc import Mapping

from tokenpak.forms.ansi import Ansi
from tokenpak.forms.base import Form
from tokenpak.forms.blanks import Blanks
from tokenpak.forms.envelope import Envelope
from tokenpak.forms.gutter import Gutter
from tokenpak.forms.search import Search
from tokenpak.forms.written import Written

FORMS: Mapping[str, Form] = {
    form.name: form for form in (Ansi(), Envelope(), Written(), Gutter(), Search(), Blanks())
}
"""Every form by name, in the order in which they are applied."""

__all__ = ["FORMS", "Form"]
