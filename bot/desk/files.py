"""The papers residents sent: never from a public folder, each look written down."""

from starlette.responses import FileResponse, Response

from bot.core.permissions import READ
from bot.desk.desk import Desk, NotFound, Visit, number
from bot.desk.dossier import SHOWN_AS_PICTURE
from bot.desk.guard import needs
from bot.store.dossiers import DossierFile
from bot.store.slips import DrawnSlip
from bot.store.tx import Tx

#: What may be shown inside the browser; everything else is saved as a file.
_INLINE = SHOWN_AS_PICTURE | {"application/pdf"}


@needs(READ)
async def dossier_file(desk: Desk, visit: Visit) -> Response:
    """A file of this dossier, and only of this one: a paper of its resident's, or a slip of ours."""
    which = number(visit.request.path_params["dossier"])
    wanted = visit.request.path_params["file"]

    def find(tx: Tx) -> DossierFile | DrawnSlip | None:
        files: list[DossierFile | DrawnSlip] = [*tx.dossiers.files_of(which), *tx.slips.of_dossier(which)]
        return next((file for file in files if file.file == wanted), None)

    file = await desk.db.read(find)
    path = desk.blobs.path(file.file) if file is not None else None
    if file is None or path is None:
        raise NotFound
    about = f"{which}/{file.file}"
    await desk.db.write(lambda tx: tx.officers.note(visit.officer.id, "file_read", about, visit.now))
    inline = file.mime in _INLINE and not visit.asked("save")
    return FileResponse(
        path,
        media_type=file.mime,
        filename=file.name,
        content_disposition_type="inline" if inline else "attachment",
        headers={
            "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; frame-ancestors 'none'"
        },
    )
