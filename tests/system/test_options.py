"""How the executable is told what to do, and what it says when it can't."""

import json
import re
import socket
import subprocess

import pytest

from harness.deployment import BINARY, parley
from harness.ports import free_port
from harness.process import Process

COMMANDS = ["serve", "ingest", "projector", "broadcaster", "query-api", "token", "replay", "verify"]


def refused(result, *words):
    """It ended with an error, said in one clear line what is wrong, and nothing of its inside."""
    assert result.returncode not in (0, None) and result.returncode > 0, result
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert lines, "it said nothing"
    text = result.stderr + result.stdout
    for word in words:
        assert word in text, text
    for inside in ["terminate called", "what():", "Assertion", "core dumped", "Traceback", "    #0"]:
        assert inside not in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_each_option_with_its_default(command):
    result = parley(command, "--help")
    assert result.returncode == 0
    assert "--help" in result.stdout
    if command == "serve":
        for option in ["--listen", "--data", "--log", "--brokers", "--partitions", "--dev", "--rate-limits", "--idle-timeout"]:
            assert re.search(rf"^\s.*{option}\b", result.stdout, re.MULTILINE), option
        assert "127.0.0.1:8080" in result.stdout


@pytest.mark.parametrize("value, valid", [("off", True), ("90s", True), ("1 h", True), ("250", True), ("25h", False), ("3parsec", False)])
def test_the_idle_timeout_is_off_or_a_duration(value, valid):
    assert (parley("serve", "--check-config", "--idle-timeout", value).returncode == 0) is valid


def test_help_lists_the_commands():
    listed = parley("--help").stdout
    for command in COMMANDS:
        assert command in listed


@pytest.mark.parametrize(
    "arguments,word",
    [
        (["serve", "--nonsense"], "--nonsense"),
        (["serve", "--log", "paper"], "paper"),
        (["serve", "--partitions", "0"], "partitions"),
        (["serve", "--partitions", "x"], "partitions"),
        (["serve", "--partitions", "-1"], "partitions"),
        (["serve", "--listen", "nowhere"], "nowhere"),
        (["serve", "--listen", "127.0.0.1:99999"], "99999"),
        (["serve", "--dev", "perhaps"], "perhaps"),
        (["serve", "--auth-jwks-url", "issuer.example/jwks.json"], "issuer.example/jwks.json"),
        (["serve", "--auth-jwks-url", "file:///etc/passwd"], "file:///etc/passwd"),
        (["serve", "--auth-jwks-url", "https://"], "https://"),
        (["serve", "--auth-jwks-refresh-ms", "5"], "refresh-ms"),
        (["serve", "--dev", "off"], "--auth-jwks-url"),
        (["serve", "--log-level", "loud"], "loud"),
        (["serve", "--data", ""], "--data"),
        (["serve", "--brokers", ""], "--brokers"),
        (["serve", "--topic", "a b"], "a b"),
        (["serve", "--topic", ""], "--topic"),
        (["serve", "--keys-topic", "a/b"], "a/b"),
        (["serve", "--kafka-properties", "linger.ms=5,acks=1"], "acks"),
        (["serve", "--kafka-properties", "metadata.broker.list=other:9092"], "metadata.broker.list"),
        (["serve", "--auth-user-claim", ""], "--auth-user-claim"),
        (["serve", "--auth-user-claim", "|"], "--auth-user-claim"),
        (["serve", "--s3-endpoint", "https://s3.example"], "--s3-bucket"),
        (["serve", "--s3-bucket", "uploads"], "--s3-endpoint"),
        (["query-api", "--s3-endpoint", "foo", "--s3-bucket", "uploads", "--s3-credentials-file", "file"], "foo"),
        (["replay", "--out", ""], "--out"),
        (["fly"], "fly"),
        (["fly", "--help"], "fly"),
        (["serve", "extra"], "extra"),
        (["token"], ""),
    ],
)
def test_a_bad_option_is_one_clear_line(tmp_path, arguments, word):
    result = parley(*arguments, "--check-config", cwd=tmp_path)
    refused(result, word)
    assert result.returncode == 2
    assert not list(tmp_path.iterdir())


def test_what_can_not_be_printed_is_a_failure(tmp_path):
    (tmp_path / "secret").write_text("a secret of more than thirty-two characters")
    with open("/dev/full", "wb") as full:
        result = subprocess.run([BINARY, "token", "a", "--data", tmp_path], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 1
    assert "standard output" in result.stderr


def test_development_mode_is_refused_where_others_can_reach_it(tmp_path):
    refused(parley("serve", "--listen", "0.0.0.0:0", "--data", tmp_path / "d", "--dev", "on"), "dev")


def test_a_data_folder_that_can_not_be_used_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", file), str(file))
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", file / "below"), str(file))
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", "/proc/nothing"), "/proc/nothing")


def test_a_data_folder_in_use_is_refused(serve):
    server = serve()
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", server.data), str(server.data))


def test_a_port_in_use_is_refused(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(parley("serve", "--listen", f"127.0.0.1:{port}", "--data", tmp_path / "d"), str(port))


def test_a_broker_that_is_not_there_is_refused(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", tmp_path / "d", "--log", "kafka", "--brokers", address), address)


def test_a_number_of_partitions_other_than_the_logs_own_is_refused(serve):
    server = serve("--partitions", "4")
    server.stop()
    refused(parley("serve", "--listen", "127.0.0.1:0", "--data", server.data, "--partitions", "8"), "partitions")


def test_check_config_says_whether_it_would_start_and_starts_nothing(tmp_path):
    data = tmp_path / "d"
    assert parley("serve", "--check-config", "--listen", "127.0.0.1:0", "--data", data).returncode == 0
    assert not data.exists()
    refused(parley("serve", "--check-config", "--log", "paper"), "paper")
    refused(parley("serve", "--check-config", "--listen", "0.0.0.0:0", "--dev", "on"), "dev")


# --- flag over variable over file
def test_a_flag_goes_before_a_variable_and_a_variable_before_the_file(tmp_path):
    """Each names another port; which one it was is in the ready line."""
    in_file, in_variable, in_flag = (f"127.0.0.1:{free_port()}" for _ in range(3))
    file = tmp_path / "parley.conf"
    file.write_text(f'listen = "{in_file}"\n')
    variable = {"PARLEY_LISTEN": in_variable}
    assert listens_at(tmp_path, "--config", file) == in_file
    assert listens_at(tmp_path, "--config", file, env=variable) == in_variable
    assert listens_at(tmp_path, "--config", file, "--listen", in_flag, env=variable) == in_flag


def listens_at(tmp_path, *options, env=None):
    server = Process([BINARY, "serve", "--data", tmp_path / "d", *options], tmp_path / "log", env)
    try:
        return server.ready().removeprefix("http://")
    finally:
        server.kill()


@pytest.mark.parametrize("variable", ["PARLEY_OPERATORS", "PARLEY_PARTITIONS", "PARLEY_CONFIG"])
def test_an_empty_variable_counts_as_not_given_and_takes_nothing_from_the_command_line(variable):
    off = ["serve", "--dev=off", "--check-config"]
    refused(parley(*off, env={variable: ""}), "--auth-secret-file")
    assert parley("serve", "--check-config", env={variable: ""}).returncode == 0


def test_an_empty_value_is_an_empty_value():
    refused(parley("serve", "--operators=", "--dev=off", "--check-config"), "--auth-secret-file")
    refused(parley("serve", "--operators", "", "--dev=off", "--check-config"), "--auth-secret-file")
    refused(parley("serve", "--dev=", "off", "--check-config"), "--dev")
    refused(parley("serve", "--auth-secret-file=", "--dev=off", "--check-config", env={"PARLEY_AUTH_SECRET_FILE": "file"}), "--auth-secret-file")


@pytest.mark.parametrize("option", ["--operators", "--config", "--listen"])
def test_an_option_is_never_the_value_of_another(option):
    refused(parley("serve", option, "--dev=off", "--check-config"), f"{option} needs a value")
    refused(parley("serve", "--check-config", option), f"{option} needs a value")
    assert parley("serve", "--check-config", "--operators=--dev=off").returncode == 0


def check_file(tmp_path, text):
    file = tmp_path / "parley.conf"
    file.write_text(text)
    return parley("serve", "--config", file, "--check-config")


@pytest.mark.parametrize(
    "line",
    [
        "operators = alice,bob",
        "dialects = slack_clone,pagenow",
        "dialects = 'slack_clone,pagenow'",
        "trusted-proxies = 127.0.0.1,10.0.0.0/8",
        "kafka-properties = a=b,c=d",
        "kafka-properties = sasl.password=two words",
        "brokers = k1:9092,k2:9092",
        "; a comment\r\n# and another\r\nlisten = 127.0.0.1:0\r",
        "auth-issuer =\noperators =",
    ],
)
def test_a_line_of_the_file_is_an_option(tmp_path, line):
    result = check_file(tmp_path, line + "\n")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "text,words",
    [
        ("\nnonsense = 1\n", ["line 2", "nonsense"]),
        ("listen = 127.0.0.1:0\nlisten = 127.0.0.1:0\n", ["line 2", "line 1", "listen"]),
        ("--listen = 127.0.0.1:0\n", ["line 1", "--listen"]),
        ("[serve]\n", ["line 1"]),
        ("listen\n", ["line 1"]),
        ("config = other.conf\n", ["line 1", "config"]),
        ("check-config = true\n", ["line 1", "check-config"]),
        ("listen =\n", ["listen"]),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_and_named(tmp_path, text, words):
    refused(check_file(tmp_path, text), *words)


def test_an_empty_value_in_the_file_takes_nothing_from_the_command_line(tmp_path):
    file = tmp_path / "parley.conf"
    file.write_text("operators =\n")
    refused(parley("serve", "--dev=off", "--config", file, "--check-config"), "--auth-secret-file")


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path):
    for file in [tmp_path / "parley.conf", tmp_path, "/dev/null"]:
        refused(parley("serve", "--config", file, "--check-config"), str(file))


def test_logs_are_json_lines_when_no_one_reads_them(serve):
    server = serve()
    server.stop()
    lines = (server.folder / "serve.log").read_text().splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)
