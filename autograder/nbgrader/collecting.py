"""Takes from the exchange only what its owner handed in.

nbgrader lets a student state another's name (``nbgrader submit --student``), and warns at most.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.exchange.default.collect import ExchangeCollect

_Record = Mapping[str, Any]  # nbgrader's: username, filename, timestamp


class OwnersCollect(ExchangeCollect):
    """nbgrader's `collect`, in which the owner of the files decides whose hand-in it is.

    With ``c.ExchangeCollect.check_owner = False`` it believes the stated name, as where one account
    serves everybody.
    """

    src_records: list[_Record]

    def init_src(self) -> None:
        """Choose what to collect: of each student the newest of their own."""
        super().init_src()
        self.src_records = [record for record in self.src_records if self._is_theirs(record)]

    def _sort_by_timestamp(self, records: Sequence[_Record]) -> Any:
        # nbgrader takes the first that fits: another's, though newer, must not stand before theirs.
        theirs = [record for record in records if self._is_theirs(record)]
        for record in records if self.check_owner else ():
            if record not in theirs:
                owner, claimed = self._owner(record), record["username"]
                self.log.error("Not collected: %(filename)s", record)
                self.log.error("  it names %s, and is owned by %s", claimed, owner)
        return super()._sort_by_timestamp(theirs or records)

    def _is_theirs(self, record: _Record) -> bool:
        return not self.check_owner or self._owner(record) == record["username"]

    def _owner(self, record: _Record) -> str:
        """Return the account that made a hand-in; a number where there is none any more."""
        path = Path(self.inbound_path, record["filename"])
        try:
            return path.owner()
        except KeyError:
            return str(path.stat().st_uid)
