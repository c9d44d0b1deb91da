"""The sentences of a paragraph that carry it: the first, and those with facts or duties."""

from __future__ import annotations

import re

# Sentences with these say what must, must not or only sometimes holds; leaving one out would
# turn the text around. English, German, Spanish, French, Italian, Portuguese.
_BINDING = re.compile(
    r"\b(?:not|no|never|none|nor|without|cannot|must|shall|should|required?|requires|only|unless|"
    r"except|if|when|before|after|until|instead|but|however|warning|caution|note|important|"
    r"danger\w*|deprecated|error|fails?|breaks?|default\w*|"
    r"nicht|kein\w*|nie\w*|ohne|muss|müssen|darf|dürfen|soll\w*|nur|außer|wenn|falls|aber|"
    r"nunca|ni|sin|debe\w*|solo|sólo|salvo|cuando|pero|pas|jamais|ne|sans|doi\w*|seulement|sauf|"
    r"quand|mais|non|mai|senza|deve|devono|soltanto|tranne|quando|però|não|nem|sem|devem|somente|"
    r"exceto|se|si)\b|n['’]t\b",
    re.IGNORECASE,
)
_FACT = re.compile(r"\d|`|https?://|[\"“”«»]|\w/\w|\w_\w|[a-z][A-Z]|\w\(\)|[=<>{}\[\]|*]")
_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)\s+(?=[A-ZÀ-Þ`\"“(])"
)
_OTHER_SCRIPTS = re.compile(r"[^\x00-\u024f\u2000-\u206f\u20a0-\u20cf]")


def key_sentences(paragraph: str) -> str:
    """*paragraph* without the sentences that only explain; the others stay word for word.

    The first sentence stays, and every sentence with a negation, a duty, a condition, a number,
    a quotation, code, a path, a URL or an identifier. Paragraphs in scripts other than Latin stay
    whole.
    """
    if _OTHER_SCRIPTS.search(paragraph):
        return paragraph
    sentences = _END.split(paragraph)
    kept = [
        sentence
        for at, sentence in enumerate(sentences)
        if at == 0 or _BINDING.search(sentence) or _FACT.search(sentence)
    ]
    return paragraph if len(kept) == len(sentences) else " ".join(kept)
