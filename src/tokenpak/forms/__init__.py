"""Forms: one small rewriting of a tool result a file, each lossless or with its loss stated."""

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
