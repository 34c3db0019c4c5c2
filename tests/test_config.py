"""The settings: from one file and the environment, or all mistakes at once, and no secret among them."""

from pathlib import Path

import pytest

from bot.config import RASA_KEYS, ROOT, ConfigError, Settings, load_settings
from bot.core.content import read_yaml


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.upper().startswith("MOTCUA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path):
    def write(text: str = "ward: {name: Bình Hòa}\n") -> Path:
        path = tmp_path / "config.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as error:
        load_settings(path)
    return error.value.problems


def test_the_wards_own_file_is_good_and_every_key_of_it_is_known(tmp_path):
    settings = load_settings(ROOT / "config.yml", env_file=tmp_path / "none")
    keys = read_yaml(ROOT / "config.yml").value.keys()

    assert keys - RASA_KEYS <= Settings.model_fields.keys()
    assert settings.ward.name
    assert settings.database.startswith("sqlite:///")


def test_the_environment_wins_over_the_env_file_and_that_over_config_yml(config, tmp_path, monkeypatch):
    path = config("ward: {name: A}\nsending: {per_second: 1, max_attempts: 1, patience_seconds: 1}\n")
    (tmp_path / ".env").write_text("MOTCUA_SENDING__PER_SECOND=2\nMOTCUA_SENDING__MAX_ATTEMPTS=2\n")
    monkeypatch.setenv("MOTCUA_SENDING__PER_SECOND", "3")

    sending = load_settings(path).sending
    assert (sending.per_second, sending.max_attempts, sending.patience_seconds) == (3, 2, 1)


def test_all_mistakes_are_listed_at_once_each_with_its_place(config, monkeypatch):
    path = config("ward:\n  nmae: A\nsending:\n  per_second: fast\nfiles: {max_mb: 999}\nchanels: {}\n")
    monkeypatch.setenv("MOTCUA_PORT", "99999")
    monkeypatch.setenv("MOTCUA_PROT", "1")
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "mysql://u:mat-khau@h/d")
    problems = "\n".join(problems_of(path))

    for place in (
        "config.yml:2",
        "config.yml:4",
        "config.yml:5",
        "config.yml:6",
        "MOTCUA_PORT",
        "MOTCUA_PROT",
    ):
        assert place in problems
    assert 'Did you mean "name"' in problems
    assert "MOTCUA_DATABASE_URL" in problems
    assert "mat-khau" not in problems


@pytest.mark.parametrize(
    "line",
    ["database_url: mysql://u:s3cret@h/d", "telegram_token: [s3cret]", "rest_token: {a: s3cret}"],
)
def test_a_secret_in_the_wrong_file_is_not_shown_either(config, line):
    problems = problems_of(config(f"ward: {{name: A}}\n{line}\n"))
    assert problems
    assert "s3cret" not in "\n".join(problems)


def test_settings_printed_show_no_secret(config, monkeypatch):
    for name in ("TELEGRAM_TOKEN", "RASA_TOKEN", "REST_TOKEN"):
        monkeypatch.setenv(f"MOTCUA_{name}", "s3cret")
    monkeypatch.setenv("MOTCUA_DATABASE_URL", "postgresql://u:s3cret@h/d")
    settings = load_settings(config())

    assert settings.database == "postgresql://u:s3cret@h/d"
    assert "s3cret" not in repr(settings) + str(settings)


def test_a_config_that_is_no_yaml_or_is_missing_is_said_with_its_line(config, tmp_path):
    assert "config.yml:3" in problems_of(config("ward:\n  name: [a\n"))[0]
    assert problems_of(tmp_path / "nowhere.yml")


def test_the_example_names_every_setting():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    sections = read_yaml(ROOT / "config.yml").value.keys()

    missing = [
        name
        for name in Settings.model_fields
        if name not in sections and f"MOTCUA_{name.upper()}=" not in example
    ]
    assert not missing
    assert "MOTCUA_SENDING__PER_SECOND" in example
