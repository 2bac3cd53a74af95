"""The clients of four other systems and native ones talk with each other at the same time, wherever ids allow it.

A workspace's channel is shared by all four and native clients, and so is a direct one; a group by all but the Slack clone's; a
room by the room chat's and native ones. What each has heard, what each is told when he asks and what a fold of the log from its
beginning gives must be the same.
"""

import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from dialects.mixed import POSTED, Conversation
from dialects.programs import Talker
from dialects.slack_clone.client import Slack
from harness.client import Circle
from harness.deployment import Serve
from harness.deployment import parley as tool
from harness.topology import Topology
from harness.waiting import until

LINES = 24  # of each client
PAGE = 200  # a conversation fits


class Running:
    """A deployment that may be stopped, where its projector keeps its state, and what `replay` must know of its log."""

    def __init__(self, deployment, state, *log):
        self.deployment, self.state, self.log = deployment, state, log

    @property
    def url(self):
        return self.deployment.url


def embedded(folder, request):
    server = Serve(folder, "--log", "embedded")
    return Running(server, server.data / "state", "--data", server.data)


def topology(folder, request):
    broker = request.getfixturevalue("broker")
    processes = Topology(folder, broker)
    log = ["--log", "kafka", "--brokers", broker.address, "--topic", processes.topic]
    return Running(processes, folder / "projector" / "state", *log)


@pytest.fixture(params=[pytest.param(shape, marks=pytest.mark.shape(shape.__name__), id=shape.__name__) for shape in [embedded, topology]])
def running(request, tmp_path):
    made = request.param(tmp_path / "parley", request)
    try:
        made.deployment.start()
        yield made
    finally:
        made.deployment.end()


class Place:
    """A channel, its native clients, and those of other systems who talk there."""

    def __init__(self, channel, owner, listener, speaker, *talkers):
        self.channel, self.owner, self.listener, self.speaker, self.talkers = channel, owner, listener, speaker, talkers

    def talk_natively(self):
        """By HTTP and over a socket in turns, with edits and retractions."""
        path = f"/v1/channels/{self.channel['id']}/messages"
        wrote = []
        for i in range(LINES):
            line = written(f"native says {i}")
            by_socket = {"channel_id": self.channel["id"], "text": line["text"]}
            seq = (self.speaker.ok("post_message", **by_socket) if i % 2 else self.owner.say(self.channel, line["text"]))["seq"]
            if i % 5 == 2:
                become(line, f"native means {i}")
                assert self.owner.patch(f"{path}/{seq}", {"text": line["now"]}).status_code == 200
            if i % 6 == 5:
                become(line, None)
                assert self.owner.delete(f"{path}/{seq}").status_code == 204
            wrote.append(line)
        return wrote

    def end_it(self, *users):
        """The last thing that is said; by two users, as nobody hears himself in the Slack clone's direct messages."""
        for user in users:
            user.say(self.channel, self.last_of(user))
        self.lasts = {user.id: self.last_of(user) for user in users}
        return [written(text) for text in self.lasts.values()]

    def last_of(self, user):
        return f"the last words of {user.id} in {self.channel['id']}"

    def last_for(self, talker):
        """What is the last that he hears."""
        is_direct = self.channel["kind"] == "direct"
        return [text for user, text in self.lasts.items() if not is_direct or talker.dialect != "slack_clone" or user != talker.user.id][-1]

    def events(self):
        """All that a native socket has heard of it."""
        events = []
        *_, last = self.lasts.values()
        while not (events and events[-1]["type"] == POSTED and events[-1]["message"]["text"] == last):
            events.append(self.listener.event(self.channel))
        versions = [event["version"] for event in events]
        assert versions == list(range(versions[0], versions[0] + len(versions))), "each once, in order"
        return events


def written(text):
    """What has been said, and what became of it: another text, or none."""
    return {"text": text, "now": text, "changes": 0}


def become(line, now):
    line.update(now=now, changes=line["changes"] + 1)


@pytest.fixture
def circle(running, circle_at):
    return circle_at(running)


@pytest.fixture
def scene(running, circle, tmp_path):
    """Four conversations of three users, and everybody who takes part in them, each with his socket open."""
    kim, lee, may = circle.users("kim", "lee", "may")
    slack = Slack(running.url, None, None)
    with ExitStack() as ending:
        ending.callback(slack.close)
        talker = talker_at(running, tmp_path, ending)
        socket = lambda user: ending.enter_context(user.socket())  # noqa: E731
        places = [
            channel_of_three(slack, talker, socket, socket(may), kim, lee, may),
            direct_of_two(talker, socket, socket(lee), kim, lee),
            open_group(talker, socket, socket(kim), kim, lee, may),
            room(talker, socket, socket(kim), kim, lee, may),
        ]
        talkers = [each for place in places for each in place.talkers]
        for each in talkers:
            each.ready()
        yield places, (kim, lee, may)


def talker_at(running, folder, ending):
    def start(dialect, user, where, **settings):
        name = f"{dialect} {user.id.split('-')[0]} {where}"
        made = Talker(running.url, folder, dialect, name, user, count=LINES, **settings)
        ending.callback(made.end)
        return made

    return start


def channel_of_three(slack, talker, socket, listener, kim, lee, may):
    """A workspace's channel, made by the Slack clone's calls."""
    for user in [kim, lee, may]:
        slack.ask("POST", "/user", {"username": user.id, "nickname": user.id, "email": user.id})
    workspace = slack.workspace(kim.id)
    id = slack.channel(workspace, kim.id)
    slack.invite(workspace, lee.id, may.id, channel=id)
    channel = until(lambda: (found := may.get(f"/v1/channels/{id}")).status_code == 200 and found.json())
    slacks = {"workspace": workspace, "channel": id}
    return Place(
        *(channel, kim, listener, socket(kim)),
        talker("slack_clone", kim, "channel", **slacks),
        talker("slack_clone", lee, "channel", **slacks),
        talker("room_chat", may, "channel", room=id),
        talker("pagenow", lee, "channel", conversation=id),
        talker("social_media", may, "channel", channel=channel["number"]),
    )


def direct_of_two(talker, socket, listener, kim, lee):
    channel = kim.direct(lee)
    return Place(
        *(channel, kim, listener, socket(kim)),
        talker("slack_clone", kim, "direct", receiver=lee.id),
        talker("slack_clone", lee, "direct", receiver=kim.id),
        talker("room_chat", kim, "direct", room=channel["id"]),
        talker("pagenow", lee, "direct", conversation=channel["id"]),
        talker("social_media", kim, "direct", channel=channel["number"]),
    )


def open_group(talker, socket, listener, kim, lee, may):
    channel = kim.group(lee, may, open=True)
    return Place(
        *(channel, kim, listener, socket(kim)),
        talker("room_chat", lee, "group", room=channel["id"]),
        talker("pagenow", kim, "group", conversation=channel["id"]),
        talker("social_media", may, "group", channel=channel["number"]),
    )


def room(talker, socket, listener, kim, lee, may):
    name = f"room-{secrets.token_hex(4)}"
    id = listener.ok("join_channel", room=name)["channel_id"]
    return Place(
        *(kim.read(f"/v1/channels/{id}"), kim, listener, socket(kim)),
        talker("room_chat", lee, "room", room=name),
        talker("room_chat", may, "room", room=name),
    )


def talk(places):
    """All at once; what each place's clients have written."""
    with ThreadPoolExecutor(len(places)) as pool:
        natives = [pool.submit(place.talk_natively) for place in places]
        for place in places:
            for talker in place.talkers:
                talker.go()
        return [
            native.result() + [line for talker in place.talkers for line in talker.wrote()] for place, native in zip(places, natives)
        ]


def history(user, place):
    return user.history(place.channel, limit=PAGE)["messages"]


def folded_anew(running, out):
    """Stops it; the state that a fold of the whole log gives takes the place of what it had, which is the same."""
    running.deployment.stop()
    done = tool("replay", *running.log, "--from", "0", "--out", out, deadline_s=120)
    assert done.returncode == 0, done.stderr
    same = tool("verify", running.state, out, deadline_s=120)
    assert same.returncode == 0, same.stdout + same.stderr
    shutil.rmtree(running.state)
    out.rename(running.state)
    running.deployment.start()


def test_clients_of_all_systems_talk_at_once_and_all_see_the_same(running, scene, tmp_path):
    places, (kim, lee, may) = scene
    wrote = talk(places)
    for place, lines in zip(places, wrote):
        lines += place.end_it(kim, lee)
        conversation = Conversation(place.channel, place.events(), history(kim, place))
        conversation.is_whole(lines)
        for talker in place.talkers:
            heard, told = talker.read(place.last_for(talker))
            conversation.heard(talker, heard)
            conversation.told(talker, told)
    before = [history(kim, place) for place in places]
    folded_anew(running, tmp_path / "folded")
    kim = Circle(running.url).known(kim)
    assert [history(kim, place) for place in places] == before
