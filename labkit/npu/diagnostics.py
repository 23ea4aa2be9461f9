"""What each diagnostic means: what to do about it, and what a device does instead of telling.

The codes are those of `npu-replay`. Symptoms are of an Ascend 910B, from public documentation and
issue trackers: nobody ran them here.
"""

from typing import NamedTuple

ERROR, WARNING = "error", "warning"
_BAD_ADDRESS = "the vector core stops: error 507035"
_TIMEOUT = "the kernel hangs until the stream's timeout: error 507014 or 507034"
_SILENT = "wrong data, without a word"


class Advice(NamedTuple):
    """What goes with one code."""

    hint: str
    symptom: str


_RACE = (
    "Put EnQue and DeQue of one queue between the two, or SetFlag and WaitFlag of that event: "
    "pipes run beside each other."
)

ADVICE: dict[str, Advice] = {
    # Unified Buffer
    "UB_OVERFLOW": Advice(
        "Use smaller tiles or fewer buffers: InitBuffer counts bytes, not elements.",
        "nothing at once; later instructions reach beyond the buffer",
    ),
    "BUF_COUNT": Advice("One TPipe has at most 64 buffers: reuse a TBuf.", "undefined"),
    "BUF_ZERO": Advice("InitBuffer wants bytes: length * sizeof(T).", "undefined"),
    "UB_OOB": Advice("Check offsets and counts against the buffer's length.", _BAD_ADDRESS),
    "UB_TENSOR_OOB": Advice(
        "The tensor ends earlier: InitBuffer counts bytes, DataCopy and vector calls elements.",
        f"{_SILENT}: a neighbouring buffer changes",
    ),
    "UB_MISALIGNED": Advice(
        "Offsets into a LocalTensor must be multiples of 32 bytes: 16 halfs, 8 floats.",
        "errors 507015 or 507035, errcode 0x10 in the log",
    ),
    "UNINIT_READ": Advice(
        "Copy or compute the data first; Duplicate can fill what a reduction also reads.",
        "whatever an earlier kernel left there",
    ),
    "OVERLAP": Advice(
        "Source and destination may be the same, or apart; not shifted over each other.", _SILENT
    ),
    # Copies
    "COPY_NOT_32B": Advice("Use DataCopyPad, which counts in bytes.", "the tail stays as it was"),
    "COPY_PARAM": Advice(
        "blockCount is 1 to 4095, blockLen 1 to 65535 (in 32 bytes; of DataCopyPad in bytes, up "
        "to 2097151), padding at most 32 bytes.",
        _SILENT,
    ),
    "REPEAT_RANGE": Advice("repeatTime is at most 255: split the work.", _SILENT),
    "MASK_RANGE": Advice(
        "A repeat has 128 elements of 16 bits, 64 of 32 bits.",
        "as many as a repeat has are worked on; with a mask of 0, none",
    ),
    "COUNT_NOT_256": Advice(
        "Round the count up to 256 bytes of data: the buffer needs the room.",
        "the tail's bits stay as they were",
    ),
    "DEQ_SCALE_NOT_SET": Advice(
        "Call SetDeqScale(half(1)) before; or cast to float, and that to half.", _SILENT
    ),
    # Global memory
    "GM_OOB": Advice(
        "Compare offset + count with the array's length; the last block often has less to do.",
        f"errcode 0x800000 far outside; just outside, {_SILENT}",
    ),
    "GM_TENSOR_OOB": Advice("SetGlobalBuffer was given fewer elements than are used.", _SILENT),
    "TENSOR_NOT_SET": Advice("AllocTensor, DeQue or TBuf.Get give a tensor its memory.", "a crash"),
    "GM_NOT_SET": Advice("Call SetGlobalBuffer first.", "errcode 0x800000"),
    "GM_MISALIGNED": Advice("A GM address is a multiple of the element's size.", _SILENT),
    "GM_CORE_CONFLICT": Advice(
        "Give every block its own part: offset by GetBlockIdx() * blockLength; or SyncAll().",
        "another result on each run",
    ),
    "GM_UNINIT": Advice("Write it first: SyncAll() stands between writer and reader.", _SILENT),
    "GM_UNWRITTEN": Advice("Is a DataCopy to global memory missing?", _SILENT),
    "GM_GAP": Advice("Is the tail copied out, and every tile?", "the gap keeps what it held"),
    "MATMUL_SHAPE": Advice("Compare the tiling with the matrices.", _SILENT),
    # Order
    "RACE_RAW": Advice(_RACE, _SILENT),
    "RACE_WAR": Advice(_RACE, _SILENT),
    "RACE_WAW": Advice(_RACE, _SILENT),
    "SYNC_DEADLOCK": Advice("Every WaitFlag needs a SetFlag of the same event and id.", _TIMEOUT),
    "SYNC_DOUBLE_SET": Advice("WaitFlag comes before the next SetFlag of that id.", _TIMEOUT),
    "SYNC_LEFTOVER": Advice("Await every flag before the kernel ends.", "the next kernel is wrong"),
    "SYNC_IDLE": Advice("Is a DataCopy missing beside this flag?", _SILENT),
    "EVENT_ID_EXHAUSTED": Advice(
        "A type of event has 8 ids: at most 8 buffers of a position at once.", _TIMEOUT
    ),
    "EVENT_ID_RANGE": Advice("Use ids 0 to 5: 6 and 7 are the system's.", _TIMEOUT),
    # Queues
    "QUE_NOT_INIT": Advice("pipe.InitBuffer(queue, number, bytes) comes first.", "a crash"),
    "TBUF_NOT_INIT": Advice("pipe.InitBuffer(buffer, bytes) comes first.", "a crash"),
    "QUE_NO_FREE_BUFFER": Advice("FreeTensor what AllocTensor gave, in each round.", _TIMEOUT),
    "QUE_EMPTY": Advice("EnQue comes before DeQue.", _TIMEOUT),
    "QUE_STATE": Advice("AllocTensor, EnQue, DeQue, FreeTensor: in this order.", _SILENT),
    "QUE_DEPTH": Advice("DeQue before the next EnQue, or a deeper queue.", _TIMEOUT),
    "QUE_DOUBLE_FREE": Advice("FreeTensor once for each AllocTensor.", _SILENT),
    "QUE_FOREIGN_TENSOR": Advice("A tensor goes back to the queue that gave it.", _SILENT),
    "QUE_LEAK": Advice("FreeTensor every tensor before the kernel ends.", _TIMEOUT),
    "QUE_DROPPED": Advice("Is a DataCopy to global memory missing?", _SILENT),
    "POSITION": Advice("Copy in to VECIN, compute to VECOUT, copy out from VECOUT.", _SILENT),
    # The rest
    "TYPE_UNSUPPORTED": Advice("Cast to a type that the 910B's vector unit has.", "no build"),
    "CPP_UNSUPPORTED": Advice("Device code has no such C++.", "bisheng refuses it"),
    "ASSERT_FAILED": Advice("The kernel's own check failed.", "the kernel stops"),
    "RAW_POINTER": Advice("Use GetValue, SetValue and vector calls.", "no check of any kind"),
    "VALUE_MISMATCH": Advice(
        "Only calls of the API count: plain C++ pointers into GM or UB are seen by nobody.",
        "cores and pipes do not see the write in time",
    ),
}


def advice(code: str) -> Advice:
    """Return what goes with `code`; empty words for one that is not known."""
    return ADVICE.get(code, Advice("", ""))
