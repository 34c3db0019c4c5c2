"""Serves the model in use at once, has a new one trained beside it, and changes over when that is in use."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from bot.core.errors import MotCuaError
from bot.understanding.rasa import RasaReader
from bot.understanding.server import RasaServer
from bot.understanding.shelf import Card, Shelf
from bot.understanding.training import ModelRefused

log = logging.getLogger(__name__)

#: What became of the model of the present files.
News: TypeAlias = Literal["training", "refused", "failed", "none"]


class Upkeep:
    """One for each program. Which model is in use stands in the folder, and whoever writes there is followed:
    a training of ours, a training elsewhere, `motcua nlu use`.
    """

    def __init__(
        self,
        server: RasaServer,
        reader: RasaReader,
        shelf: Shelf,
        train: Callable[[], Awaitable[None]],
        *,
        look: float = 2.0,
    ) -> None:
        """`train`: makes, tries and puts in use what is missing. `look`: seconds between two looks."""
        self._server = server
        self._reader = reader
        self._shelf = shelf
        self._train = train
        self._look = look
        self._wake = asyncio.Event()
        self._training: asyncio.Task[None] | None = None
        #: What a training was begun for.
        self._tended: tuple[str, ...] = ()
        self.serving: Card | None = None
        self.news: News = "none"

    async def run(self) -> None:
        """Until it is cancelled."""
        seen = self._seen()
        await self._serve()
        self._begin_training()
        try:
            while True:
                self._wake.clear()
                try:
                    async with asyncio.timeout(self._look):
                        await self._wake.wait()
                except TimeoutError:
                    pass
                if seen != (seen := self._seen()):
                    await self._serve()
        finally:
            if self._training is not None:
                self._training.cancel()
                await asyncio.gather(self._training, return_exceptions=True)

    def _seen(self) -> tuple[object, ...]:
        """Another one when there may be something to do: the choice is another, a training has ended, or Rasa
        died, which it also does of an archive that was changed.
        """
        ended = self._training is not None and self._training.done()
        return (self._shelf.stamp(), self._server.falls, ended)

    async def _serve(self) -> None:
        """Serve what is in use, if it is not served already."""
        choice = await asyncio.to_thread(self._shelf.choose)
        if choice.troubles != self._tended:
            for trouble in choice.troubles:
                log.error("%s", trouble)
        card = choice.card
        if card is None:
            self.serving = None
            await self._server.stop()
        elif self.serving is None or card.sha256 != self.serving.sha256:
            async with self._reader.held():
                taken = await self._server.take(self._shelf.archive(card.model))
            if taken or self.serving is None:
                self.serving = card
                log.info("the model %s, trained %s, is in use", card.model, card.trained)
            else:
                log.error(
                    "Rasa không đọc được mô hình %s (của phiên bản khác?). Vẫn dùng %s.",
                    card.model,
                    self.serving.model,
                )
                await asyncio.to_thread(self._shelf.use, self.serving.model, anyway=True)
        # once for the same trouble: the training may be refused, or fail
        if not choice.troubles or (choice.troubles != self._tended and self._begin_training()):
            self._tended = choice.troubles

    def _begin_training(self) -> bool:
        """False if one is under way."""
        if self._training is not None and not self._training.done():
            return False
        self.news = "training"
        self._training = asyncio.create_task(self._have_trained(), name="nlu-training")
        return True

    async def _have_trained(self) -> None:
        try:
            await self._train()
            self.news = "none"
        except ModelRefused as error:
            self.news = "refused"
            log.warning("%s", error)
        except MotCuaError as error:
            self.news = "failed"
            log.error("%s", error)
        except Exception:
            self.news = "failed"
            log.exception("the training ended badly")
        finally:
            asyncio.get_running_loop().call_soon(self._wake.set)  # when we are done
