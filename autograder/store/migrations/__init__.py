"""How an older store becomes a newer one. `HEAD` is the revision this program reads and writes."""

HEAD = "0001"
VERSION_TABLE = "autograder_version"
