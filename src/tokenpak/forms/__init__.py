"""Forms: one small rewriting of a tool result a file, each lossless or with its loss stated.

What each saves, as `benchmarks/forms.py` prints it for 232 recorded sessions (8.9 M tokens as they
stand at their last turns), and of 251 recorded outputs of commands (0.57 M tokens):

    form        sessions   outputs   ms/MB
    gutter         6.23 %    0.3 %     9.5
    search         1.18 %    0.4 %     2.5
    envelope       0.38 %    0.0 %     0.2
    ansi           0.02 %    1.5 %     1.2
    blanks         0.02 %    0.1 %    10.7

Beside them, references save 7.3 %, cuts 3.3 %, filters of commands 1.0 % and folded reminders 0.7 %
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

FORMS: Mapping[str, Form] = {
    form.name: form for form in (Ansi(), Envelope(), Gutter(), Search(), Blanks())
}
"""Every form by name, in the order in which they are applied."""

__all__ = ["FORMS", "Form"]
