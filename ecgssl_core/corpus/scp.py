"""The SCP statements of PTB-XL, and the SNOMED CT codes that the challenges of 2020 and 2021 gave them."""

import re

LEFT_AXIS, RIGHT_AXIS = "39732003", "47665007"
# PTB-XL's words for the axis of the heart; the others (MID, AXL, AXR, SAG) are neither of the two deviations
AXES = {"LAD": LEFT_AXIS, "ALAD": LEFT_AXIS, "RAD": RIGHT_AXIS, "ARAD": RIGHT_AXIS}
# scored classes as the challenge's headers have them; below, unscored ones whose totals over PTB-XL in the challenge's
# tables agree with the statement's within 2 %. Infarctions and ischaemia have no one code each, and are left out
SNOMED = {
    "SR": "426783006",
    "NORM": "426783006",
    "1AVB": "270492004",
    "AFIB": "164889003",
    "AFLT": "164890007",
    "CRBBB": "713427006",
    "IRBBB": "713426002",
    "LAFB": "445118002",
    "CLBBB": "164909002",
    "LVOLT": "251146004",
    "IVCD": "698252002",
    "PAC": "284470004",
    "PACE": "10370003",
    "LPR": "164947007",
    "LNGQT": "111975006",
    "QWAVE": "164917005",
    "SARRH": "427393009",
    "SBRAD": "426177001",
    "STACH": "427084000",
    "INVT": "59931005",
    "SVARR": "63593006",
    "NDT": "164934002",
    "NT_": "164934002",
    "TAB_": "164934002",
    "LOWT": "164934002",
    "PVC": "164884008",
    "ABQRS": "164951009",
    "AMI": "54329005",
    "ISCAN": "426434006",
    "ISCIN": "425419005",
    "ISCLA": "425623009",
    "2AVB": "195042002",
    "3AVB": "27885002",
    "ILBBB": "251120003",
    "LAO/LAE": "67741000119109",
    "RAO/RAE": "446358003",
    "LPFB": "445211001",
    "LVH": "164873001",
    "RVH": "89792004",
    "SEHYP": "266249003",
    "NST_": "55930002",
    "STD_": "429622005",
    "STE_": "164931005",
    "SVTAC": "426761007",
    "PSVT": "67198005",
    "BIGU": "11157007",
    "TRIGU": "251180001",
    "WPW": "74390002",
}
_STATEMENT = re.compile(r"\s*'([A-Z0-9_/()]{1,10})'\s*:\s*(\d{1,3}(?:\.\d{1,6})?)\s*")


def statements(text: str) -> dict[str, float]:
    """Give the statements of a cell `scp_codes`, each with its likelihood in percent; 0 means that nobody said one.

    Raises:
        ValueError: the cell holds anything else.
    """
    inner = text.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        raise ValueError(f"scp_codes is {{'NORM': 100.0, …}}, not {text[:40]!r}")
    found = {}
    for part in filter(str.strip, inner[1:-1].split(",")):
        match = _STATEMENT.fullmatch(part)
        if match is None:
            raise ValueError(f"scp_codes holds no statement in {part.strip()[:40]!r}")
        found[match[1]] = float(match[2])
    return found


def with_snomed(codes: tuple[str, ...], axis: str) -> tuple[str, ...]:
    """Give statements with the SNOMED CT codes that they and the heart's axis stand for, each once.

    Args:
        codes: SCP statements.
        axis: PTB-XL's word for it; empty where nobody said.
    """
    meant = [SNOMED[code] for code in codes if code in SNOMED]
    return tuple(dict.fromkeys([*codes, *meant, *([AXES[axis]] if axis in AXES else [])]))
