"""`rasa data validate` for data/nlu: Rasa's own checks of intents and examples; a warning is an error."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

import yaml

NLU = Path(__file__).resolve().parent
ROOT = NLU.parent


def complaints(examples: Path, config: Path) -> list[str]:
    """Everything Rasa's validator finds wrong with the examples. Needs `start_light` before."""
    from rasa.shared.importers.rasa import RasaFileImporter
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.validator import Validator

    said: list[str] = []
    with _Listening(said), tempfile.TemporaryDirectory() as folder:
        # Rasa wants to know the intents from a domain too; ours are those of the examples.
        domain = Path(folder) / "domain.yml"
        intents = sorted(load_data(str(examples)).intents)
        domain.write_text(yaml.safe_dump({"version": "3.1", "intents": intents}), encoding="utf-8")
        importer = RasaFileImporter(
            config_file=str(config), domain_path=str(domain), training_data_paths=[str(examples)]
        )
        validator = Validator.from_importer(importer)
        passed = (
            validator.verify_domain_validity(),
            validator.verify_intents(ignore_warnings=False),
            validator.verify_example_repetition_in_intents(ignore_warnings=False),
        )
    if not all(passed) and not said:
        said.append("Rasa refuses the examples without saying why")
    return said


class _Listening(logging.Handler):
    """Collects warnings, whoever logs or warns."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())

    def __enter__(self) -> None:
        self._warn = warnings.showwarning
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = self._warned
        logging.getLogger().addHandler(self)

    def _warned(self, message: Warning | str, category: type[Warning], *rest: object) -> None:
        if issubclass(category, UserWarning):
            self._said.append(str(message))

    def __exit__(self, *failure: object) -> None:
        warnings.showwarning = self._warn
        logging.getLogger().removeHandler(self)


def main() -> None:
    """Say what is wrong and fail if anything is."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    sys.path.insert(0, str(NLU))
    from light import start_light

    start_light()
    found = complaints(ROOT / "data" / "nlu", ROOT / "config.yml")
    for line in found:
        print(line)
    print(f"rasa data validate: {len(found)} complaints")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
