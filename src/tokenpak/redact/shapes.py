"""Keys that are known by their shape: a prefix of their issuer and a run of random characters.

Prefixes and lengths are those that the issuers document; lengths are lower bounds, so that a
longer key of a later day is taken whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tokenpak.redact.rule import Rule, Span, begins_run, begins_word
from tokenpak.redact.value import is_mixed

# kind, anchors, what must follow each. A group is the secret, else all of it is.
_SHAPES: tuple[tuple[str, str, str], ...] = (
    ("google", "AIza", r"[\w-]{30,}"),
    ("google", "ya29.", r"[\w.-]{20,}"),
    ("google", "GOCSPX-", r"[\w-]{20,}"),
    ("google", "1//0", r"[\w-]{30,}"),
    ("github", "ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{20,}"),
    ("github", "github_pat_", r"\w{20,}"),
    ("gitlab", "glpat- gldt- glrt- glptt- glcbt- gloas-", r"[\w.-]{16,}"),
    ("slack", "xapp-", r"\d-[A-Z0-9]{6,}-[A-Za-z0-9-]{10,}"),
    ("slack", "hooks.slack.com/", r"(?:services|workflows|triggers)/([\w/-]{16,})"),
    ("npm", "npm_", r"[A-Za-z0-9]{30,}"),
    ("pypi", "pypi-", r"[\w-]{40,}"),
    ("stripe", "sk_live_ rk_live_ sk_test_ rk_test_", r"[A-Za-z0-9]{10,}"),
    ("stripe", "whsec_", r"[A-Za-z0-9+/=]{20,}"),
    ("azure", "AccountKey=", r"([A-Za-z0-9+/=]{20,})"),
    ("azure", "sig=", r"([\w%+/=-]{20,})"),
    ("sendgrid", "SG.", r"[\w-]{16,}\.[\w-]{16,}"),
    ("twilio", "SK AC", r"[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("huggingface", "hf_", r"[A-Za-z0-9]{20,}"),
    ("huggingface", "api_org_", r"[A-Za-z0-9]{20,}"),
    ("digitalocean", "dop_v1_ doo_v1_ dor_v1_", r"[a-f0-9]{32,}"),
    ("cloudflare", "v1.0-", r"[a-f0-9]{24}-[a-f0-9]{100,}"),
    ("discord", "/api/webhooks/", r"\d{10,22}/([\w-]{20,})"),
    ("sentry", "sntrys_ sntryu_", r"[\w+/=]{20,}"),
    ("heroku", "HRKU-", r"[\w-]{20,}"),
    ("shopify", "shpat_ shpca_ shppa_ shpss_", r"[A-Fa-f0-9]{32,}"),
    ("docker", "dckr_pat_", r"[\w-]{20,}"),
    ("linear", "lin_api_", r"[A-Za-z0-9]{30,}"),
    ("groq", "gsk_", r"[A-Za-z0-9]{40,}"),
    ("xai", "xai-", r"[A-Za-z0-9]{40,}"),
    ("nvidia", "nvapi-", r"[\w-]{40,}"),
    ("perplexity", "pplx-", r"[A-Za-z0-9]{30,}"),
    ("replicate", "r8_", r"[A-Za-z0-9]{30,}"),
    ("langsmith", "lsv2_", r"(?:pt|sk)_[a-f0-9]{20,}\w*"),
    ("vault", "hvs. hvb.", r"[\w-]{24,}"),
    ("databricks", "dapi", r"[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])"),
    ("grafana", "glsa_ glc_", r"[\w+/=]{30,}"),
    ("pulumi", "pul-", r"[a-f0-9]{40,}"),
    ("rubygems", "rubygems_", r"[a-f0-9]{48,}"),
    ("figma", "figd_", r"[\w-]{30,}"),
    ("postman", "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34,}"),
    ("atlassian", "ATATT3", r"[\w=-]{60,}"),
    ("newrelic", "NRAK-", r"[A-Z0-9]{27,}"),
    ("age", "AGE-SECRET-KEY-1", r"[0-9A-Z]{40,}"),
    ("supabase", "sbp_", r"[a-f0-9]{40,}"),
    ("tailscale", "tskey-", r"[a-z]+-[A-Za-z0-9-]{20,}"),
    ("dynatrace", "dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{40,}"),
    # What `-----BEGIN` is in base64, save certificates and public keys.
    ("private-key", "LS0tLS1CRUdJTi", r"(?!BDRVJU|BQVUJM)[A-Za-z0-9+/=]{20,}"),
)
# A Discord token begins with the base64 of the first digits of a number.
_DISCORD = "MT Mj Mz ND NT Nj Nz OD OT"
_JWT = r"[\w-]{10,}+\.(?:eyJ[\w-]{8,}+(?:\.[\w-]*)?|[\w-]*+\.[\w-]{8,}+\.[\w-]{8,}+\.[\w-]{8,})"
_AWS = re.compile(
    rb"[A-Z0-9]{16}(?![A-Za-z0-9])(?:[\s,:;|\"']{1,8}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=]))?"
)
_RUN = re.compile(rb"[\w-]{20,}")
_XOX = re.compile(rb"[abcdeoprs](?:\.xox[bp])?-[\w%-]{10,}")
_TELEGRAM = re.compile(rb":AA[\w-]{30,}")
_BOT = re.compile(rb"(?<!\d)\d{8,10}\Z")
_MAILGUN = re.compile(rb"key-[0-9a-f]{32}(?![A-Za-z0-9])")
_UUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HEROKU = re.compile(
    rb"heroku[\w .-]{0,30}[\"']?[ \t]{0,4}[=:>]{1,2}[ \t\"']{0,4}(%s)" % _UUID, re.I
)


def _shape(kind: str, prefix: bytes, rest: str) -> Rule:
    """The rule for *prefix* with *rest* after it."""
    pattern = re.compile(rest.encode())
    length, group = len(prefix), pattern.groups
    within = not prefix[:1].isalnum()

    def rule(data: bytes, place: int, done: int) -> Sequence[Span]:
        match = pattern.match(data, place + length)
        if match is None or not (within or begins_word(data, place, done)):
            return ()
        return ((match.start(group) if group else place, match.end(group), kind),)

    return rule


def _aws(data: bytes, place: int, done: int) -> Sequence[Span]:
    """An access key id, and the secret key that stands right after it, as in a CSV file."""
    match = _AWS.match(data, place + 4)
    if match is None or not begins_word(data, place, done):
        return ()
    key = (place, place + 20, "aws")
    return (key, (*match.span(1), "aws")) if match[1] else (key,)


def _jwt(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _JWT_REST.match(data, place + 3) if begins_run(data, place, done) else None
    return ((place, match.end(), "jwt"),) if match else ()


def _sk(data: bytes, place: int, done: int) -> Sequence[Span]:
    """A key of Anthropic, OpenAI or one of the many that followed them; no class name of CSS."""
    match = _RUN.match(data, place) if begins_run(data, place, done) else None
    if match is None or not any(map(is_mixed, re.split(rb"[-_]", match[0]))):
        return ()
    return ((place, match.end(), "anthropic" if match[0][3:7] == b"ant-" else "openai"),)


def _xox(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _XOX.match(data, place + 3) if begins_run(data, place, done) else None
    found = match is not None and any(each in match[0] for each in _DIGITS)
    return ((place, match.end(), "slack"),) if match and found else ()


def _telegram(data: bytes, place: int, done: int) -> Sequence[Span]:
    """The secret half of `number:AA…`; the number is the bot's public name."""
    match = _TELEGRAM.match(data, place)
    if match is None or not _BOT.search(data, max(done, place - 11), place):
        return ()
    return ((place + 1, match.end(), "telegram"),)


def _mailgun(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _MAILGUN.match(data, place) if begins_word(data, place, done) else None
    return ((place, match.end(), "mailgun"),) if match else ()


def _heroku(data: bytes, place: int, done: int) -> Sequence[Span]:
    match = _HEROKU.match(data, place)
    return ((*match.span(1), "heroku"),) if match else ()


def _rules() -> Iterator[tuple[bytes, Rule]]:
    for kind, anchors, rest in (*_SHAPES, ("discord", _DISCORD, _DISCORD_REST)):
        for anchor in anchors.encode().split():
            yield anchor, _shape(kind, anchor, rest)
    for anchor in (b"AKIA", b"ASIA", b"ABIA", b"ACCA"):
        yield anchor, _aws


_DIGITS = tuple(b"%d" % each for each in range(10))
_DISCORD_REST = r"[\w-]{22,26}\.[\w-]{6}\.[\w-]{25,}"
_JWT_REST = re.compile(_JWT.encode())

RULES: tuple[tuple[bytes, Rule], ...] = (
    *_rules(),
    (b"eyJ", _jwt),
    (b"sk-", _sk),
    (b"xox", _xox),
    (b":AA", _telegram),
    (b"key", _mailgun),
    (b"heroku", _heroku),
)
