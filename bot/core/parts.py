"""What the models of our YAML files share."""

from typing import Annotated

import pydantic
from pydantic import ConfigDict, StringConstraints

#: Ids name things of the ward: Vietnamese without accents, words joined by "_".
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
#: Ids of choices travel inside button payloads, so they are shorter still.
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=20)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Part(pydantic.BaseModel):
    """What all parts share: they cannot change, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)
