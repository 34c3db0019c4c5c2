"""What the ward makes known, as replies: news by topic, neighbourhoods, and who wants to be told of what."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.catalogue.load import Catalogue
from bot.catalogue.phrases import PhraseFinder
from bot.catalogue.public import Entry, Neighbourhood, PublicInformation
from bot.core import payload
from bot.core.calendar import ZONE
from bot.core.messages import Button, Reply
from bot.services.wording import say
from bot.store.people import Person
from bot.store.tx import Tx

#: Entries shown at once.
PAGE = 6
#: Below this, the words of an entry were met by chance.
SURE = 0.6

Search = Callable[[str], Sequence[tuple[str, float]]]


class Bulletin:
    def __init__(self, public: PublicInformation, catalogue: Catalogue, search: Search) -> None:
        """`search` finds entries by words, best first, each with a score from 0 to 1."""
        self._public = public
        self._say = public.topics.sentences
        self._catalogue = catalogue
        self._search = search
        self._places = PhraseFinder(
            {one: (one.name, *one.names) for one in public.neighbourhoods.neighbourhoods}
        )
        self._asked_by = {one.intent: one.id for one in public.topics.topics if one.intent}

    def topic_asked_by(self, intent: str) -> str | None:
        """The topic that people ask for with this intent of the NLU."""
        return self._asked_by.get(intent)

    def news(self, topic: str | None, page: int, now: datetime) -> Reply:
        """A page of what holds today, newest first, a button each."""
        one = self._public.topics.get(topic) if topic else None
        entries = self._public.of(one.id if one else None, _day(now))
        page = min(max(page, 1), max(1, -(-len(entries) // PAGE)))
        shown = entries[(page - 1) * PAGE : page * PAGE]
        buttons = [Button(title=entry.title, payload=payload.write("Read", entry.id)) for entry in shown]
        if page * PAGE < len(entries):
            rest = ([one.id] if one else ["tat_ca"]) + [str(page + 1)]
            buttons.append(Button(title=self._say.button_more, payload=payload.write("News", *rest)))
        if one is not None:
            buttons.append(Button(title=self._say.button_follow, payload=payload.write("Follow", one.id)))
        buttons.append(Button(title=self._say.button_topics, payload="/Topics"))
        if one is None:
            text = self._say.news if entries else self._say.no_news
        else:
            text = say(self._say.news_of if entries else self._say.no_news_of, topic=one.name)
        return Reply(text=text, buttons=tuple(buttons))

    def read(self, entry_id: str, now: datetime) -> Reply | None:
        """One entry with its source; None if there is none of that name, or it no longer holds."""
        entry = self._public.entries.get(entry_id)
        if entry is None or not entry.holds_on(_day(now)):
            return None
        return self._entry(entry)

    def find(self, text: str, now: datetime) -> Reply | None:
        """The neighbourhood or the entry that these words are about; None if they are about neither."""
        place = self._places.of(text)
        if place is not None:
            return self._neighbourhood(place)
        for entry_id, score in self._search(text):
            if score < SURE:
                return None
            if (reply := self.read(entry_id, now)) is not None:
                return reply
        return None

    # -- following ------------------------------------------------------------------------------

    def topics(self, tx: Tx, person: Person) -> Reply:
        """What can be followed, and what this person follows."""
        return self._choice(tx, person, self._say.choose)

    def follow(self, tx: Tx, person: Person, topic: str, now: datetime) -> Reply:
        known = self._public.topics.get(topic)
        if known is None:
            return self.topics(tx, person)
        tx.subscriptions.follow(person.id, known.id, now)
        return self._choice(tx, person, say(self._say.added, topic=known.name))

    def unfollow(self, tx: Tx, person: Person, topic: str | None) -> Reply:
        """Stop one topic, or all of them."""
        tx.subscriptions.unfollow(person.id, topic)
        if topic is None:
            return Reply(text=self._say.removed_all, buttons=(self._topics_button(),))
        known = self._public.topics.get(topic)
        return self._choice(tx, person, say(self._say.removed, topic=known.name if known else topic))

    def _choice(self, tx: Tx, person: Person, lead: str) -> Reply:
        followed = tx.subscriptions.of(person.id)
        names = [one.name for one in self._public.topics.topics if one.id in followed]
        state = say(self._say.following, topics=", ".join(names)) if names else self._say.following_none
        buttons = [
            Button(
                title=say(self._say.button_unfollow if one.id in followed else "{topic}", topic=one.name),
                payload=payload.write("Unfollow" if one.id in followed else "Follow", one.id),
            )
            for one in self._public.topics.topics
        ]
        if names:
            buttons.append(Button(title=self._say.button_stop, payload="/Unfollow"))
        return Reply(text=f"{lead}\n{state}", buttons=tuple(buttons))

    # -- pieces ---------------------------------------------------------------------------------

    def _entry(self, entry: Entry) -> Reply:
        text = say(
            self._say.entry,
            title=entry.title,
            text=entry.text,
            source=entry.source.name,
            as_of=entry.source.month,
        )
        buttons = [
            Button(title=known.name, payload=payload.write("Ask", "overview", known.id))
            for one in entry.procedures
            if (known := self._catalogue.get(one))
        ]
        if entry.link:
            buttons.insert(0, Button(title=self._say.button_link, url=entry.link))
        topic = payload.write("News", entry.topic)
        return Reply(text=text, buttons=(*buttons, Button(title=self._say.button_news, payload=topic)))

    def _neighbourhood(self, place: Neighbourhood) -> Reply:
        known = [
            say(sentence, value=value)
            for sentence, value in (
                (self._say.head, place.head),
                (self._say.office, place.office),
                (self._say.phone, place.phone),
            )
            if value
        ]
        told = "\n".join(known) or self._say.neighbourhood_unknown
        source = self._public.neighbourhoods.source
        text = say(
            self._say.neighbourhood, name=place.name, told=told, source=source.name, as_of=source.month
        )
        return Reply(text=text, buttons=(self._topics_button(),))

    def _topics_button(self) -> Button:
        return Button(title=self._say.button_topics, payload="/Topics")


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()
