"""The tables. Their history is in `migrations/`; a test holds the two together."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.columns import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Somebody on one channel (or a group of officers), with where they stand in their conversation.
people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(20), nullable=False),
    #: Where the platform delivers: a chat id, a web session.
    Column("address", String(200), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("blocked_at", Instant),
    #: `bot.flow.model.State` as JSON; empty: nothing in hand.
    Column("state", Text, nullable=False, server_default=""),
    #: Grows with every turn: two turns that began from the same state cannot both end.
    Column("version", Integer, nullable=False, server_default="0"),
    UniqueConstraint("channel", "address"),
)

#: Everything that was said to us, before anything is made of it.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("body", Text, nullable=False),
    #: new · done · failed
    Column("status", String(10), nullable=False, server_default="new"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    #: Somebody is at it until then; afterwards the sweep takes it up.
    Column("claimed_until", Instant),
    Column("received_at", Instant, nullable=False),
    #: What was decided and why, without personal data.
    Column("trace", Text, nullable=False, server_default=""),
    UniqueConstraint("channel", "external_id"),
    Index("ix_inbox_person", "person_id", "id"),
)
Index(
    "ix_inbox_open",
    inbox.c.claimed_until,
    sqlite_where=inbox.c.status == "new",
    postgresql_where=inbox.c.status == "new",
)

#: Every message owed to a person. `key` names its reason, so that it is owed once.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    #: 0 reply · 1 notice · 2 broadcast
    Column("lane", Integer, nullable=False),
    Column("body", Text, nullable=False),
    #: waiting · sending · sent · failed · expired · unknown
    Column("fate", String(10), nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("claimed_until", Instant),
    Column("expires_at", Instant),
    Column("receipt", String(200)),
    #: The last thing that went wrong, in our words.
    Column("trouble", String(200), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Index("ix_deliveries_person", "person_id", "id"),
)
Index(
    "ix_deliveries_open",
    deliveries.c.fate,
    deliveries.c.lane,
    deliveries.c.id,
    sqlite_where=deliveries.c.fate.in_(["waiting", "sending"]),
    postgresql_where=deliveries.c.fate.in_(["waiting", "sending"]),
)

files = Table(
    "files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)

officers = Table(
    "officers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False, unique=True),
    #: As colleagues and residents call them: "chị Lan".
    Column("name", String(100), nullable=False),
    Column("password_hash", String(200), nullable=False),
    #: A one-time password opens only the page where a new one is chosen.
    Column("must_change", Boolean, nullable=False, server_default="0"),
    Column("permissions", Text, nullable=False),
    Column("telegram_id", String(40), unique=True),
    #: Ties a Telegram account to this officer: sent once by its owner as ``/ketnoi <code>``.
    Column("link_code", String(40), unique=True),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    #: Hash of the cookie's value, so that the table opens no door.
    Column("id", String(64), primary_key=True),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False),
    Column("source", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_sign_ins_username", "username", "at"),
    Index("ix_sign_ins_source", "source", "at"),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    #: ho_so · lich_hen · phan_anh · gop_y
    Column("kind", String(20), nullable=False),
    Column("procedure", String(60), nullable=False),
    Column("procedure_name", String(300), nullable=False),
    Column("field", String(100), nullable=False, server_default=""),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    #: Who files, as written in the form; for lists and cards.
    Column("applicant", String(200), nullable=False, server_default=""),
    #: list of `bot.core.effects.Answer`
    Column("form", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("officer_id", ForeignKey("officers.id")),
    Column("due_at", Instant),
    #: The time stands still since then: something is awaited from the resident.
    Column("paused_at", Instant),
    Column("reminded", String(10), nullable=False, server_default=""),  # what the clock said last
    Column("opened_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
    #: Code, names and phones, folded without accents, for searching.
    Column("words", Text, nullable=False, server_default=""),
    Index("ix_dossiers_person", "person_id", "id"),
    Index("ix_dossiers_status", "status", "id"),
    Index("ix_dossiers_due", "status", "due_at"),
    Index("ix_dossiers_officer", "officer_id", "status"),
)

dossier_files = Table(
    "dossier_files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("file_id", ForeignKey("files.id"), nullable=False),
    Column("paper", String(60), nullable=False),
    Column("name", String(200), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("replaced_at", Instant),  # when something newer was sent for its paper
    Index("ix_dossier_files_dossier", "dossier_id"),
)

moves = Table(
    "moves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    #: Empty for the first.
    Column("from_status", String(20), nullable=False, server_default=""),
    Column("to_status", String(20), nullable=False),
    #: None: the resident did it.
    Column("officer_id", ForeignKey("officers.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    #: The due time that this step set; a step from a status to itself only sets it (“xin lỗi và hẹn lại”).
    Column("due_at", Instant),
    #: What has to be sent again: a JSON list of slots and papers.
    Column("wanted", Text, nullable=False, server_default="[]"),
    Index("ix_moves_dossier", "dossier_id", "id"),
)

#: Papers of the one-stop shop that a step calls for (Mẫu 01–04): owed with the step, drawn after it.
slips = Table(
    "slips",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    #: One step calls for one slip.
    Column("move_id", ForeignKey("moves.id"), nullable=False, unique=True),
    #: `bot.core.dossier.Slip`
    Column("kind", String(20), nullable=False),
    #: Counted for each kind and year.
    Column("number", Integer, nullable=False),
    #: None: not drawn yet.
    Column("file_id", ForeignKey("files.id")),
    Column("owed_at", Instant, nullable=False),
    Index("ix_slips_dossier", "dossier_id"),
)
Index(
    "ix_slips_open",
    slips.c.id,
    sqlite_where=slips.c.file_id.is_(None),
    postgresql_where=slips.c.file_id.is_(None),
)

#: Tries to look a dossier up by its code from an account that is not its own: they are counted.
lookups = Table(
    "lookups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("code", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_lookups_person", "person_id", "at"),
    Index("ix_lookups_code", "code", "at"),
)

#: What an officer works on; without a row: on everything, and not as a head.
duties = Table(
    "duties",
    metadata,
    Column("officer_id", ForeignKey("officers.id"), primary_key=True),
    #: A JSON list of fields of work (lĩnh vực); empty: all.
    Column("fields", Text, nullable=False, server_default="[]"),
    #: Leads the others, and is told of what nobody takes up.
    Column("head", Boolean, nullable=False, server_default="0"),
)

#: To whom a new dossier was offered, first, second, …
offers = Table(
    "offers",
    metadata,
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True),
    #: From 1. Two processes that offer at once meet here.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("officer_id", ForeignKey("officers.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_offers_officer", "officer_id", "at"),
)

#: Residents who want a person.
calls = Table(
    "calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("officer_id", ForeignKey("officers.id")),
    Column("answered_at", Instant),
)

#: Who looked at what, and who did what that leaves no other row.
audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("officer_id", ForeignKey("officers.id")),
    Column("action", String(40), nullable=False),
    Column("subject", String(120), nullable=False),
)

#: What people want to be told of by the ward.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    #: An id of `data/topics.yml`.
    Column("topic", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Index("ix_subscriptions_topic", "topic"),
)

#: Messages that were not understood, masked: each once, however many people sent it. Nobody's name is kept.
unclear = Table(
    "unclear",
    metadata,
    Column("id", Id, primary_key=True),
    #: Digest of what it says, without accents and signs. An officer may correct the text; the key stays, so
    #: that the message is known when it comes again.
    Column("key", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    #: What it was taken for when it came last.
    Column("intent", String(60), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("procedure", String(60), nullable=False, server_default=""),
    #: rasa · rules · search
    Column("source", String(20), nullable=False),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    #: open · labelled · aside
    Column("state", String(10), nullable=False, server_default="open"),
    #: What an officer says it means; without a procedure where none is meant.
    Column("label_intent", String(60), nullable=False, server_default=""),
    Column("label_procedure", String(60), nullable=False, server_default=""),
    Column("officer_id", ForeignKey("officers.id")),
    Column("settled_at", Instant),
    Index("ix_unclear_open", "state", "times", "last_at"),
    Index("ix_unclear_settled", "state", "settled_at"),
)

#: Codes by which what is unfinished moves to another account, each once.
handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    #: Of the code; the code itself is nowhere.
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    #: Used, or no longer good because a newer one was made.
    Column("used_at", Instant),
    Column("taken_by", ForeignKey("people.id")),
    Index("ix_handovers_person", "person_id"),
)

#: Half hours at a counter that somebody has booked once: the row that two who want the same one wait for.
half_hours = Table(
    "half_hours",
    metadata,
    #: An id of `data/counters.yml`.
    Column("counter", String(40), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
)

#: Who comes when. Moved to another half hour, an appointment ends and another one begins.
appointments = Table(
    "appointments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dossier_id", ForeignKey("dossiers.id"), nullable=False),
    Column("counter", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False),
    #: booked · cancelled · moved · kept · missed
    Column("state", String(10), nullable=False, server_default="booked"),
    Column("booked_at", Instant, nullable=False),
    #: When it was no longer booked, and which officer said so; None: the resident.
    Column("settled_at", Instant),
    Column("officer_id", ForeignKey("officers.id")),
    Index("ix_appointments_half_hour", "counter", "starts_at"),
    Index("ix_appointments_dossier", "dossier_id", "id"),
)
#: One dossier has one appointment at a time.
Index(
    "ix_appointments_booked",
    appointments.c.dossier_id,
    unique=True,
    sqlite_where=appointments.c.state == "booked",
    postgresql_where=appointments.c.state == "booked",
)
Index(
    "ix_appointments_coming",
    appointments.c.starts_at,
    sqlite_where=appointments.c.state == "booked",
    postgresql_where=appointments.c.state == "booked",
)

#: How satisfied a resident is with how a dossier was dealt with: asked once, answered or not.
ratings = Table(
    "ratings",
    metadata,
    Column("dossier_id", ForeignKey("dossiers.id"), primary_key=True, autoincrement=False),
    Column("asked_at", Instant),
    #: 1 (not satisfied) to 4 (very satisfied); None: no answer yet.
    Column("score", Integer),
    Column("why", Text, nullable=False, server_default=""),
    #: They want to be called.
    Column("call", Boolean, nullable=False, server_default="0"),
    Column("rated_at", Instant),
)

#: Numbers that grow, such as the day's dossiers.
counters = Table(
    "counters",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Integer, nullable=False),
)
