"""Secrets of every known shape, made at run time so that no scanner takes this file for a leak."""

from __future__ import annotations

import string
from base64 import b64encode
from random import Random
from typing import NamedTuple

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
URLSAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"


class Sample(NamedTuple):
    """A text with a secret in it, the secret, and the kind under which it is taken out."""

    name: str
    text: str
    secret: str
    kind: str


_random = Random(20_26)


def run(alphabet: str, length: int) -> str:
    """Characters drawn by lot, a letter and a digit (in what alphabet has both) at least."""
    while True:
        drawn = "".join(_random.choices(alphabet, k=length))
        inside = drawn.strip("-_+/")
        if inside == drawn and any(map(str.isdigit, drawn)) and any(map(str.isalpha, drawn)):
            return drawn


def uuid() -> str:
    return "-".join(run(HEX, length) for length in (8, 4, 4, 4, 12))


def armour(kind: str, lines: int = 12, end: str = "\n") -> str:
    """A private key in PEM."""
    dash = "-" * 5
    body = [run(BASE64, 64) for _ in range(lines)]
    rows = [f"{dash}BEGIN {kind}{dash}", *body, f"{run(ALNUM, 30)}==", f"{dash}END {kind}{dash}"]
    return end.join(rows)


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")


def jwt() -> str:
    head, claims = '{"alg":"HS256","typ":"JWT"}', '{"sub":"1234567890","iat":1516239022}'
    return f"{encoded(head)}.{encoded(claims)}.{run(URLSAFE, 43)}"


# By prefix: where a token of the issuer stands in a sentence, nothing else gives it away.
_BARE = {
    "anthropic": ("anthropic", "sk-" + "ant-api03-", URLSAFE, 95),
    "anthropic, admin": ("anthropic", "sk-" + "ant-admin01-", URLSAFE, 95),
    "openai, old": ("openai", "sk-", ALNUM, 48),
    "openai, project": ("openai", "sk-" + "proj-", URLSAFE, 124),
    "openai, service account": ("openai", "sk-" + "svcacct-", URLSAFE, 120),
    "openrouter": ("openai", "sk-" + "or-v1-", HEX, 64),
    "google api": ("google", "AI" + "za", URLSAFE, 35),
    "google oauth": ("google", "ya" + "29.", URLSAFE, 68),
    "google client": ("google", "GOC" + "SPX-", URLSAFE, 28),
    "google refresh": ("google", "1/" + "/0", URLSAFE, 60),
    "github personal": ("github", "gh" + "p_", ALNUM, 36),
    "github oauth": ("github", "gh" + "o_", ALNUM, 36),
    "github user": ("github", "gh" + "u_", ALNUM, 36),
    "github server": ("github", "gh" + "s_", ALNUM, 36),
    "github refresh": ("github", "gh" + "r_", ALNUM, 76),
    "github fine-grained": ("github", "github" + "_pat_", ALNUM + "_", 82),
    "gitlab personal": ("gitlab", "gl" + "pat-", URLSAFE, 20),
    "gitlab runner": ("gitlab", "gl" + "rt-", URLSAFE, 20),
    "gitlab deploy": ("gitlab", "gl" + "dt-", URLSAFE, 20),
    "npm": ("npm", "np" + "m_", ALNUM, 36),
    "pypi": ("pypi", "py" + "pi-AgEIcHlwaS5vcmc", URLSAFE, 120),
    "stripe secret": ("stripe", "sk_" + "live_", ALNUM, 24),
    "stripe restricted": ("stripe", "rk_" + "live_", ALNUM, 99),
    "stripe test": ("stripe", "sk_" + "test_", ALNUM, 24),
    "stripe webhook": ("stripe", "wh" + "sec_", ALNUM, 32),
    "sendgrid": ("sendgrid", "S" + "G." + run(URLSAFE, 22) + ".", URLSAFE, 43),
    "twilio key": ("twilio", "S" + "K", HEX, 32),
    "twilio account": ("twilio", "A" + "C", HEX, 32),
    "hugging face": ("huggingface", "h" + "f_", ALNUM, 34),
    "hugging face org": ("huggingface", "api" + "_org_", ALNUM, 34),
    "digitalocean": ("digitalocean", "do" + "p_v1_", HEX, 64),
    "digitalocean oauth": ("digitalocean", "do" + "o_v1_", HEX, 64),
    "cloudflare origin": ("cloudflare", "v1" + ".0-" + run(HEX, 24) + "-", HEX, 146),
    "slack app": ("slack", "xa" + "pp-1-" + run(UPPER, 11) + "-1234567890123-", HEX, 64),
    "mailgun": ("mailgun", "ke" + "y-", HEX, 32),
    "sentry token": ("sentry", "snt" + "rys_", ALNUM, 90),
    "heroku, new": ("heroku", "HR" + "KU-AA", URLSAFE, 58),
    "shopify": ("shopify", "shp" + "at_", HEX, 32),
    "docker": ("docker", "dck" + "r_pat_", URLSAFE, 27),
    "linear": ("linear", "lin" + "_api_", ALNUM, 40),
    "groq": ("groq", "gs" + "k_", ALNUM, 52),
    "xai": ("xai", "xa" + "i-", ALNUM, 80),
    "nvidia": ("nvidia", "nv" + "api-", URLSAFE, 64),
    "perplexity": ("perplexity", "pp" + "lx-", ALNUM, 48),
    "replicate": ("replicate", "r8" + "_", ALNUM, 37),
    "langsmith": ("langsmith", "ls" + "v2_pt_", HEX, 42),
    "vault": ("vault", "hv" + "s.", URLSAFE, 90),
    "databricks": ("databricks", "da" + "pi", HEX, 32),
    "grafana": ("grafana", "gl" + "sa_", ALNUM, 41),
    "pulumi": ("pulumi", "pu" + "l-", HEX, 40),
    "rubygems": ("rubygems", "ruby" + "gems_", HEX, 48),
    "figma": ("figma", "fi" + "gd_", URLSAFE, 40),
    "postman": ("postman", "PM" + "AK-" + run(HEX, 24) + "-", HEX, 34),
    "atlassian": ("atlassian", "ATA" + "TT3", URLSAFE, 180),
    "new relic": ("newrelic", "NR" + "AK-", UPPER, 27),
    "age": ("age", "AGE-" + "SECRET-KEY-1", UPPER, 58),
    "supabase": ("supabase", "sb" + "p_", HEX, 40),
    "tailscale": ("tailscale", "ts" + "key-auth-", ALNUM, 40),
    "dynatrace": ("dynatrace", "dt" + "0c01." + run(UPPER, 24) + ".", UPPER, 64),
}
BARE = [
    *(
        Sample(name, prefix + body, prefix + body, kind)
        for name, (kind, prefix, alphabet, length) in _BARE.items()
        for body in (run(alphabet, length),)
    ),
    *(
        Sample(f"aws {head}", key, key, "aws")
        for head in ("AK" + "IA", "AS" + "IA")
        for key in (head + run(UPPER, 16),)
    ),
    *(
        Sample(f"slack {head}", token, token, "slack")
        for head in ("xox" + "b", "xox" + "p", "xox" + "a-2", "xox" + "e.xox" + "p-1")
        for token in (f"{head}-{run('123456789a', 12)}-{run('123456789b', 12)}-{run(ALNUM, 24)}",)
    ),
    *(Sample("jwt", token, token, "jwt") for token in (jwt(),)),
    *(
        Sample("discord", token, token, "discord")
        for token in (f"MT{run(ALNUM, 24)}.{run(URLSAFE, 6)}.{run(URLSAFE, 38)}",)
    ),
    *(
        Sample(f"pem {kind}", key, key, "private-key")
        for kind in ("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY")
        for key in (armour(kind),)
    ),
    *(
        Sample("pgp", key, key, "private-key")
        for key in (armour("PGP PRIVATE KEY BLOCK"),)
    ),
    *(
        Sample("kubeconfig key", text, text, "private-key")
        for text in (encoded(armour("RSA PRIVATE KEY")),)
    ),
]  # fmt: skip


def _within(name: str, kind: str, template: str, secret: str) -> Sample:
    return Sample(name, template.replace("@@", secret), secret, kind)


# What stands around a secret gives it away.
PLACED = [
    _within("telegram", "telegram", "bot = 987654321:@@", "AA" + run(URLSAFE, 33)),
    _within("slack webhook", "slack", "https://hooks.slack.com/services/@@",
            f"T{run(UPPER, 8)}/B{run(UPPER, 8)}/{run(ALNUM, 24)}"),
    _within("discord webhook", "discord", "https://discord.com/api/webhooks/123456789012345678/@@",
            run(URLSAFE, 68)),
    _within("url password", "url-password", "postgres://app:@@@db:5432/x", "hunter2"),
    _within("url password with @", "url-password", "redis://:@@@cache:6379", "p@ssw0rd!"),
    _within("url key", "url-password", "git clone https://@@@git.example.com/a.git",
            run(ALNUM, 40)),
    _within("sentry dsn", "sentry", "dsn: https://@@@o1.ingest.sentry.io/4", run(HEX, 32)),
    _within("azure storage", "azure", "AccountName=a;AccountKey=@@;EndpointSuffix=x",
            run(BASE64, 86) + "=="),
    _within("azure bus", "api-key", "SharedAccessKeyName=Root;SharedAccessKey=@@",
            run(BASE64, 43) + "="),
    _within("azure sas", "azure", "https://a.example/c?sv=2024&sig=@@&se=1",
            run(ALNUM, 40) + "%3D"),
    _within("aws secret in ini", "aws", "aws_secret_access_key = @@\n", run(BASE64, 40)),
    _within("aws secret in json", "aws", '{"SecretAccessKey": "@@"}', run(BASE64, 40)),
    _within("aws secret in csv", "aws", "AK" + "IA" + run(UPPER, 16) + ",@@\n", run(BASE64, 40)),
    _within("bearer header", "authorization", "Authorization: Bearer @@", run(URLSAFE, 40)),
    _within("short bearer", "authorization", '-H "Authorization: Bearer @@"', "a1b2c3d4e5"),
    _within("basic header", "authorization", "authorization: Basic @@", encoded("aladdin:sesam!")),
    _within("bearer alone", "authorization", "sent Bearer @@ to it", run(ALNUM, 32)),
    _within("authorization in a dict", "authorization", "{'Authorization': 'Token @@'}",
            run(HEX, 40)),
    _within("x-api-key header", "api-key", "x-api-key: @@\n", run(ALNUM, 32)),
    _within("docker config", "registry-auth", '{"auths":{"r.io":{"auth":"@@"}}}',
            encoded("robot:opensesame1")),
    _within("npmrc", "token", "//r.example/:_authToken=@@", uuid()),
    _within("npmrc, old", "registry-auth", "_auth=@@", encoded("me:opensesame1")),
    _within("heroku", "heroku", "heroku key: @@", uuid()),
    _within("heroku variable", "heroku", "HEROKU_API_KEY=@@", uuid()),
    _within("datadog", "api-key", "DD_API_KEY=@@", run(HEX, 32)),
    _within("datadog app", "api-key", "dd_app_key: '@@'", run(HEX, 40)),
    _within("cloudflare", "api-key", "CF_API_KEY=@@", run(HEX, 37)),
    _within("cloudflare token", "token", 'cloudflare_api_token = "@@"', run(URLSAFE, 40)),
    _within("mailgun variable", "api-key", "MAILGUN_API_KEY: @@\n",
            f"{run(HEX, 32)}-{run(HEX, 8)}"),
    _within("json password", "password", '{"user": "a", "password": "@@"}', "hunter2"),
    _within("json password in json", "password", r'{\"password\": \"@@\", \"x\": 1}', "hunter2"),
    _within("json of words", "password", '{"db_password":"@@"}', "letmeinplease"),
    _within("json api key", "api-key", '{"api_key": "@@"}', run(ALNUM, 24)),
    _within("json client secret", "secret", '{"clientSecret":"@@"}', run(URLSAFE, 40)),
    _within("password with a quote", "password", r'password = "@@"', r"hun\"ter2!"),
    _within("env password", "password", "DB_PASSWORD=@@", "pa(ss,w)0rd"),
    _within("env password of words", "password", "POSTGRES_PASSWORD=@@", "letmein"),
    _within("env password with spaces", "password", 'ADMIN_PASSWORD="@@"', "two words, no less"),
    _within("env secret of words", "secret", "export JWT_SECRET=@@", "mysupersecretphrase"),
    _within("env key", "secret", "SECRET_KEY=@@", run(ALNUM, 50)),
    _within("django key", "secret", "SECRET_KEY = '@@'", "django-insecure-#k3$x!9(a_^q2=w"),
    _within("compose", "password", "      MYSQL_ROOT_PASSWORD: @@\n", "letmein"),
    _within("yaml", "password", "db:\n  password: @@\n", "hunter2"),
    _within("yaml token", "token", "token: @@\n", run(ALNUM, 20)),
    _within("kubernetes", "password", "- name: DB_PASSWORD\n  value: @@\n", "s3same!"),
    _within("task definition", "api-key", '{"name":"API_KEY","value":"@@"}', run(ALNUM, 24)),
    _within("option", "password", "mysql --password @@ db", "hunter2"),
    _within("option with =", "token", "cli --token=@@ --all", run(ALNUM, 24)),
    _within("curl", "password", "curl -s -u admin:@@ https://a.example", "hunter2"),
    _within("query", "token", "GET /a?access_token=@@&x=1", run(ALNUM, 32)),
    _within("dsn", "password", "Server=a;User Id=sa;Password=@@;", "hunter2"),
    _within("xml", "password", "<password>@@</password>", "hunter2"),
    _within("go", "token", 'token := "@@"', run(ALNUM, 32)),
    _within("ruby", "secret", ":secret => '@@'", run(ALNUM, 32)),
    _within("code", "password", "connect(user='a', password='@@')", "hunter2"),
    _within("environ", "token", 'os.environ["API_TOKEN"] = "@@"', run(ALNUM, 32)),
    _within("default", "api-key", 'getenv("API_KEY", "@@")', run(ALNUM, 32)),
    _within("camel case", "password", 'dbPass: "@@"', "hunter2"),
    _within("nodemailer", "password", "auth: { user: 'a', pass: '@@' }", "hunter2"),
    _within("pem in json", "private-key", '{"private_key": "@@\\n"}',
            armour("PRIVATE KEY", end="\\n")),
    _within("pem in a listing", "private-key", "@@",
            armour("RSA PRIVATE KEY", end="\n    12\u2192")),
    _within("pem in a diff", "private-key", "+@@\n", armour("EC PRIVATE KEY", end="\n+")),
    _within("pem cut at the end", "private-key", "@@\n... cut",
            "\n".join(armour("PRIVATE KEY").splitlines()[:6])),
    _within("pem cut at the beginning", "private-key", "... cut\n@@\nnext",
            "\n".join(armour("PRIVATE KEY").splitlines()[4:])),
    _within("putty", "private-key", "Private-Lines: 8\n@@\nPrivate-MAC: x",
            "\n".join(run(BASE64, 64) for _ in range(8))),
]  # fmt: skip
ALL = BARE + PLACED
