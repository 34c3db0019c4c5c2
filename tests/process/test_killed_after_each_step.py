"""A power cut at any moment: nothing is lost, nothing is doubled."""

from tests.process.scene import Scene
from tests.process.story import Told, whole_way


def test_killed_after_every_step_the_story_is_the_same(undisturbed: Told, scene: Scene) -> None:
    scene.process.start()
    lived = []
    for step in whole_way(scene):
        scene.settled()
        lived.append((step, scene.told()))
        scene.process.kill()
        scene.process.start()
    scene.settled()
    assert lived == undisturbed
    assert scene.told() == undisturbed[-1][1]


def test_killed_the_moment_a_message_is_written_down(scene: Scene) -> None:
    """Answered after the restart: once, or twice if it died while sending. Never not at all."""
    deadly = {"câu hỏi", "05/11/2026", "ảnh", "nộp", "viết lý do"}
    scene.process.start()
    for step in whole_way(scene):
        if step in deadly:
            deadly.remove(step)
            scene.struck_down()
        else:
            scene.settled()
    assert not deadly
    assert scene.rows("SELECT count(*) FROM dossiers") == [(1,)]
    assert scene.rows("SELECT status, count(*) FROM inbox GROUP BY status") == [("done", scene.heard())]
    assert scene.rows("SELECT fate FROM deliveries GROUP BY fate") == [("sent",)]
    once_or_twice = {said: scene.told().count(said) for said in scene.told() if "Mã hồ sơ" in said}
    assert list(once_or_twice.values()) in ([1], [2])


def test_killed_while_sending_it_is_sent_again(scene: Scene) -> None:
    scene.process.start()
    scene.settled()
    scene.double.fault("silence", method="sendMessage")
    scene.hoa.says("xin chào")
    scene.double.wait_for(lambda state: state["calls"].get("sendMessage"))
    scene.process.kill()
    assert scene.hoa.got() == []
    scene.process.start()
    scene.settled()
    (answer,) = scene.hoa.got()
    assert "chào anh/chị" in answer["text"]


def test_what_is_said_while_it_is_down_is_answered_once_in_order(scene: Scene) -> None:
    scene.process.start()
    scene.settled()
    scene.process.kill()
    scene.hoa.taps("/StartFlow(phan_anh)", scene.hoa.says("xin chào"), forged=True)
    scene.hoa.says("đồng ý")
    scene.process.start()
    scene.settled()
    said = [message["text"] for message in scene.hoa.got()]
    assert [words in text for words, text in zip(("chào", "kể giúp", "việc gì"), said, strict=True)] == [
        True
    ] * 3
