from __future__ import annotations

import pytest

from tokenpak.engines.caveman import built_in, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The error is in the configuration of the server.", "en"),
        ("Der Fehler ist in der Konfiguration des Servers.", "de"),
        ("El error está en la configuración del servidor.", "es"),
        ("L'erreur est dans la configuration du serveur.", "fr"),
        ("L'errore è nella configurazione del server.", "it"),
        ("O erro está na configuração do servidor, não no código.", "pt-BR"),
        ("サーバーの設定に誤りがあります。", "ja"),
        ("服务器的配置有错误。", "zh"),
        ("server config error port timeout retry", None),
        ("서버 설정에 오류가 있습니다.", None),
        ("", None),
    ],
)
def test_language_of_a_sentence(text: str, language: str | None) -> None:
    found = detect(text, built_in())

    assert (found and found.language) == language
