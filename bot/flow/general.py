"""The form of a procedure that has none of its own: who files, what for, and the procedure's papers."""

from bot.core.form import AskedPaper, Field, FieldType, Form, General
from bot.core.procedure import Paper, Procedure

OTHER_PAPERS = "giay_khac"
#: A list that is longer names the papers alone; no channel takes a message of over 2,000 letters whole.
LONGEST_LIST = 1200


def has_general_form(procedure: Procedure) -> bool:
    """Can it be filed online?"""
    return any(way.how == "online" for way in procedure.ways)


def general_form(procedure: Procedure, general: General) -> tuple[Form, tuple[Field, ...]]:
    """The form, and the question that comes after its papers, if there is one.

    Papers that are always needed have a question each; those needed in some cases share one, which lists
    them: nobody is asked eight times for what they need not have.
    """
    sent = [paper for paper in procedure.papers if paper.upload and not paper.present]
    always = [paper for paper in sent if paper.required and paper.when is None]
    sometimes = [paper for paper in sent if paper not in always]
    form = Form(
        minutes=general.minutes,
        intro=general.intro.replace("{thu_tuc}", procedure.name),
        fields=general.fields,
        people=general.people,
        papers=tuple(AskedPaper(id=paper.id) for paper in always),
        after=general.after[procedure.decided_by].replace("{co_quan}", procedure.decided_by_name or ""),
    )
    return form, (_others(general, sometimes),) if sometimes else ()


def _others(general: General, papers: list[Paper]) -> Field:
    words = general.other_papers
    listed = _listed([_named(paper) for paper in papers])
    if len(listed) > LONGEST_LIST:
        # The cases are in the answer about papers; here it has to stay one message.
        listed = _listed([paper.name for paper in papers])
    return Field(
        id=OTHER_PAPERS,
        label=words.label,
        ask=words.ask.replace("{giay_to}", listed),
        help=words.help,
        type=FieldType.FILE,
        required=False,
        multiple=True,
    )


def _listed(names: list[str]) -> str:
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _named(paper: Paper) -> str:
    return f"{paper.name} ({paper.when})" if paper.when else paper.name
