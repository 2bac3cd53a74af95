"""Who may include whom: the folders of the house, what each may know, and which library is used where."""

PARTS = {"ingest", "projector", "broadcaster", "query-api"}
LIBRARIES = {"core", "codec", "eventlog", "store", "keys", "search", "fold", "migrate", "net", "runtime", "service", "auth", "api", "dialect", "limit", "s3"}

# Every folder may include its own headers; besides those only these. `schemas` is the code generated from schemas/.
MAY_INCLUDE = {
    "core": set(),
    "runtime": set(),
    "eventlog": set(),
    "store": set(),
    "search": {"core"},
    "net": {"runtime"},
    "limit": {"runtime"},
    "s3": set(),
    "codec": {"core", "schemas"},
    "keys": {"core", "codec", "schemas", "eventlog", "store", "runtime"},
    "fold": {"core", "codec", "eventlog", "store", "keys", "runtime"},
    "migrate": {"core", "codec", "eventlog", "store", "keys", "fold", "runtime"},
    "auth": {"core", "runtime"},
    "api": {"auth", "codec", "core", "documents", "limit", "net", "runtime"},  # documents: what the build makes of schemas/public
    "dialect": {"api", "auth", "codec", "core", "limit", "net", "runtime"},
    "service": {"core", "codec", "schemas", "runtime"},
    "app": LIBRARIES | PARTS | {"schemas"},
    # A part may use any library but what it is to know nothing of, and never another part.
    "ingest": LIBRARIES - {"store"} | {"schemas"},
    "projector": LIBRARIES - {"net"} | {"schemas"},
    "broadcaster": LIBRARIES | {"schemas"},
    "query-api": LIBRARIES - {"eventlog"} | {"schemas"},
}

# A header whose name begins so may be included only by files below these folders.
ONLY_IN = {
    "nlohmann/": ["lib/codec/", "lib/auth/", "lib/dialect/"],
    "boost/beast": ["lib/net/"],
    "curl/": ["lib/auth/"],
    "sodium": ["lib/auth/"],
    "librdkafka/": ["lib/eventlog/kafka/"],
    "rocksdb/": ["lib/eventlog/embedded/", "lib/store/"],
    "grpc": ["lib/service/"],
    "xapian": ["lib/search/"],
    "prometheus/": ["lib/runtime/"],
    "spdlog/": ["lib/runtime/"],
    "CLI/": ["app/"],
}
