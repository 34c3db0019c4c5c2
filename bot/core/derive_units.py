"""Makes ``data/units`` anew: ``python -m bot.core.derive_units <vietnamadminunits>/data data/units``.

The package (PyPI, MIT) holds the units of today, those until 30/6/2025, and which became which. Only names,
codes and that relation are kept, a line each and sorted, so that a change can be read in a diff.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: (province, ward), or (province, district, ward), by the source's keys.
Key = tuple[str, ...]


def derive(source: Path) -> dict[str, list[str]]:
    """The lines of each file of ``data/units``."""
    today, before, became = (
        json.loads((source / name).read_text(encoding="utf-8"))
        for name in ("parser_from_2025.json", "parser_legacy.json", "converter_2025.json")
    )
    provinces = {key: one["province"] for key, one in today["DICT_PROVINCE"].items()}
    wards: dict[Key, dict[str, Any]] = {
        (province, key): one
        for part in ("DICT_PROVINCE_WARD_NO_ACCENTED", "DICT_PROVINCE_WARD_ACCENTED")
        for province, these in today[part].items()
        for key, one in these.items()
    }
    codes = {key: one["wardCode"] for key, one in wards.items()}
    return {
        "wards.tsv": sorted(
            f"{one['wardCode']}\t{_small(one['ward'])}\t{_province(provinces[province])}"
            for (province, _), one in wards.items()
        ),
        "old_wards.tsv": list(_old(before, _successors(became), codes)),
    }


def _successors(became: dict[str, Any]) -> dict[Key, list[Key]]:
    """Each old ward and the wards that have taken it over, the largest part first."""
    found: dict[Key, list[Key]] = defaultdict(list)
    for province, these in became["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in these.items():
            for old in olds:
                found[_key(old)].append((province, ward))
    for province, divided in became["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            for part in sorted(parts, key=lambda one: not one["isDefaultNewWard"]):
                found[_key(old)].append((province, part["newWardKey"]))
    return found


def _key(old: str) -> Key:
    return tuple(old.split("_"))


def _old(before: dict[str, Any], successors: dict[Key, list[Key]], codes: dict[Key, str]) -> Iterable[str]:
    """A line for each district, and below it, set in, its wards.

    Of a ward: name, codes of what it is today, and names it had until earlier mergers.
    """
    provinces = {key: one["province"] for key, one in before["DICT_PROVINCE"].items()}
    districts = {
        (_province(provinces[province]), _small(one["district"])): (province, key)
        for province, these in before["DICT_PROVINCE_DISTRICT"].items()
        for key, one in these.items()
    }
    for names in sorted(districts):
        province, district = districts[names]
        wards: dict[str, dict[str, Any]] = {}
        for part in ("DICT_PROVINCE_DISTRICT_WARD_NO_ACCENTED", "DICT_PROVINCE_DISTRICT_WARD_ACCENTED"):
            wards |= before[part].get(province, {}).get(district, {})
        lines = []
        for key, ward in wards.items():
            # An island district has no wards: it became a special zone as a whole.
            name = _small(ward["ward"]) if isinstance(ward["ward"], str) else ""
            heirs = successors[province, district, key if name else ""]
            now = " ".join(codes[one] for one in dict.fromkeys(heirs))
            lines.append("\t".join(("", name, now, _also(key, ward["wardKeywords"]))).rstrip("\t"))
        yield "\t".join(names)
        yield from sorted(lines)


def _also(key: str, words: Iterable[str]) -> str:
    """Older names in the source's spelling, without accents, spaces and kind: "binhan binhkhanh".

    Other spellings of the name itself (Vỹnh for Vĩnh) are left out: `bot.core.places` reads y as i.
    """
    known, own = set(words), key.replace("y", "i")
    names = {word.removeprefix(kind) for word in known for kind in _KINDS if word.startswith(kind)}
    return " ".join(
        sorted(
            name
            for name in names
            if (name in known or name.isdigit())
            and not name.startswith("0")
            and not own.endswith(name.replace("y", "i"))
        )
    )


_KINDS = ("phuong", "xa", "thitran")


def _small(name: str) -> str:
    """As in a sentence: "phường Bình Hòa"."""
    return name[:1].lower() + name[1:]


def _province(name: str) -> str:
    """Cities that are provinces keep their capital: "Thành phố Huế", but "thành phố Thuận An"."""
    return name if name.startswith("Thành phố") else _small(name)


def main(source: str, target: str) -> None:
    for name, lines in derive(Path(source)).items():
        (Path(target) / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
