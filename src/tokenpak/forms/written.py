"""What an agent's edit tool says when it is done, with the path that the call names already."""

from __future__ import annotations

import re

from tokenpak.canonical import Part
from tokenpak.toolcall import file_path

# Claude Code's Edit and Write.
_STARTS = ("The file ", "File created successfully at: ")
_FOLDERS = re.compile(r".*[/\\]")


class Written:
    """`The file /home/me/app/cart.ts has been updated` becomes `The file cart.ts has been updated`.

    Only where the call that is answered names that very path.
    """

    name = "written"
    loss = "whether the client named the file by its whole path or by its name"

    def apply(self, text: str, part: Part) -> str:
        start = next((each for each in _STARTS if text.startswith(each)), None)
        path = file_path(part.call) if start is not None else None
        if start is None or path is None or not text.startswith(path, len(start)):
            return text
        end = len(start) + len(path)
        if text[end : end + 1] not in ("", " ", "\n"):
            return text
        return f"{start}{_FOLDERS.sub('', path)}{text[end:]}"
